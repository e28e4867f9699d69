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
  const diff::ClusterChanges found = diff::compare(before, after, true);
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
      {"as published", published(both), ""},
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
      {"twice", {{"f", a + "---\n" + c}, {"g", a}}, "g: `ServiceEntry.networking.istio.io/shop/a.b` is also in `f`\n"},
      {"twice, and edited",
       {{"f", a + "---\n# x\n" + c}, {"g", "# x\n" + a}},
       "g: `ServiceEntry.networking.istio.io/shop/a.b` is also in `f`\n"},
      {"no object", {{"f", a}, {"g", c + "---\n- x\n"}}, "g: document 2 has no kind or no name\n"},
  };
  for (const auto& [what, before, expected] : kCases) {
    INFO(what);
    CHECK(verdict(before, both) == expected);
  }
}

TEST_CASE("bad YAML is said, with its place") {
  const std::string said = verdict({{"out/f", "a: [\n"}}, plan("east", {entry("a.b")}));
  CHECK(said.find("out/f: line ") != std::string::npos);
}

TEST_CASE("a host appears, changes and disappears") {
  const k8s::ClusterPlan before = plan("east", {entry("a.b"), entry("c.d")}),
                         after = plan("east", {entry("c.d", 81), entry("e.f")});
  const diff::ClusterChanges found = diff::compare(published(before), after, true);
  CHECK(found.hosts == std::map<std::string, diff::HostState>{{"a.b", diff::HostState::disappears},
                                                              {"c.d", diff::HostState::changes},
                                                              {"e.f", diff::HostState::appears}});
  CHECK(found.cluster.add == 1);
  CHECK(found.cluster.change == 1);
  CHECK(found.cluster.remove == 1);
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
      collector.add(diff::compare(published(plan(name, {entry("a.b"), strict()})),
                                  plan(name, {entry("a.b", port), strict()}), true));
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
