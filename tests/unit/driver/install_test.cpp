// The tree of what installs istiod beside the other one, on file systems in memory.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "driver/build.hpp"
#include "driver/difference.hpp"
#include "driver/part.hpp"
#include "driver/verify.hpp"
#include "support/memory_fs.hpp"

using namespace meshfed;

namespace {

constexpr const char* kFederation = R"(version = 1
[federation]
name = "demo"
[defaults]
istio = "1.31.1"
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
install = "helm"
[export.httpbin]
namespace = "httpbin"
canonical_name = "httpbin"
ports = [{ name = "http", number = 8000 }]
from = ["west-mesh"]
to = ["east-mesh"]
service_accounts = ["httpbin"]
)";

struct Caller {
  testing::MemoryFs fs;
  source::Manager files;
  diag::Sink sink;

  Caller() { fs.put("federation.toml", kFederation); }
  driver::Job job() { return {.fs = fs, .files = files, .sink = sink}; }

  void edit(const std::string& old, const std::string& by) {
    std::string text = *fs.bytes("federation.toml");
    text.replace(text.find(old), old.size(), by);
    fs.put("federation.toml", text);
  }
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("names of the two parts") {
  using driver::Part;
  CHECK(driver::directory(Part::federation, "out/") == "out/");
  CHECK(driver::directory(Part::install, "out/") == "out-install");
  CHECK(driver::directory(Part::install, "a/out") == "a/out-install");
  for (const char* out : {".", "..", "a/..", "./", "/"}) CHECK_FALSE(driver::has_name(out));
  for (const char* out : {"out", "a/out/", "../out"}) CHECK(driver::has_name(out));
  for (const Part part : {Part::federation, Part::install}) {
    const std::string key = driver::key(part, "west");
    CHECK(driver::part_of(key) == part);
    CHECK(driver::cluster_of(key) == "west");
  }
}

TEST_CASE("clusters that ask have a directory in the other tree") {
  Caller caller;
  const driver::Built built = driver::build(caller.job(), {});
  CHECK(caller.sink.errors() == 0);
  CHECK(built.publication.clusters == Names{"east", "west", "west"});
  CHECK(built.publication.clusters_of(driver::Part::install) == Names{"west"});
  CHECK(built.publication.summary(false).ends_with(" in 2 clusters"));
  CHECK(caller.fs.bytes("out-install/west/istiod-values.yaml"));
  CHECK_FALSE(caller.fs.exists("out-install/east"));
  CHECK_FALSE(driver::verify(caller.job(), {}).differs());
}

TEST_CASE("without an installation nothing stands beside the output directory") {
  Caller caller;
  caller.edit("install = \"helm\"\n", "");
  driver::build(caller.job(), {});
  CHECK_FALSE(caller.fs.exists("out-install"));
}

TEST_CASE("a build with a cache knows both trees") {
  Caller caller;
  const driver::BuildOptions options{.cache = {.directory = "/cache", .version = "1"}};
  caller.edit("[federation]", "[federation]\naccept = [\"MF0311\"]");
  driver::build(caller.job(), options);
  caller.fs.put("out-install/west/namespace.yaml", "mine");
  caller.sink = {};
  driver::build(caller.job(), options);
  CHECK(caller.sink.errors() == 1);
}

TEST_CASE("differences of both trees are named apart") {
  Caller caller;
  driver::build(caller.job(), {});
  caller.edit("\"1.31.1\"", "\"1.31.0\"");
  caller.edit("\"helm\"", "\"sail\"");
  const driver::Publication found = driver::verify(caller.job(), {});
  CHECK(found.differences("out").find("missing out-install/west/istio.yaml\n") != std::string::npos);
  const diff::Difference difference = driver::difference(caller.job(), caller.fs, {});
  Names clusters;
  for (const diff::Cluster& cluster : difference.clusters) clusters.push_back(cluster.name);
  CHECK(clusters == Names{"east", "west", "west/install"});
}

TEST_CASE("a directory goes with its installation, and nobody else's does") {
  Caller caller;
  driver::build(caller.job(), {});
  caller.edit("install = \"helm\"\n", "");
  driver::build(caller.job(), {.out = "elsewhere-install"});
  driver::build(caller.job(), {.out = "elsewhere"});
  driver::build(caller.job(), {});
  CHECK_FALSE(caller.fs.exists("out-install/west"));
  CHECK(caller.fs.exists("elsewhere-install/west"));
}

TEST_CASE("a directory without a name has none beside it") {
  Caller caller;
  driver::build(caller.job(), {.out = "."});
  CHECK(caller.sink.errors() == 1);
  CHECK_FALSE(caller.fs.exists("west"));
}
