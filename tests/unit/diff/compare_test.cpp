#include "diff/compare.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "diff/collector.hpp"
#include "diff/lookup.hpp"
#include "objects.hpp"

using namespace meshfed;
using namespace meshfed::testing;
using diff::Action;

namespace {

std::string verdict(const std::vector<diff::Manifest>& before, const k8s::ClusterPlan& after) {
  const diff::ClusterChanges found = diff::compare({.files = before, .directory = "out"}, after);
  std::vector<std::string> words;
  for (const diff::Unreadable& file : found.unreadable) words.push_back(file.path + ": " + file.why);
  for (const diff::Change& change : found.changes)
    words.push_back(std::string(diff::word(change.action)) + ' ' + change.id);
  std::sort(words.begin(), words.end());
  std::string text;
  for (const std::string& word : words) text += word + '\n';
  return text;
}

}  // namespace

TEST_CASE("objects are compared, wherever they stand") {
  const k8s::ClusterPlan both = plan("east", {entry("a.b"), entry("c.d")});
  const std::string a = yaml::to_string(k8s::document(entry("a.b"))), c = yaml::to_string(k8s::document(entry("c.d")));
  const struct {
    std::string what;
    std::vector<diff::Manifest> before;
    const char* verdict;
  } kCases[] = {
      {"as published", published(both).files, ""},
      {"in one file", {{"f", a + "---\n" + c}}, ""},
      {"the other way round", {{"f", c + "---\n" + a}}, ""},
      {"with comments", {{"f", "# mine\n" + a}, {"g", "---\n" + c + "# end\n---\n"}}, ""},
      {"one is not there", {{"f", a}}, "add ServiceEntry.networking.istio.io/shop/c.d\n"},
      {"nothing is",
       {},
       "add ServiceEntry.networking.istio.io/shop/a.b\nadd ServiceEntry.networking.istio.io/shop/c.d\n"},
      {"one is too many",
       {{"f", a}, {"g", c}, {"h", "apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n"}},
       "remove Namespace/x\n"},
      {"one was edited",
       {{"f", a}, {"g", yaml::to_string(k8s::document(entry("c.d", 81)))}},
       "change ServiceEntry.networking.istio.io/shop/c.d\n"},
      {"another version is the same object",
       {{"f", a}, {"g", std::string(c).replace(c.find("/v1"), 3, "/v1beta1")}},
       "change ServiceEntry.networking.istio.io/shop/c.d\n"},
      {"twice",
       {{"f", a + "---\n" + c}, {"g", a}},
       "out/g: `ServiceEntry.networking.istio.io/shop/a.b` is also in `out/f`\n"},
      {"twice, and edited",
       {{"f", a + "---\n# x\n" + c}, {"g", "# x\n" + a}},
       "out/g: `ServiceEntry.networking.istio.io/shop/a.b` is also in `out/f`\n"},
      {"no object", {{"f", a}, {"g", c + "---\n- x\n"}}, "out/g: document 2 has no kind or no name\n"},
  };
  for (const auto& [what, before, expected] : kCases) {
    INFO(what);
    CHECK(verdict(before, both) == expected);
  }
}

TEST_CASE("bad YAML is said, with its place") {
  const std::string said = verdict({{"f", "a: [\n"}}, plan("east", {entry("a.b")}));
  CHECK(said.find("out/f: line ") != std::string::npos);
}

TEST_CASE("a host appears, changes and disappears") {
  const k8s::ClusterPlan before = plan("east", {entry("a.b"), entry("c.d")}),
                         after = plan("east", {entry("c.d", 81), entry("e.f")});
  const diff::ClusterChanges found = diff::compare(published(before), after);
  CHECK(found.hosts == std::map<std::string, diff::HostState>{{"a.b", diff::HostState::disappears},
                                                              {"c.d", diff::HostState::changes},
                                                              {"e.f", diff::HostState::appears}});
  CHECK(found.cluster.add == 1);
  CHECK(found.cluster.change == 1);
  CHECK(found.cluster.remove == 1);
}

TEST_CASE("what goes in one namespace and comes in another moves, and is not lost") {
  k8s::ServiceEntry moved = entry("a.b");
  moved.meta.ns = "web";
  diff::Collector collector;
  collector.add(diff::compare(published(plan("east", {entry("a.b")})), plan("east", {moved})));
  collector.add(diff::compare(published(plan("west", {entry("a.b")})), plan("west", {})));
  const diff::Difference found = std::move(collector).finish();
  std::string said;
  for (const diff::Change& change : found.changes) {
    said += change.clusters.front() + ' ' + std::string(diff::word(change.action));
    for (const diff::Risk& risk : change.risks) said += ' ' + std::string(risk.rule);
    said += '\n';
  }
  CHECK(said.find("east remove host-moved\n") != std::string::npos);
  CHECK(said.find("east add\n") != std::string::npos);
  CHECK(said.find("west remove host-removed\n") != std::string::npos);
}

TEST_CASE("ids tell what an object is, as the lock writes them") {
  for (const k8s::Resource& resource :
       std::vector<k8s::Resource>{entry("a.b"), strict(), k8s::Namespace{.meta = {.name = "shop"}},
                                  k8s::Service{.meta = {.name = "s", .ns = "n"}, .selector = {}, .ports = {}}}) {
    CHECK(diff::id_of(k8s::document(resource)) == k8s::object_id(resource));
  }
  const diff::Identity cluster_scoped = diff::identity_of("Namespace/shop");
  CHECK(cluster_scoped.ns.empty());
  CHECK(cluster_scoped.name == "shop");
  CHECK(diff::identity_of("Gateway.networking.istio.io/ns/gw").kind == "Gateway.networking.istio.io");
  CHECK(diff::host_of("WorkloadEntry.networking.istio.io/ns/west.a.b") == "a.b");
  CHECK(diff::host_of("ServiceEntry.networking.istio.io/ns/egress-to-west").empty());
  CHECK(diff::host_of("Gateway.networking.istio.io/ns/a.b").empty());
}

TEST_CASE("the same change in many clusters is one change, in whatever order they come") {
  const auto collect = [](const std::vector<std::string>& clusters) {
    diff::Collector collector;
    for (const std::string& name : clusters) {
      const std::int64_t port = name == "odd" ? 83 : 81;
      collector.add(
          diff::compare(published(plan(name, {entry("a.b"), strict()})), plan(name, {entry("a.b", port), strict()})));
    }
    return std::move(collector).finish();
  };
  const diff::Difference forth = collect({"east", "odd", "west"}), back = collect({"west", "odd", "east"});
  for (const diff::Difference* found : {&forth, &back}) {
    REQUIRE(found->changes.size() == 2);
    std::vector<std::vector<std::string>> where = {found->changes[0].clusters, found->changes[1].clusters};
    std::sort(where.begin(), where.end());
    CHECK(where == std::vector<std::vector<std::string>>{{"east", "west"}, {"odd"}});
    REQUIRE(found->hosts.size() == 1);
    CHECK(found->hosts[0].changes == std::vector<std::string>{"east", "odd", "west"});
    CHECK(diff::summary(*found) == "0 to add, 3 to change, 0 to remove in 3 clusters");
  }
  CHECK(forth.changes[0].clusters == back.changes[0].clusters);
}

TEST_CASE("a cluster that is not declared any more loses all") {
  diff::Collector collector;
  collector.add(diff::retire("old", published(plan("old", {entry("a.b"), strict()}))));
  const diff::Difference found = std::move(collector).finish();
  CHECK(diff::summary(found) == "0 to add, 0 to change, 2 to remove in 1 cluster");
  REQUIRE(found.clusters.size() == 1);
  REQUIRE(found.clusters[0].risks.size() == 1);
  CHECK(found.clusters[0].risks[0].rule == "cluster-removed");
}

namespace {

// A cluster with a host in each of two namespaces, and the mesh's policy at the top.
k8s::ClusterPlan two_namespaces() {
  return {.cluster = "east",
          .kustomization = true,
          .files = {{"shop/a.b.yaml", {entry("a.b")}}, {"web/c.d.yaml", {entry("c.d")}}, {"mesh.yaml", {strict()}}}};
}

constexpr const char* kHead = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n";

diff::Published listed(const k8s::ClusterPlan& plan) {
  diff::Published published{.listed = true, .directory = "out"};
  for (const k8s::File& file : plan.files)
    published.files.push_back({file.path, yaml::to_string(k8s::document(file.resources.front()))});
  published.lists = {{"kustomization.yaml", kHead + std::string("resources: [mesh.yaml, shop, web]\n")},
                     {"shop/kustomization.yaml", kHead + std::string("resources: [a.b.yaml]\n")},
                     {"web/kustomization.yaml", kHead + std::string("resources: [c.d.yaml]\n")}};
  return published;
}

std::string verdict(const diff::Published& before, const k8s::ClusterPlan& after) {
  const diff::ClusterChanges found = diff::compare(before, after);
  std::string text;
  for (const diff::Unreadable& file : found.unreadable) text += file.path + ": " + file.why + '\n';
  for (const diff::Change& change : found.changes) {
    text += std::string(diff::word(change.action)) + ' ' + change.id;
    for (const diff::FieldChange& field : change.fields) text += ' ' + field.path;
    text += '\n';
  }
  return text;
}

}  // namespace

TEST_CASE("what kustomization.yaml does not list is not applied, and what was done to one is a change") {
  const k8s::ClusterPlan plan = two_namespaces();
  const std::string a = "add ServiceEntry.networking.istio.io/shop/a.b\n",
                    c = "add ServiceEntry.networking.istio.io/shop/c.d\n",
                    mesh = "add PeerAuthentication.security.istio.io/istio-system/default\n";
  const std::string list = "Kustomization.kustomize.config.k8s.io/";
  const struct {
    std::string what;
    std::size_t list;  // 0 is the top's, 1 shop's
    const char* text;  // null: the file is missing
    std::string verdict;
  } kCases[] = {
      {"another layout and a comment", 0, "# mine\nresources:\n- ./web/\n- ./shop\n- mesh.yaml\n", ""},
      {"an entry was taken out", 0, "resources: [mesh.yaml, web]\n", a},
      {"of a namespace", 1, "resources: []\n", a},
      {"the file is empty", 1, "", a},
      {"the file is missing", 1, nullptr, a},
      {"the top's is missing", 0, nullptr, a + c + mesh},
      {"entries are no list", 0, "resources: {}\n", a + c + mesh},
      {"a file is listed directly", 0, "resources: [mesh.yaml, shop/a.b.yaml, web]\n", ""},
      {"it lists itself", 0, "resources: [., mesh.yaml, shop, web, ./]\n", ""},
      {"a patch was added", 0, "resources: [mesh.yaml, shop, web]\npatches: [{path: p}]\n", ""},
      {"something of others is listed", 0, "resources: [mesh.yaml, shop, web, ../theirs, 'https://x/y']\n", ""},
  };
  CHECK(verdict(listed(plan), plan).empty());
  for (const auto& [what, number, text, expected] : kCases) {
    INFO(what);
    diff::Published before = listed(plan);
    if (text)
      before.lists[number].text = text == std::string() ? "" : kHead + std::string(text);
    else
      before.lists.erase(before.lists.begin() + static_cast<std::ptrdiff_t>(number));
    const std::string said = verdict(before, plan);
    const std::size_t of_list = said.find((text ? "change " : "add ") + list);
    REQUIRE(of_list != std::string::npos);
    CHECK(said.substr(0, of_list) == expected);
    CHECK(said.find('\n', of_list) == said.size() - 1);
  }
}

TEST_CASE("a list that follows its files is no change of its own") {
  k8s::ClusterPlan fewer = two_namespaces(), more = two_namespaces();
  fewer.files.erase(fewer.files.begin());
  more.files.push_back({"web/e.f.yaml", {entry("e.f")}});
  CHECK(verdict(listed(two_namespaces()), fewer) == "remove ServiceEntry.networking.istio.io/shop/a.b\n");
  CHECK(verdict(listed(two_namespaces()), more) == "add ServiceEntry.networking.istio.io/shop/e.f\n");
  more.kustomization = false;
  CHECK(verdict(listed(two_namespaces()), more) == "add ServiceEntry.networking.istio.io/shop/e.f\n");

  diff::Published unlisted = listed(two_namespaces());
  unlisted.listed = false;
  unlisted.lists.clear();
  CHECK(verdict(unlisted, two_namespaces()).empty());
}

TEST_CASE("a list that is no mapping cannot be compared") {
  for (const char* text : {"- x\n", "a: [\n", "a: b\n---\nc: d\n"}) {
    diff::Published before = listed(two_namespaces());
    before.lists[1].text = text;
    INFO(text);
    CHECK(verdict(before, two_namespaces()).find("out/shop/kustomization.yaml: ") == 0);
  }
}

TEST_CASE("a retired cluster loses what is applied, and lists that were edited") {
  diff::Published before = listed(two_namespaces());
  before.lists[0].text = kHead + std::string("resources: [mesh.yaml, web]\n");
  std::string said;
  for (const diff::Change& change : diff::retire("east", before).changes) said += change.id + '\n';
  CHECK(said.find("/a.b") == std::string::npos);
  CHECK(said.find("/c.d") != std::string::npos);
  CHECK(said.find("Kustomization.kustomize.config.k8s.io/kustomization.yaml") != std::string::npos);
}
