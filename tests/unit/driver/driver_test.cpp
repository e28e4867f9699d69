// The driver without a command line, on file systems in memory.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "driver/build.hpp"
#include "driver/difference.hpp"
#include "driver/verify.hpp"
#include "support/memory_fs.hpp"

using namespace meshfed;

namespace {

constexpr const char* kFederation = R"(version = 1

[federation]
name = "demo"

[defaults]
istio = "1.31"
dns_capture = true
mtls = "strict"

[mesh.east-mesh]
[mesh.west-mesh]
[network.east-network]
[network.west-network]

[cluster.east]
mesh = "east-mesh"
network = "east-network"

[cluster.west]
mesh = "west-mesh"
network = "west-network"
gateway.addresses = ["203.0.113.1"]

[export.httpbin]
namespace = "httpbin"
canonical_name = "httpbin"
ports = [{ name = "http", number = 8000 }]
from = ["west-mesh"]
to = ["east-mesh"]
service_accounts = ["httpbin"]
)";

/// What whoever calls the driver has to have.
struct Caller {
  testing::MemoryFs fs;
  source::Manager files;
  diag::Sink sink;
  std::vector<driver::Progress> progress;

  Caller() { fs.put("federation.toml", kFederation); }

  driver::Job job() {
    return {.fs = fs, .files = files, .sink = sink, .progress = [this](const driver::Progress& p) {
              progress.push_back(p);
            }};
  }

  void edit(const std::string& old, const std::string& by) {
    std::string text = *fs.bytes("federation.toml");
    text.replace(text.find(old), old.size(), by);
    fs.put("federation.toml", text);
  }
};

}  // namespace

TEST_CASE("a build says cluster by cluster what it wrote, and a tree that was built verifies") {
  Caller caller;
  const driver::Built built = driver::build(caller.job(), {});
  CHECK(caller.sink.errors() == 0);
  CHECK(built.publication.clusters == std::vector<std::string>{"east", "west"});
  CHECK(built.publication.changed());
  CHECK_FALSE(built.commits);
  REQUIRE(caller.progress.size() == 3);
  CHECK(caller.progress.front().done == 0);
  CHECK(caller.progress.back().done == 2);
  CHECK(caller.progress.back().files == built.publication.totals[0].created + built.publication.totals[1].created);
  CHECK(caller.fs.bytes("out/east/kustomization.yaml"));

  CHECK_FALSE(driver::verify(caller.job(), {}).differs());
  CHECK_FALSE(driver::build(caller.job(), {}).publication.changed());
}

TEST_CASE("what differs is found, file by file and object by object, and nothing is written") {
  Caller caller;
  driver::build(caller.job(), {});
  caller.edit("8000", "8001");
  caller.fs.forget();

  const driver::Publication found = driver::verify(caller.job(), {});
  CHECK(found.differs());
  CHECK(found.summaries[0].changed == std::vector<std::string>{"east/httpbin/httpbin.mesh.global.yaml"});
  const diff::Difference difference = driver::difference(caller.job(), caller.fs, {});
  REQUIRE_FALSE(difference.empty());
  CHECK(difference.clusters.size() == 2);
  const auto is_entry = [](const diff::Change& change) { return change.id.starts_with("ServiceEntry."); };
  CHECK(std::any_of(difference.changes.begin(), difference.changes.end(), is_entry));
  CHECK(driver::build(caller.job(), {.publish = {.dry_run = true}}).publication.changed());
  CHECK(caller.fs.changes().empty());
  CHECK(caller.sink.errors() == 0);
}

TEST_CASE("a comparison of objects reads each published file once, however much differs") {
  Caller caller;
  driver::build(caller.job(), {});
  caller.edit("8000", "8001");
  caller.fs.forget();
  REQUIRE_FALSE(driver::difference(caller.job(), caller.fs, {}).empty());
  std::map<std::string, int> reads;
  for (const testing::MemoryFs::Event& event : caller.fs.events())
    if (event.call == testing::MemoryFs::Call::read && event.path.starts_with("out/")) ++reads[event.path];
  CHECK(reads.contains("out/east/.meshfedc.lock"));
  CHECK(reads.contains("out/east/httpbin/httpbin.mesh.global.yaml"));
  for (const auto& [path, count] : reads) CHECK_MESSAGE(count == 1, path);
}

TEST_CASE("what is wrong is in the sink, and nothing is published") {
  Caller caller;
  caller.edit("to = [\"east-mesh\"]", "to = [\"nowhere\"]");
  caller.fs.forget();
  CHECK(driver::build(caller.job(), {}).publication.clusters.empty());
  CHECK(caller.sink.errors() == 1);
  CHECK(driver::build_stream(caller.job(), {}).empty());
  CHECK(caller.fs.changes().empty());
}

TEST_CASE("a build of some clusters leaves the others alone, and a stream writes nothing") {
  Caller caller;
  driver::build(caller.job(), {.selection = {.clusters = {"west"}, .shard = {}}});
  CHECK(caller.fs.bytes("out/west/kustomization.yaml"));
  CHECK_FALSE(caller.fs.bytes("out/east/kustomization.yaml"));
  caller.fs.forget();
  const std::string stream = driver::build_stream(caller.job(), {});
  CHECK(stream.starts_with("# cluster: east\n---\n"));
  CHECK(stream.find("# cluster: west\n---\n") != std::string::npos);
  CHECK(caller.fs.changes().empty());
}
