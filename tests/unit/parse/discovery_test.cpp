// [discover.*]: which files are read, and how tables override what is found.
#include <doctest/doctest.h>

#include "unit/parse/loaded.hpp"

namespace meshfed::testing {
namespace {

using Files = std::vector<std::pair<std::string, std::string>>;

std::string discovering(const std::string& manifests, const std::string& more = "") {
  return with("[discover.shop]\nmanifests = [" + manifests + "]\nselector = { shared = \"yes\" }\nat = [\"m\"]\n" +
              more);
}

std::string service(const std::string& name, const std::string& ns = "shop") {
  return "apiVersion: v1\nkind: Service\nmetadata: {name: " + name + ", namespace: " + ns +
         ", labels: {shared: \"yes\"}}\nspec: {selector: {app: " + name + "}, ports: [{name: http, port: 80}]}\n";
}

Lines names(const Loaded& loaded) {
  Lines found;
  for (const model::Export& exported : loaded.federation->exports) found.push_back(*exported.name);
  return found;
}

TEST_CASE("manifests: patterns of any depth, of files named as manifests, without links and hidden directories") {
  Loaded loaded(discovering("\"k8s/**\""), {{"k8s/a.yaml", service("a")},
                                            {"k8s/x/y/b.yml", service("b")},
                                            {"k8s/x/c.json", service("c")},
                                            {"k8s/notes.md", "{{"},
                                            {"k8s/.hidden/d.yaml", service("d")},
                                            {"other/e.yaml", service("e")},
                                            {"k8s/out/west/.meshfedc.lock", ""},
                                            {"k8s/out/west/f.yaml", service("f")}});
  CHECK(loaded.reports().empty());
  CHECK(names(loaded) == Lines{"a", "b", "c"});
}

TEST_CASE("manifests: a file is read once, however many patterns match it") {
  Loaded loaded(discovering("\"**/*.yaml\", \"k8s/a.yaml\", \"**/**/k8s/*\", \"./k8s/**/a.*\""),
                {{"k8s/a.yaml", service("a")}});
  CHECK(loaded.reports().empty());
  CHECK(names(loaded) == Lines{"a"});
}

TEST_CASE("manifests: patterns that are wrong") {
  CHECK(Loaded(discovering("\"k8s/*.yaml\"")).reports() == Lines{"MF0486 \"k8s/*.yaml\""});
  CHECK(Loaded(discovering("\"k8s/a**/x\"")).reports() == Lines{"MF0487 \"k8s/a**/x\""});
  CHECK(Loaded(discovering("\"k8s/{a,b}.yaml\"")).reports() == Lines{"MF0487 \"k8s/{a,b}.yaml\""});
  CHECK(Loaded(discovering("\"../x.yaml\"")).reports() == Lines{"MF0488 \"../x.yaml\""});
  CHECK(Loaded(discovering("\"/etc/x.yaml\"")).reports() == Lines{"MF0488 \"/etc/x.yaml\""});
}

TEST_CASE("manifests: links may stay inside, and never lead out") {
  Loaded loaded("");
  loaded.sink = {};
  loaded.fs.put("federation.toml", discovering("\"in.yaml\", \"out.yaml\", \"dir/*.yaml\", \"**/z.yaml\""));
  loaded.fs.put("real.yaml", service("a"));
  loaded.fs.put_link("in.yaml", "real.yaml");
  loaded.fs.put("/elsewhere/z.yaml", service("b"));
  loaded.fs.put_link("out.yaml", "/elsewhere/z.yaml");
  loaded.fs.put_link("dir", "/elsewhere");
  loaded.fs.put_link("loop", ".");
  loaded.fs.put("x/z.yaml", service("c"));
  loaded.fs.forget();
  loaded.load();
  CHECK(loaded.reports() == Lines{"MF0488 \"out.yaml\"", "MF0488 \"dir/*.yaml\""});
  for (const MemoryFs::Event& event : loaded.fs.events()) {
    if (event.call == MemoryFs::Call::read) CHECK_FALSE(event.path.starts_with("/elsewhere"));
  }
}

TEST_CASE("manifests: only files are read") {
  Loaded loaded("");
  loaded.sink = {};
  loaded.fs.put("federation.toml", discovering("\"dir\", \"pipe.yaml\", \"**\""));
  loaded.fs.put("dir/a.yaml", service("a"));
  loaded.fs.put_directory("b.yaml");
  loaded.fs.put_other("pipe.yaml");
  loaded.load();
  CHECK(loaded.reports() == Lines{"MF0013 \"dir\"", "MF0013 \"pipe.yaml\"", "MF0013 \"**\""});
}

TEST_CASE("manifests: one that cannot be read hides no other mistake, and blames nobody") {
  Loaded loaded(discovering("\"k8s/*.yaml\"", "[export.a]\nto = [\"m\"]\n[export.b]\nprefer = 7\n"),
                {{"k8s/a.yaml", "a: [\n"}, {"k8s/b.yaml", service("b")}});
  CHECK(loaded.reports().size() == 2);
  CHECK_FALSE(loaded.federation.has_value());
}

TEST_CASE("discover: tables override what is found, key by key") {
  Loaded loaded(discovering("\"k8s/*.yaml\"",
                            "to = [\"m\"]\nprefer = \"local\"\n[export.a]\nprefer = \"nearest\"\nnamespace = \"x\"\n"),
                {{"k8s/a.yaml", service("a")}, {"k8s/b.yaml", service("b")}});
  CHECK(loaded.reports().empty());
  REQUIRE(names(loaded) == Lines{"a", "b"});
  const model::Export& a = loaded.federation->exports[0];
  const model::Export& b = loaded.federation->exports[1];
  CHECK(*a.prefer == model::Prefer::nearest);
  CHECK(*b.prefer == model::Prefer::local);
  CHECK(*a.namespace_ == "x");
  CHECK(*a.to->at(0) == "m");
  CHECK(*a.ports->at(0).number == 80);
  CHECK(a.discovered.has_value());
  CHECK(loaded.files.path(a.name.span.file) == "federation.toml");
  CHECK(loaded.files.path(b.name.span.file) == "k8s/b.yaml");
}

TEST_CASE("discover: what is not found must say all") {
  Loaded loaded(discovering("\"k8s/*.yaml\"", "[export.z]\nto = [\"m\"]\n"), {{"k8s/a.yaml", service("a")}});
  CHECK(loaded.reports() == Lines{"MF0204 z", "MF0204 z", "MF0204 z"});
}

TEST_CASE("discover: nothing is said of a value that a table overrides") {
  const std::string odd =
      "apiVersion: v1\nkind: Service\nmetadata: {name: a, labels: {shared: \"yes\"}}\nspec: {ports: [{name: x, port: "
      "y}]}\n";
  CHECK(Loaded(discovering("\"a.yaml\"", "[export.a]\nnamespace = \"n\"\nports = [{ name = \"http\", number = 80 }]\n"),
               {{"a.yaml", odd}})
            .reports()
            .empty());
  CHECK(Loaded(discovering("\"a.yaml\"", "namespace = \"n\"\n[export.a]\nports = [{ name = \"http\", number = 80 }]\n"),
               {{"a.yaml", odd}})
            .reports()
            .empty());
}

TEST_CASE("discover: names in manifests have the form that Kubernetes demands") {
  CHECK(Loaded(discovering("\"a.yaml\""), {{"a.yaml", service("A_b")}}).reports() == Lines{"MF0499 A_b"});
  CHECK(Loaded(discovering("\"a.yaml\""), {{"a.yaml", service("\"{{ .name }}\"")}})
            .reports()
            .at(0)
            .starts_with("MF0491"));
  CHECK(Loaded(discovering("\"a.yaml\""), {{"a.yaml", service("a", "\"no space\"")}}).reports() ==
        Lines{"MF0499 \"no space\""});
}

TEST_CASE("discover: a fragment neither discovers nor overrides") {
  Loaded loaded(discovering("\"a.yaml\""), {{"a.yaml", service("a")}});
  loaded.sink = {};
  loaded.fs.put("federation.toml", "include = [\"f.toml\"]\n" + discovering("\"a.yaml\""));
  loaded.fs.put(
      "f.toml",
      "[discover.x]\n[export.a]\nnamespace = \"n\"\nports = [{ name = \"http\", number = 80 }]\nfrom = [\"m\"]\n");
  loaded.load();
  CHECK(loaded.reports() == Lines{"MF0221 discover", "MF0315 a"});
}

TEST_CASE("discover: secrets among the manifests are no mistake, and are not printed") {
  const std::string secret =
      "kind: Secret\ndata:\n  tls.key: LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQpNSUlFb3dJQkFBS0NBUUVBdTFTVTFM\n";
  Loaded loaded(discovering("\"a.yaml\""), {{"a.yaml", secret + "---\n" + service("a")}});
  CHECK(loaded.reports().empty());
  CHECK(loaded.files.text(2).find("LS0tLS1CRUdJTiBSU0Eg") == std::string_view::npos);
}

}  // namespace
}  // namespace meshfed::testing
