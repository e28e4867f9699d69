#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "diff/collector.hpp"
#include "diff/render_json.hpp"
#include "diff/render_markdown.hpp"
#include "diff/render_text.hpp"
#include "objects.hpp"

using namespace meshfed;
using namespace meshfed::testing;

namespace {

// A port that moves in two clusters, mTLS that goes in one of them, and a third as it was.
diff::Difference example() {
  diff::Collector collector;
  collector.add(diff::compare(published(plan("east", {entry("a.b"), strict()})), plan("east", {entry("a.b", 81)})));
  collector.add(diff::compare(published(plan("west", {entry("a.b")})), plan("west", {entry("a.b", 81)})));
  collector.add(diff::compare(published(plan("same", {entry("a.b")})), plan("same", {entry("a.b")})));
  return std::move(collector).finish();
}

// An object that somebody made to look like Markdown, HTML and terminal control.
diff::Difference hostile() {
  diff::Collector collector;
  const std::string name = "x`|</code></details><b>@octocat [l](http://e) \\e[2J\\n| ```";
  collector.add(diff::retire("east", {.files = {{"f", "apiVersion: v1\nkind: Secretive\nmetadata:\n  name: \"" + name +
                                                          "\"\n  a: \"```\\n````\\n</details>\\n\"\n"}}}));
  return std::move(collector).finish();
}

diff::Difference large(std::size_t objects) {
  std::vector<k8s::Resource> resources;
  for (std::size_t i = 0; i < objects; ++i) resources.emplace_back(entry("h" + std::to_string(i) + ".b"));
  diff::Collector collector;
  collector.add(diff::compare(kNothing, plan("east", resources)));
  return std::move(collector).finish();
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("exports that came and went by discovery are named with the Service's place") {
  diff::Difference difference = example();
  difference.discovered = {{diff::Action::remove, "pay", "shop", "k8s/pay.yaml:3"},
                           {diff::Action::add, "web", "shop", "k8s/web.yaml:4"}};
  CHECK(contains(diff::render_text(difference),
                 "- export pay, discovered at k8s/pay.yaml:3 by [discover.shop]\n"
                 "+ export web, discovered at k8s/web.yaml:4 by [discover.shop]\n\n"));
  CHECK(contains(diff::render_markdown(difference),
                 "| remove | <code>pay</code> | <code>k8s/pay&#46;yaml&#58;3</code> | "
                 "<code>&#91;discover&#46;shop&#93;</code> |\n"));
  const auto json = nlohmann::json::parse(diff::render_json(difference));
  CHECK(json["discovered"][1] ==
        nlohmann::json{{"action", "add"}, {"export", "web"}, {"table", "shop"}, {"place", "k8s/web.yaml:4"}});
  CHECK(nlohmann::json::parse(diff::render_json(example()))["discovered"].empty());
}

TEST_CASE("text shows a change once, its clusters and its risk") {
  CHECK(diff::render_text(example()) == R"(- PeerAuthentication.security.istio.io/istio-system/default
    in 1 cluster: east
    - apiVersion: security.istio.io/v1
    - kind: PeerAuthentication
    - metadata:
    -   name: default
    -   namespace: istio-system
    - spec:
    -   mtls:
    -     mode: STRICT
    risk, high: Istio's default applies again: every workload of the cluster accepts plain text

~ ServiceEntry.networking.istio.io/shop/a.b
    in 2 clusters: east, west
    ~ spec.ports[name=http].number: 80 -> 81
    risk, high: callers of a port that is removed or renumbered fail until they use the new one
    risk, low: callers can use a port that they could not use before

host a.b
    changes in 2 clusters: east, west

cluster east: 0 to add, 1 to change, 1 to remove, 0 unchanged
cluster west: 0 to add, 1 to change, 0 to remove, 0 unchanged

0 to add, 2 to change, 1 to remove in 2 clusters
)");
}

TEST_CASE("text of no difference is its summary") {
  CHECK(diff::render_text({{{.name = "a"}, {.name = "b"}}, {}, {}}) == "no differences in 2 clusters\n");
}

TEST_CASE("files that differ though no object does are counted") {
  const diff::Difference found{
      {{.name = "a", .unchanged = 3, .files = 2}, {.name = "b", .files = 1}, {.name = "c"}}, {}, {}};
  CHECK_FALSE(found.empty());
  CHECK(diff::render_text(found) ==
        "cluster a: no object differs, but 2 files do\n"
        "cluster b: no object differs, but 1 file does\n\n"
        "no object differs, but 3 files in 2 clusters do\n");
  CHECK(contains(diff::render_markdown(found), "no object differs, but 3 files in 2 clusters do\n"));
  CHECK(nlohmann::json::parse(diff::render_json(found))["clusters"][0]["files"] == 2);
}

TEST_CASE("colours are all that color adds") {
  std::string text = diff::render_text(example(), true);
  CHECK(contains(text, "\x1b["));
  for (std::size_t at = text.find('\x1b'); at != std::string::npos; at = text.find('\x1b'))
    text.erase(at, text.find('m', at) - at + 1);
  CHECK(text == diff::render_text(example()));
}

TEST_CASE("many clusters are named up to ten") {
  diff::Collector collector;
  for (int i = 10; i < 60; ++i) collector.add(diff::compare(kNothing, plan("c" + std::to_string(i), {entry("a.b")})));
  const std::string text = diff::render_text(std::move(collector).finish());
  CHECK(contains(text, "in 50 clusters: c10, c11, c12, c13, c14, c15, c16, c17, c18, c19 and 40 more\n"));
  CHECK(count(text, "ServiceEntry.networking.istio.io/shop/a.b") == 1);
}

TEST_CASE("JSON has all of it") {
  const auto json = nlohmann::json::parse(diff::render_json(example()));
  CHECK(json["version"] == 1);
  CHECK(json["change"] == 2);
  CHECK(json["remove"] == 1);
  CHECK(json["clusters"].size() == 3);
  const auto& removal = json["changes"][0];
  CHECK(removal["action"] == "remove");
  CHECK(removal["document"]["spec"]["mtls"]["mode"] == "STRICT");
  const auto& change = json["changes"][1];
  CHECK(change["object"] == "ServiceEntry.networking.istio.io/shop/a.b");
  CHECK(change["namespace"] == "shop");
  CHECK(change["clusters"] == nlohmann::json{"east", "west"});
  CHECK(change["fields"] ==
        nlohmann::json::parse(R"([{"path": "spec.ports[name=http].number", "before": 80, "after": 81}])"));
  CHECK(change["risks"][0]["rule"] == "host-ports");
  CHECK_FALSE(change.contains("document"));
  CHECK(json["hosts"][0]["changes"].size() == 2);
}

TEST_CASE("Markdown warns, counts and folds") {
  const std::string text = diff::render_markdown(example());
  CHECK(text.starts_with(
      "**meshfedc**: 0 to add, 2 to change, 1 to remove in 2 clusters\n\n> [!WARNING]\n> - **high**: "));
  CHECK(contains(text, "| east | 0 | 1 | 1 | 0 |\n"));
  CHECK(contains(text, "| <code>a&#46;b</code> |  | 2 clusters: east, west |  |\n"));
  CHECK(contains(text, "```diff\n! spec.ports[name=http].number: 80 -> 81\n```\n"));
  CHECK(count(text, "<details>") == 2);
  CHECK(count(text, "</details>") == 2);
  CHECK_FALSE(contains(text, "| same |"));
}

TEST_CASE("no object breaks out of where it is shown") {
  const std::string text = diff::render_text(hostile());
  CHECK(std::none_of(text.begin(), text.end(), [](char c) { return c == '\x1b'; }));
  CHECK(count(text, "\n- ") == 0);

  const std::string markdown = diff::render_markdown(hostile());
  const std::size_t block = markdown.find("diff\n- apiVersion");
  REQUIRE(block != std::string::npos);
  // Outside of the block nothing of it is markup, and the block's fence is longer than any inside.
  const std::string outside = markdown.substr(0, block);
  CHECK(count(outside, "</code>") == count(outside, "<code>"));
  CHECK_FALSE(contains(outside, "</details>"));
  CHECK_FALSE(contains(outside, "@"));
  CHECK_FALSE(contains(outside, "<b>"));
  CHECK_FALSE(contains(outside, "]("));
  CHECK(markdown.substr(block - 5, 5) == "`````");
  CHECK(markdown.ends_with("\n`````\n\n</details>\n"));

  const auto json = nlohmann::json::parse(diff::render_json(hostile()));
  CHECK(json["remove"] == 1);
}

TEST_CASE("a comment is never too long, and says what it leaves out") {
  for (const std::size_t objects : {1U, 100U, 1000U, 5000U}) {
    for (const std::size_t limit : {std::size_t{4096}, diff::kMaxComment}) {
      INFO(objects << " objects, " << limit << " bytes");
      const std::string text = diff::render_markdown(large(objects), limit);
      CHECK(text.size() <= limit);
      CHECK(count(text, "<details>") == count(text, "</details>"));
      CHECK(contains(text, "**Cut to fit in a comment**") == (count(text, "<details>") < objects));
      CHECK(contains(text, std::to_string(objects) + " to add"));
    }
  }
}
