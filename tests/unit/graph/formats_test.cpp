// What is written in the languages of browsers and other tools, and what hostile names do there: nothing.
#include <string>

#include <nlohmann/json.hpp>

#include "fleet.hpp"
#include "graph/html.hpp"
#include "graph/page.hpp"
#include "graph/svg.hpp"
#include "graph/text_graphs.hpp"
#include "graph/xml.hpp"
#include "unit/check/shop.hpp"

using namespace meshfed;
using testing::kCart;
using testing::kShop;
using testing::topology_of;

namespace {

const std::string kHostile = "</title></script><script>alert(1)</script>\"'`|]&\x1b[31m\xff\n\xE2\x80\xAE\xEF\xBF\xBF";

/// Two clusters and a call, all of whose names are hostile.
graph::Topology hostile() {
  graph::Topology all = topology_of(kShop + kCart);
  all.federation = kHostile;
  for (auto& mesh : all.meshes) mesh.name += kHostile;
  for (auto& cluster : all.clusters) {
    cluster.name += kHostile;
    cluster.network = cluster.gateway = kHostile;
    cluster.facts = {{kHostile, kHostile}};
  }
  for (auto& host : all.hosts) {
    host.name = host.exported = kHostile;
    host.facts = {{kHostile, kHostile}};
  }
  return all;
}

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("text in XML is text") {
  CHECK(graph::xml("a<b>&\"'") == "a&lt;b&gt;&amp;&quot;&#39;");
  CHECK(graph::xml("\x01\x1b\xff") == "\\x01\\x1b\\xff");
  CHECK(graph::xml("\xEF\xBF\xBF") == "\xEF\xBF\xBD");  // no character of XML
  CHECK(graph::xml("h\xC3\xA9") == "h\xC3\xA9");
}

TEST_CASE("a flowchart has a line for each mesh, cluster and pair") {
  CHECK(graph::mermaid(topology_of(kShop + kCart)) == R"(%% meshfedc graph
flowchart LR
  subgraph m0["berlin"]
    c0["berlin-1<br>berlin-vpc"]
  end
  subgraph m1["tokyo"]
    c1["tokyo-1<br>tokyo-vpc"]
  end
  c1 -->|"cart"| c0
)");
}

TEST_CASE("a graph for Graphviz has the same") {
  CHECK(graph::dot(topology_of(kShop + kCart)) == R"(// meshfedc graph
digraph "shop" {
  rankdir=LR
  node [shape=box, style=rounded, fontname="monospace"]
  edge [fontname="monospace", fontsize=10]
  subgraph cluster_0 {
    label="berlin"
    color="#57606a"
    c0 [label="berlin-1\nberlin-vpc", color="#57606a"]
  }
  subgraph cluster_1 {
    label="tokyo"
    color="#57606a"
    c1 [label="tokyo-1\ntokyo-vpc", color="#57606a"]
  }
  c1 -> c0 [label="cart", tooltip="tokyo-1 calls 1 host of berlin-1: cart.mesh.global", color="#57606a", style=solid]
}
)");
}

TEST_CASE("changes have colours and signs in every language") {
  const graph::Topology both = graph::compare({}, topology_of(kShop + kCart));
  const std::string mermaid = graph::mermaid(both);
  CHECK(count(mermaid, "c1 -->|\"#43; cart\"| c0\n") == 1);
  CHECK(count(mermaid, "linkStyle 0 stroke:#1a7f37,color:#1a7f37\n") == 1);
  CHECK(count(mermaid, "c0[\"#43; berlin-1<br>") == 1);
  CHECK(count(graph::dot(both), "label=\"+ cart\"") == 1);
  const std::string svg = graph::svg(both);
  CHECK(count(svg, ">+ berlin-1</text>") == 1);
  CHECK(count(svg, "class=\"call add\"") == 1);
  CHECK(count(svg, ">+ cart</text>") == 2);  // in the card that serves, and in the one that calls
  CHECK(count(svg, "class=\"key add\"") == 1);
  CHECK(count(graph::svg(topology_of(kShop + kCart)), "class=\"key") == 0);
}

TEST_CASE("hostile names are text in every language") {
  const graph::Topology all = hostile();
  for (const std::string& text : {graph::svg(all), graph::html(all)}) {
    CHECK(count(text, "<script>alert") == 0);
    CHECK(count(text, "\x1b") == 0);
    CHECK(count(text, "\xff") == 0);
    CHECK(count(text, "\xE2\x80\xAE") == 0);
    CHECK(count(text, "\xEF\xBF\xBF") == 0);
  }
  CHECK(count(graph::html(all), "</script>") == 2);
  const std::string mermaid = graph::mermaid(all);
  CHECK(count(mermaid, "\n") == count(graph::mermaid(topology_of(kShop + kCart)), "\n"));
  CHECK(count(mermaid, "<script") == 0);
  CHECK(count(mermaid, "`") == 0);
  const std::string dot = graph::dot(all);
  CHECK(count(dot, "\n") == count(graph::dot(topology_of(kShop + kCart)), "\n"));
  CHECK(count(dot, "\\\"") == count(dot, "\"'"));
  CHECK(count(graph::markdown(graph::Table{.title = {}, .columns = {"A"}, .rows = {{kHostile}}}), "<") == 0);
}

TEST_CASE("a page is complete, and its policy allows its own script and styles only") {
  const std::string page = graph::html(topology_of(kShop + kCart));
  CHECK(page.starts_with(graph::kHtmlMark));
  CHECK(count(page, "http://") == 1);  // the namespace of SVG
  CHECK(count(page, "https://") == 0);
  CHECK(count(page, "src=") == 0);
  CHECK(count(page, "default-src 'none'; script-src 'sha256-") == 1);
  CHECK(count(page, "unsafe") == 0);
  CHECK(count(page, " style=\"") == 0);
  CHECK(graph::html(topology_of(kShop + kCart)) == page);
  const std::string_view mark = "id=\"data\">";
  const std::size_t begin = page.find(mark) + mark.size();
  const auto data = nlohmann::json::parse(page.substr(begin, page.find("</script>", begin) - begin));
  CHECK(data["hosts"][0]["name"] == "cart.mesh.global");
  CHECK(data["calls"][0] == nlohmann::json{0, 0, "direct", 0, 0});
  CHECK(data["sets"][0] == nlohmann::json{1});
}

TEST_CASE("a table is as wide as it has to be, and what is empty is a dash") {
  const graph::Table table{.title = "hosts", .columns = {"HOST", "BY"}, .rows = {{"a", "b"}, {"longer", ""}}};
  CHECK(graph::text(table) == "HOST    BY\na       b\nlonger  -\n");
  CHECK(graph::markdown(table) == "| HOST | BY |\n|---|---|\n| a | b |\n| longer | - |\n");
  const graph::Page page{.title = "Host a", .fields = {{"host", {"a", "b"}}, {"none", {}}}, .tables = {table}};
  CHECK(graph::text(page) == "Host:  a\n       b\n\nHosts:\n  HOST    BY\n  a       b\n  longer  -\n");
}
