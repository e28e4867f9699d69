#include "cli/command/cmp.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <string>
#include <vector>

#include "shell.hpp"

using namespace meshfed;
using testing::contains;
using testing::MemoryFs;
using testing::Shell;

namespace {

constexpr const char* kAllTypes =
    "v1,v1/Service,apps/v1,apps/v1/Deployment,gateway.networking.k8s.io/v1,gateway.networking.k8s.io/v1/Gateway,"
    "networking.istio.io/v1,security.istio.io/v1";

int generate(Shell& shell, const cli::Environment& environment, std::vector<std::string> options = {}) {
  shell.environment = environment;
  options.insert(options.begin(), {"cmp", "generate"});
  return shell.run(options);
}

/// What `generate` must answer if it refuses: nothing on standard output, and this report.
void check_refused(Shell& shell, int exit, const std::string& report) {
  CHECK(shell.exit == exit);
  CHECK(shell.prints == 0);
  CHECK_MESSAGE(contains(shell.err, report), shell.err);
}

}  // namespace

TEST_CASE("cmp generate prints what build prints for the cluster, at once") {
  Shell shell;
  for (const char* cluster : {"east-cluster", "west-cluster"}) {
    shell.run({"build", "-o", "-", "--cluster", cluster});
    const std::string built = shell.out;
    REQUIRE(!built.empty());
    CHECK(generate(shell, {{"PARAM_CLUSTER", cluster}}) == 0);
    CHECK(shell.out == built);
    CHECK(shell.prints == 1);
    CHECK(shell.err.empty());
    CHECK(generate(shell, {}, {"--cluster", cluster}) == 0);
    CHECK(shell.out == built);
  }
}

TEST_CASE("cmp generate: an option of the plugin counts more than a parameter of the Application") {
  Shell shell;
  shell.fs.put("other/federation.toml", "not TOML");
  generate(shell, {}, {"--cluster", "east-cluster"});
  const std::string east = shell.out;
  CHECK(generate(shell, {{"PARAM_CLUSTER", "west-cluster"}, {"PARAM_CONFIG", "other/federation.toml"}},
                 {"--cluster", "east-cluster", "-f", "federation.toml"}) == 0);
  CHECK(shell.out == east);
}

TEST_CASE("cmp generate: a missing or unknown cluster is an error that lists the declared ones") {
  Shell shell;
  for (const cli::Environment& environment : {cli::Environment{}, cli::Environment{{"PARAM_CLUSTER", ""}}}) {
    generate(shell, environment);
    check_refused(shell, 2, "error[MF1001]: the parameter `cluster` is not set\n");
    CHECK(contains(shell.err, "declared clusters: east-cluster, west-cluster\n"));
  }
  generate(shell, {{"PARAM_CLUSTER", "in-cluster"}});
  check_refused(shell, 2, "error[MF1002]: the parameter `cluster` is \"in-cluster\", which is not declared\n");
  CHECK(contains(shell.err, "help: declared clusters: east-cluster, west-cluster\n"));
  generate(shell, {{"PARAM_CLUSTER", "esat-cluster"}});
  check_refused(shell, 2, "MF1002");
  CHECK(contains(shell.err, "help: did you mean `east-cluster`? declared clusters: east-cluster, west-cluster\n"));
  generate(shell, {{"PARAM_CLUSTER", "*\n\x1b[2J"}});
  check_refused(shell, 2, R"("*\n\x1b[2J")");
}

TEST_CASE("cmp generate: the parameter config names a file below the working directory") {
  Shell shell;
  generate(shell, {{"PARAM_CLUSTER", "east-cluster"}});
  const std::string east = shell.out;
  shell.fs.put("prod/mesh.toml", *shell.fs.bytes("federation.toml"));
  shell.fs.put_link("link.toml", "prod/mesh.toml");
  shell.fs.put("/elsewhere/federation.toml", *shell.fs.bytes("federation.toml"));
  shell.fs.put_link("out.toml", "/elsewhere/federation.toml");
  shell.fs.put_link("out", "/elsewhere");
  for (const char* config : {"prod/mesh.toml", "./prod/mesh.toml", "link.toml"}) {
    CAPTURE(config);
    CHECK(generate(shell, {{"PARAM_CLUSTER", "east-cluster"}, {"PARAM_CONFIG", config}}) == 0);
    CHECK(shell.out == east);
  }
  for (const char* config : {"/elsewhere/federation.toml", "../elsewhere/federation.toml", "prod/../federation.toml",
                             "/cwd/federation.toml", "out.toml", "out/federation.toml", "..", "../none"}) {
    CAPTURE(config);
    shell.fs.forget();
    generate(shell, {{"PARAM_CLUSTER", "east-cluster"}, {"PARAM_CONFIG", config}});
    check_refused(shell, 2, "error[MF1003]: the main file `" + std::string(config) + "` is not below");
    for (const MemoryFs::Event& event : shell.fs.events()) CHECK(event.call == MemoryFs::Call::canonical);
  }
  generate(shell, {{"PARAM_CLUSTER", "east-cluster"}, {"PARAM_CONFIG", "none.toml"}});
  check_refused(shell, 4, "MF0001");
  shell.fs.put_other("pipe");
  generate(shell, {{"PARAM_CLUSTER", "east-cluster"}, {"PARAM_CONFIG", "pipe"}});
  check_refused(shell, 4, "MF0001");
}

TEST_CASE("cmp generate reads the main file and its fragments, and writes nothing") {
  Shell shell;
  std::string text = *shell.fs.bytes("federation.toml");
  const std::size_t exports = text.find("[export.");
  shell.fs.put("apps/team.toml", text.substr(exports));
  shell.fs.put("apps/notes.txt", "");
  shell.fs.put(".git/config", "");
  shell.fs.put("federation.toml", text.erase(exports) + "[fragment.\"apps/*.toml\"]\n");
  shell.replace("version = 1", "version = 1\ninclude = [\"apps/*.toml\"]");
  shell.fs.forget();
  CHECK(generate(shell, {{"PARAM_CLUSTER", "east-cluster"}}) == 0);
  CHECK(contains(shell.out, "httpbin.mesh.global"));
  std::vector<std::string> read;
  for (const MemoryFs::Event& event : shell.fs.events()) {
    if (event.call == MemoryFs::Call::read) read.push_back(event.path);
    CHECK(!contains(event.path, ".git"));
  }
  CHECK(read == std::vector<std::string>{"/cwd/federation.toml", "/cwd/apps/team.toml"});
  CHECK(shell.fs.changes().empty());
}

TEST_CASE("cmp generate: a fragment may not lead out, not even for a look") {
  for (const char* include : {"apps/*.toml", "apps/none.toml", "apps/x.toml", "../elsewhere/x.toml"}) {
    CAPTURE(include);
    Shell shell;
    shell.fs.put("/elsewhere/x.toml", "");
    shell.fs.put_link("apps", "/elsewhere");
    shell.replace("version = 1", std::string("version = 1\ninclude = [\"") + include + "\"]");
    shell.fs.forget();
    generate(shell, {{"PARAM_CLUSTER", "east-cluster"}});
    check_refused(shell, 2, "error[MF0006]");
    for (const MemoryFs::Event& event : shell.fs.events()) CHECK(!event.path.starts_with("/elsewhere"));
  }
}

TEST_CASE("cmp generate: no object at all is an error") {
  Shell shell;
  shell.fs.put("federation.toml", *shell.fs.bytes("federation.toml") +
                                      "[mesh.lab]\nmtls = \"unmanaged\"\n[network.lab]\n[cluster.lab]\nmesh = "
                                      "\"lab\"\nnetwork = \"lab\"\n");
  shell.run({"build", "-o", "-", "--cluster", "lab"});
  REQUIRE(shell.out.empty());
  generate(shell, {{"PARAM_CLUSTER", "lab"}});
  check_refused(shell, 2, "error[MF1004]: cluster \"lab\" gets no objects\n");
}

TEST_CASE("cmp generate warns of types that the cluster does not serve, and prints them") {
  Shell shell;
  generate(shell, {{"PARAM_CLUSTER", "west-cluster"}});
  const std::string west = shell.out;
  CHECK(generate(shell, {{"PARAM_CLUSTER", "west-cluster"}, {"KUBE_API_VERSIONS", kAllTypes}}) == 0);
  CHECK(shell.err.empty());
  CHECK(generate(shell, {{"PARAM_CLUSTER", "west-cluster"}, {"KUBE_API_VERSIONS", ""}}) == 0);
  CHECK(shell.err.empty());

  // Without any of its types, with another type of the group version, with another version.
  const struct {
    const char* types;
    const char* missing;
  } table[] = {
      {"v1,networking.istio.io/v1,security.istio.io/v1", "gateway.networking.k8s.io/v1/Gateway"},
      {"gateway.networking.k8s.io/v1,gateway.networking.k8s.io/v1/HTTPRoute,networking.istio.io/v1,security.istio.io/"
       "v1",
       "gateway.networking.k8s.io/v1/Gateway"},
      {"gateway.networking.k8s.io/v1beta1/Gateway,networking.istio.io/v1,security.istio.io/v1",
       "gateway.networking.k8s.io/v1/Gateway"},
  };
  for (const auto& row : table) {
    CHECK(generate(shell, {{"PARAM_CLUSTER", "west-cluster"}, {"KUBE_API_VERSIONS", row.types}}) == 0);
    CHECK(shell.out == west);
    CHECK(contains(shell.err, std::string("warning[MF1005]: cluster \"west-cluster\" gets an object of type ") +
                                  row.missing + ", which it does not serve\n"));
    CHECK(contains(shell.err, "\n1 warning\n"));
  }
}

TEST_CASE("cmp generate --application ties a cluster to an Application") {
  Shell shell;
  const std::vector<std::string> options{"--application", "mesh-{cluster}-prod"};
  CHECK(generate(shell, {{"PARAM_CLUSTER", "east-cluster"}, {"ARGOCD_APP_NAME", "mesh-east-cluster-prod"}}, options) ==
        0);
  generate(shell, {{"PARAM_CLUSTER", "west-cluster"}, {"ARGOCD_APP_NAME", "mesh-east-cluster-prod"}}, options);
  check_refused(shell, 3,
                "error[MF1006]: Application \"mesh-east-cluster-prod\" may not render cluster \"west-cluster\"; only "
                "\"mesh-west-cluster-prod\" may\n");
  generate(shell, {{"PARAM_CLUSTER", "west-cluster"}}, options);
  check_refused(shell, 3, "MF1006");
}

TEST_CASE("cmp generate says little: the first errors, and no warning beside them") {
  Shell shell;
  shell.replace("istio = \"1.31\"", "istio = \"1.26\"");
  std::string text = *shell.fs.bytes("federation.toml");
  for (int i = 0; i < 20; ++i) text += "[cluster.c" + std::to_string(i) + "]\nmesh = \"none\"\nnetwork = \"none\"\n";
  shell.fs.put("federation.toml", text);
  generate(shell, {{"PARAM_CLUSTER", "east-cluster"}});
  check_refused(shell, 2, "… and ");
  CHECK(!contains(shell.err, "warning"));
  std::size_t shown = 0;
  for (std::size_t at = 0; (at = shell.err.find("error[MF", at)) != std::string::npos; ++at) ++shown;
  CHECK(shown == 5);
}

TEST_CASE("cmp generate: output that does not arrive is an error") {
  Shell shell;
  shell.out_error = EPIPE;
  CHECK(generate(shell, {{"PARAM_CLUSTER", "east-cluster"}}) == 4);
  CHECK(contains(shell.err, "MF0017"));
}

TEST_CASE("cmp parameters announces the clusters, as Argo CD reads it") {
  Shell shell;
  CHECK(shell.run({"cmp", "parameters"}) == 0);
  CHECK(shell.prints == 1);
  CHECK(shell.out == R"([
  {
    "name": "cluster",
    "title": "Cluster",
    "tooltip": "One of: east-cluster, west-cluster",
    "required": true,
    "itemType": "string",
    "collectionType": "string"
  },
  {
    "name": "config",
    "title": "Main file",
    "tooltip": "A path below the Application's path, without `..`",
    "required": false,
    "itemType": "string",
    "collectionType": "string",
    "string": "federation.toml"
  },
  {
    "name": "part",
    "title": "Part",
    "tooltip": "federation: the objects of the federation; install: its istiod",
    "required": false,
    "itemType": "string",
    "collectionType": "string",
    "string": "federation"
  }
]
)");
  shell.fs.put("federation.toml", "version = 1\n[federation\n");
  CHECK(shell.run({"cmp", "parameters"}) == 2);
  CHECK(shell.prints == 0);
  shell.environment = {{"PARAM_CONFIG", "../federation.toml"}};
  CHECK(shell.run({"cmp", "parameters"}) == 2);
  CHECK(contains(shell.err, "MF1003"));
}

TEST_CASE("cmp and its commands have help") {
  Shell shell(false);
  CHECK(shell.run({"cmp", "--help"}) == 0);
  CHECK(contains(shell.out, "Usage: meshfedc cmp "));
  CHECK(shell.run({"cmp", "generate", "--help"}) == 0);
  CHECK(contains(shell.out, "Usage: meshfedc cmp generate "));
  CHECK(shell.run({"cmp"}) == 64);
  CHECK(contains(shell.err, "see `meshfedc cmp --help`"));
  CHECK(shell.run({"cmp", "generate", "stray"}) == 64);
  CHECK(contains(shell.err, "see `meshfedc cmp generate --help`"));
}

TEST_CASE("a variable that is not set is empty") {
  const cli::Environment environment{{"A", "1"}, {"EMPTY", ""}};
  CHECK(cli::value_of(environment, "A") == "1");
  CHECK(cli::value_of(environment, "EMPTY").empty());
  CHECK(cli::value_of(environment, "NONE").empty());
}
