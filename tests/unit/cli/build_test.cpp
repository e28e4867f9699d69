#include "cli/command/build.hpp"

#include <doctest/doctest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <vector>

#include "driver/publication.hpp"
#include "shell.hpp"

using namespace meshfed;
using testing::contains;
using testing::MemoryFs;
using testing::Shell;

namespace {

constexpr const char* kHostFile = "out/east-cluster/httpbin/httpbin.mesh.global.yaml";

std::size_t count_lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

std::string without(std::string text, const std::string& part) {
  text.erase(text.find(part), part.size());
  return text;
}

}  // namespace

TEST_CASE("build publishes all clusters, says so, and then finds nothing to do") {
  Shell shell;
  CHECK(shell.run({"build"}) == 0);
  CHECK(shell.err.ends_with(" files written, 0 unchanged, 0 removed in 2 clusters\n"));
  CHECK(count_lines(shell.err) == 1);
  CHECK(shell.prints == 0);
  CHECK(shell.fs.exists(kHostFile));
  CHECK(shell.fs.exists("out/west-cluster/.meshfedc.lock"));

  shell.fs.forget();
  CHECK(shell.run({"build", "--exit-code"}) == 0);
  CHECK(shell.err.starts_with("0 files written, "));
  CHECK(shell.fs.changes().empty());
}

TEST_CASE("a quiet command prints results and diagnostics, and says nothing else") {
  Shell shell;
  CHECK(shell.run({"build", "-q"}) == 0);
  CHECK(shell.err.empty());
  CHECK(shell.fs.exists(kHostFile));
  CHECK(shell.run({"check", "--quiet"}) == 0);
  CHECK(shell.err.empty());
  CHECK(shell.run({"diff", "-q"}) == 0);
  CHECK(contains(shell.out, "no differences"));
  shell.replace("mtls = \"strict\"", "mtls = \"permissive\"");
  CHECK(shell.run({"build", "-q", "--dry-run"}) == 0);
  CHECK(contains(shell.out, "change out/"));
  CHECK(contains(shell.err, "MF0607"));
  CHECK(contains(shell.err, "\n1 warning\n"));
  CHECK_FALSE(contains(shell.err, "unchanged"));
  CHECK(shell.run({"init", "-q", "new.toml"}) == 0);
  CHECK(shell.err.empty());
}

TEST_CASE("--exit-code tells whether anything changed") {
  Shell shell;
  CHECK(shell.run({"build", "--exit-code", "--dry-run"}) == 1);
  CHECK(shell.run({"build", "--exit-code"}) == 1);
  CHECK(shell.run({"build", "--exit-code", "--dry-run"}) == 0);
  CHECK(shell.out.empty());
}

TEST_CASE("a dry run lists what it would do and does none of it") {
  Shell shell;
  CHECK(shell.run({"build", "--dry-run", "-o", "deploy"}) == 0);
  CHECK(contains(shell.out, "create deploy/east-cluster/httpbin/httpbin.mesh.global.yaml\n"));
  CHECK(contains(shell.err, " files to write, 0 unchanged, 0 to remove in 2 clusters\n"));
  CHECK(shell.prints == 1);
  CHECK(shell.fs.changes().empty());
  CHECK(!shell.fs.exists("deploy"));

  shell.run({"build"});
  shell.replace("number = 8000", "number = 8001");
  CHECK(shell.run({"build", "--dry-run"}) == 0);
  CHECK(contains(shell.out, "change out/east-cluster/httpbin/httpbin.mesh.global.yaml\n"));
  shell.replace("gateway.addresses = [\"203.0.113.1\"]",
                "gateway.addresses = [\"203.0.113.1\"]\ngateway.pending = true");
  CHECK(shell.run({"build", "--dry-run"}) == 0);
  CHECK(contains(shell.out, "remove out/east-cluster/istio-system/network-west-network.yaml\n"));
}

TEST_CASE("nothing is published unless everything is right") {
  Shell shell;
  shell.replace("from = [\"west-mesh\"]", "from = [\"wset-mesh\"]");
  CHECK(shell.run({"build"}) == 2);
  CHECK(contains(shell.err, "MF0301"));
  CHECK(!contains(shell.err, "files written"));
  CHECK(shell.fs.changes().empty());
}

TEST_CASE("a file that was edited is refused, and no cluster is touched") {
  Shell shell;
  shell.run({"build"});
  shell.fs.put(kHostFile, "mine\n");
  shell.replace("number = 8000", "number = 8001");
  shell.fs.forget();
  CHECK(shell.run({"build"}) == 3);
  CHECK(contains(shell.err, "error[MF0901]: `out/east-cluster/httpbin/httpbin.mesh.global.yaml` was edited by hand"));
  CHECK(shell.fs.changes().empty());

  CHECK(shell.run({"build", "--force", "--dry-run"}) == 0);
  CHECK(contains(shell.err, "to overwrite: `out/east-cluster/httpbin/httpbin.mesh.global.yaml`"));
  CHECK(shell.fs.changes().empty());
  CHECK(shell.run({"build", "--force"}) == 0);
  CHECK(contains(
      shell.err,
      "overwrote `out/east-cluster/httpbin/httpbin.mesh.global.yaml`, which was edited or not written by meshfedc\n"));
  CHECK(shell.fs.bytes(kHostFile) != "mine\n");
}

TEST_CASE("the output of another federation is refused") {
  Shell shell;
  shell.run({"build"});
  shell.replace("name = \"demo\"", "name = \"prod\"");
  CHECK(shell.run({"build"}) == 3);
  CHECK(contains(shell.err, "MF0908"));
}

TEST_CASE("another build at work is refused") {
  Shell shell;
  shell.fs.put_directory("out");
  const auto lock = shell.fs.try_lock("out");
  CHECK(shell.run({"build"}) == 3);
  CHECK(contains(shell.err, "error[MF0909]: another build is writing to `out`"));
  CHECK(shell.run({"build", "--dry-run"}) == 0);
}

TEST_CASE("an output directory that is none, or cannot be written, is said so") {
  Shell shell;
  shell.fs.put("file", "x");
  CHECK(shell.run({"build", "-o", "file"}) == 3);
  CHECK(contains(shell.err, "MF0905"));
  CHECK(shell.run({"build", "-o", "file", "--dry-run"}) == 3);
  CHECK(contains(shell.err, "MF0905"));
  CHECK(contains(shell.err, "\n1 error\n"));

  shell.fs.fail(MemoryFs::Call::write, 3, ENOSPC);
  CHECK(shell.run({"build"}) == 4);
  CHECK(contains(shell.err, "error[MF0910]: cannot write `out/"));
  CHECK(contains(shell.err, "No space left on device"));
  CHECK(!contains(shell.err, "files written"));
  CHECK(shell.run({"build"}) == 0);
}

TEST_CASE("--cluster and --shard compile a part and remove nothing") {
  Shell shell;
  shell.run({"build"});
  shell.fs.forget();
  shell.replace("number = 8000", "number = 8001");
  CHECK(shell.run({"build", "--cluster", "east-cluster"}) == 0);
  CHECK(contains(shell.err, " in 1 cluster\n"));
  CHECK(!shell.fs.touched("out/west-cluster/.meshfedc.lock"));
  CHECK(shell.fs.exists("out/west-cluster/.meshfedc.lock"));
  CHECK(shell.run({"build", "--cluster", "east-cluster", "--cluster", "west-cluster"}) == 0);
  CHECK(contains(shell.err, " in 2 clusters\n"));
  CHECK(shell.run({"build", "--shard", "2/2"}) == 0);
  CHECK(contains(shell.err, " in 1 cluster\n"));
}

TEST_CASE("a cluster that is unknown, and a shard out of range, are refused") {
  Shell shell;
  for (const std::string name : {"esat-cluster", "{}", "%%", "[]", ""}) {
    CAPTURE(name);
    CHECK(shell.run({"build", "--cluster", name}) == 2);
    CHECK(contains(shell.err, "MF0010"));
  }
  for (const std::string shard : {"0/2", "3/2", "1/0"}) {
    CAPTURE(shard);
    CHECK(shell.run({"build", "--shard", shard}) == 2);
    CHECK(contains(shell.err, "MF0011"));
  }
  CHECK(shell.fs.changes().empty());
}

TEST_CASE("a cluster that is not declared any more is removed, but only when all are built") {
  Shell shell;
  shell.run({"build"});
  std::string text = *shell.fs.bytes("federation.toml");
  text = without(text, text.substr(text.find("[mesh.east-mesh]"),
                                   text.find("\n", text.find("[mesh.east-mesh]")) - text.find("[mesh.east-mesh]")));
  text = without(text, text.substr(text.find("[network.east-network]"),
                                   text.find("[network.west-network]") - text.find("[network.east-network]")));
  text = without(text, text.substr(text.find("[cluster.east-cluster]"),
                                   text.find("[cluster.west-cluster]") - text.find("[cluster.east-cluster]")));
  text.erase(text.find("merge = "));
  text += "service_accounts = [\"httpbin\"]\n";
  shell.fs.put("federation.toml", text);

  CHECK(shell.run({"build", "--cluster", "west-cluster"}) == 0);
  CHECK(shell.fs.exists(kHostFile));
  CHECK(shell.run({"build", "--dry-run"}) == 0);
  CHECK(contains(shell.out, "remove out/east-cluster/httpbin/httpbin.mesh.global.yaml\n"));
  CHECK(shell.run({"build"}) == 0);
  CHECK(!shell.fs.exists("out/east-cluster"));
  CHECK(shell.fs.exists("out/west-cluster/.meshfedc.lock"));
}

TEST_CASE("-o - prints one stream for one cluster, and names each of several") {
  Shell shell;
  CHECK(shell.run({"build", "-o", "-", "--cluster", "east-cluster"}) == 0);
  const std::string east = shell.out;
  CHECK(east.starts_with("apiVersion: "));
  CHECK(shell.err.empty());
  CHECK(shell.run({"build", "-o", "-", "--cluster", "west-cluster"}) == 0);
  const std::string west = shell.out;

  CHECK(shell.run({"build", "-o", "-"}) == 0);
  CHECK(shell.prints == 1);
  CHECK(shell.out == "# cluster: east-cluster\n---\n" + east + "# cluster: west-cluster\n---\n" + west);
  const std::vector<YAML::Node> documents = YAML::LoadAll(shell.out);
  CHECK(documents.size() == YAML::LoadAll(east).size() + YAML::LoadAll(west).size());
  for (const YAML::Node& document : documents) CHECK(document["kind"].IsScalar());
  CHECK(shell.fs.changes().empty());
}

TEST_CASE("any number of jobs gives the same output") {
  Shell shell;
  shell.run({"build", "-o", "-", "--jobs", "1"});
  const std::string one = shell.out;
  shell.run({"build", "-o", "-", "--jobs", "8"});
  CHECK(shell.out == one);
}

TEST_CASE("a closed standard output is an error, also for a stream and a listing") {
  Shell shell;
  shell.out_error = EPIPE;
  CHECK(shell.run({"build", "-o", "-"}) == 4);
  CHECK(contains(shell.err, "error[MF0017]: cannot write to standard output: Broken pipe"));
  CHECK(shell.run({"build", "--dry-run", "--exit-code"}) == 4);
}

TEST_CASE("shards are two numbers") {
  const auto shard = cli::parse_shard("2/5");
  REQUIRE(shard);
  CHECK(shard->index == 2);
  CHECK(shard->count == 5);
  for (const char* text : {"", "/", "1", "1/", "/1", "1/2/3", " 1/2", "+1/2", "-1/2", "0x1/2", "4294967296/2"}) {
    CAPTURE(text);
    CHECK(!cli::parse_shard(text));
  }
}

TEST_CASE("a publication in words") {
  driver::Publication done;
  done.clusters = {"a", "b"};
  done.parts.resize(2);
  done.summaries.resize(2);
  CHECK(!done.changed());
  CHECK(done.summary(false) == "0 files written, 0 unchanged, 0 removed in 2 clusters");
  done.summaries[0].created = {"a/x/z.yaml"};
  done.summaries[0].changed = {"a/k.yaml"};
  done.summaries[0].removed = {"a/x/a.yaml"};
  done.summaries[0].lock_changed = true;
  done.summaries[0].kept = {"a/old.yaml"};
  done.summaries[1].lock_changed = true;
  done.summaries[1].unchanged = 3;
  for (const publish::Summary& summary : done.summaries) done.totals.push_back(publish::totals_of(summary));
  CHECK(done.changed());
  CHECK(done.summary(true) == "2 files to write, 3 unchanged, 1 to remove in 2 clusters");
  CHECK(done.listing("o/") ==
        "change o/a/k.yaml\nremove o/a/x/a.yaml\ncreate o/a/x/z.yaml\nchange o/b/.meshfedc.lock\n");
  CHECK(done.remarks("o", false) == std::vector<std::string>{"kept `o/a/old.yaml`, which is obsolete but was edited"});
}
