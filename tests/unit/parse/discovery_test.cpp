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
  CHECK(loaded.reports() == Lines{"MF0457 z"});
  REQUIRE(loaded.federation.has_value());
  CHECK(loaded.federation->exports.back().ports.bad());
  const std::string half = "[export.z]\nto = [\"m\"]\nports = [{ name = \"http\", number = 80 }]\n";
  CHECK(Loaded(discovering("\"k8s/*.yaml\"", half), {{"k8s/a.yaml", service("a")}}).reports() ==
        Lines{"MF0204 z", "MF0204 z"});
  CHECK(Loaded(with("[export.z]\nto = [\"m\"]\n")).reports() == Lines{"MF0204 z", "MF0204 z", "MF0204 z"});
}

TEST_CASE("discover: a misspelt override is read as the one that is meant") {
  const std::string tables = "to = [\"m\"]\n[export.wep]\nprefer = \"local\"\n[export.wep.at.m]\nweight = 2\n";
  Loaded loaded(discovering("\"k8s/*.yaml\"", tables),
                {{"k8s/a.yaml", service("web")}, {"k8s/b.yaml", service("wed")}});
  CHECK(loaded.reports() == Lines{"MF0457 wep"});
  REQUIRE(names(loaded) == Lines{"web", "wed"});
  CHECK(*loaded.federation->exports[0].prefer == model::Prefer::local);
  CHECK(loaded.federation->exports[0].discovered.has_value());
  REQUIRE(loaded.sink.reports().front().fix);
  CHECK(loaded.sink.reports().front().fix->replacement == "web]\nprefer = \"local\"\n[export.web");
  // What has a table of its own is not meant by another one; and a mistake in a manifest may hide what is meant.
  Loaded taken(discovering("\"k8s/*.yaml\"", "[export.wep]\nprefer = \"local\"\n[export.web]\nprefer = \"local\"\n"),
               {{"k8s/a.yaml", service("web")}});
  CHECK(taken.reports() == Lines{"MF0457 wep"});
  CHECK_FALSE(taken.sink.reports().front().fix);
  Loaded hidden(discovering("\"k8s/*.yaml\"", "[export.wep]\nprefer = \"local\"\n"),
                {{"k8s/a.yaml", "a: [\n"}, {"k8s/b.yaml", service("web")}});
  CHECK(hidden.reports().size() == 1);
}

TEST_CASE("discover: an empty selector is every Service of the manifests") {
  const auto every = [](const std::string& more, const std::string& manifest) {
    return Loaded(with("[discover.shop]\nmanifests = [\"a.yaml\"]\nselector = {}\nat = [\"m\"]\nto = [\"m\"]\n" + more),
                  {{"a.yaml", manifest}});
  };
  const std::string two = service("a") + "---\n" + service("b", "other");
  Loaded both = every("", two);
  CHECK(both.reports().empty());
  CHECK(names(both) == Lines{"a", "b"});
  Loaded one = every("namespaces = [\"other\"]\n", two);
  CHECK(one.reports().empty());
  CHECK(names(one) == Lines{"b"});
  Loaded none = every("namespaces = [\"third\"]\n", two);
  CHECK(none.reports() == Lines{"MF0492 {}"});
  CHECK(none.sink.reports().front().message ==
        "[discover.shop] finds no Service: 2 Services in the manifests are in other namespaces");
  CHECK(Loaded(with("[discover.shop]\nmanifests = [\"a.yaml\"]\nat = [\"m\"]\n"), {{"a.yaml", two}}).reports() ==
        Lines{"MF0204 shop"});
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
