#include "graph/html.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/sha256.hpp"
#include "base/text.hpp"
#include "graph/assets.hpp"
#include "graph/label.hpp"
#include "graph/svg.hpp"
#include "graph/svg_style.hpp"
#include "graph/xml.hpp"

namespace meshfed::graph {
namespace {

using Json = nlohmann::ordered_json;

int number(Change change) { return static_cast<int>(change); }

Json facts_json(const std::vector<Fact>& facts) {
  Json list = Json::array();
  for (const auto& [key, value] : facts) list.push_back({base::escaped(key), base::escaped(value)});
  return list;
}

/// Consumers that many hosts have in common stand there once.
class Sets {
 public:
  std::size_t id_of(std::vector<std::uint32_t> set) {
    const auto [place, is_new] = ids_.emplace(std::move(set), ids_.size());
    if (is_new) all_.push_back(place->first);
    return place->second;
  }
  Json json() && { return std::move(all_); }

 private:
  std::map<std::vector<std::uint32_t>, std::size_t> ids_;
  Json all_ = Json::array();
};

void add_calls(const Topology& topology, Json& data) {
  std::map<std::tuple<std::uint32_t, std::uint32_t, Way, Change>, std::vector<std::uint32_t>> grouped;  // by host first
  for (const Link& link : topology.links)
    grouped[{link.host, link.server, link.way, link.change}].push_back(link.consumer);
  Sets sets;
  Json calls = Json::array();
  for (auto& [key, consumers] : grouped) {
    const auto& [host, server, way, change] = key;
    calls.push_back({host, server, word(way), number(change), sets.id_of(std::move(consumers))});
  }
  data["sets"] = std::move(sets).json();
  data["calls"] = std::move(calls);
}

Json json_of(const Topology& topology) {
  Json data = {{"compared", topology.compared}};
  data["meshes"] = data["clusters"] = data["hosts"] = data["servings"] = Json::array();
  for (const MeshNode& mesh : topology.meshes)
    data["meshes"].push_back(
        {{"name", base::escaped(mesh.name)}, {"facts", facts_json(mesh.facts)}, {"change", number(mesh.change)}});
  for (const ClusterNode& cluster : topology.clusters)
    data["clusters"].push_back({{"name", base::escaped(cluster.name)},
                                {"mesh", cluster.mesh},
                                {"network", base::escaped(cluster.network)},
                                {"facts", facts_json(cluster.facts)},
                                {"change", number(cluster.change)}});
  for (const HostNode& host : topology.hosts)
    data["hosts"].push_back({{"name", base::escaped(host.name)},
                             {"facts", facts_json(host.facts)},
                             {"local", host.local},
                             {"change", number(host.change)}});
  for (const Serving& serving : topology.servings)
    data["servings"].push_back({serving.cluster, serving.host, number(serving.change)});
  add_calls(topology, data);
  return data;
}

/// JSON that no parser of HTML can take for anything but text.
std::string script_data(const Topology& topology) {
  std::string out;
  for (const char c : json_of(topology).dump(-1, ' ', true, Json::error_handler_t::replace)) {
    if (c == '<' || c == '>' || c == '&')
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<int>(c));
    else
      out += c;
  }
  return out;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += i + k <= bytes.size() ? kDigits[group >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

/// What a policy calls this very text.
std::string source_of(std::string_view text) {
  const std::string digits = base::sha256_hex(text);
  const auto value = [](char digit) { return digit <= '9' ? digit - '0' : digit - 'a' + 10; };
  std::string digest;
  for (std::size_t i = 0; i < digits.size(); i += 2)
    digest += static_cast<char>(value(digits[i]) * 16 + value(digits[i + 1]));
  return fmt::format("'sha256-{}'", base64(digest));
}

std::string view_button(std::string_view id, std::string_view words) {
  return fmt::format("<button type=\"button\" id=\"show-{}\" aria-pressed=\"false\">{}</button>", id, words);
}

}  // namespace

std::string html(const Topology& topology) {
  const bool few = topology.clusters.size() <= kMostInDiagram;
  const std::string picture = few ? svg_element(topology, diagram(topology)) : "";
  const std::string policy = fmt::format("default-src 'none'; script-src {}; style-src {} {}", source_of(kPageScript),
                                         source_of(kPageStyle), source_of("\n" + svg_style()));
  std::string out(kHtmlMark);
  fmt::format_to(std::back_inserter(out),
                 R"page(<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Federation {}</title>
<style>{}</style>
</head><body>
<header><h1>{}</h1><p>{}</p><span class="grow"></span>
<span id="found" role="status"></span>
{}<input type="search" id="filter" placeholder="Filter: host, cluster, mesh  ( / )"
 aria-label="Filter by host, cluster, mesh or network" autocomplete="off" spellcheck="false">
<nav aria-label="View">{}{}{}</nav></header>
<main tabindex="-1"><div id="diagram">{}</div><div id="matrix"></div><div id="hosts"></div>
<noscript><p>This page needs JavaScript, its own only.
`meshfedc graph` without `--format html` draws pictures without any.</p></noscript></main>
<aside id="panel" aria-live="polite" aria-label="Details"></aside>
<script type="application/json" id="data">{}</script>
<script>{}</script>
</body></html>
)page",
                 policy, xml(topology.federation), kPageStyle, xml(topology.federation), summary(topology),
                 topology.compared ? "<label><input type=\"checkbox\" id=\"changes\"> only changes</label>\n" : "",
                 view_button("diagram", "Diagram"), view_button("matrix", "Matrix"), view_button("hosts", "Hosts"),
                 picture, script_data(topology), kPageScript);
  return out;
}

}  // namespace meshfed::graph
