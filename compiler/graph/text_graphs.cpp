#include "graph/text_graphs.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"
#include "graph/label.hpp"

namespace meshfed::graph {
namespace {

constexpr std::size_t kLabel = 40;  // columns of a label before hosts are counted instead

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' || c == '-' ||
         c == '.' || c == ',' || c == '/' || c == ':' || c == '+' || c == '~' || (static_cast<unsigned char>(c) & 0x80);
}

/// Text between quotes, in which Mermaid finds neither Markdown nor HTML: `+ a` would be a list.
std::string mermaid_text(std::string_view text) {
  std::string out;
  for (const char c : base::escaped(text)) {
    if (is_plain(c) && !(c == '+' && out.empty()))
      out += c;
    else
      fmt::format_to(std::back_inserter(out), "#{};", static_cast<int>(c));
  }
  return out;
}

std::string dot_text(std::string_view text) {
  std::string out;
  for (const char c : base::escaped(text)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

constexpr std::string_view kColours[] = {"#57606a", "#1a7f37", "#cf222e", "#9a6700"};

std::string_view colour_of(Change change) { return kColours[static_cast<std::size_t>(change)]; }

std::string signed_name(Change change, const std::string& name) {
  return change == Change::none ? name : fmt::format("{} {}", sign(change), name);
}

/// The label of an arrow; in front, what became of all of it.
std::string arrow_label(const Topology& topology, const Bundle& bundle) {
  const Change change = change_of(topology, bundle);
  const std::string words = label(topology, bundle, kLabel);
  return change == Change::added || change == Change::removed ? signed_name(change, words) : words;
}

bool is_direct(const Topology& topology, const Bundle& bundle) {
  return std::all_of(bundle.links.begin(), bundle.links.end(),
                     [&](std::uint32_t link) { return topology.links[link].way == Way::direct; });
}

/// Calls visit(cluster) for each of the mesh.
template <class Visit>
void each_of(const Topology& topology, std::uint32_t mesh, Visit visit) {
  for (std::uint32_t id = 0; id < topology.clusters.size(); ++id) {
    if (topology.clusters[id].mesh == mesh) visit(id, topology.clusters[id]);
  }
}

}  // namespace

std::string mermaid(const Topology& topology) {
  std::string out(kMermaidMark);
  const auto to = std::back_inserter(out);
  out += "flowchart LR\n";
  for (std::uint32_t mesh = 0; mesh < topology.meshes.size(); ++mesh) {
    const MeshNode& node = topology.meshes[mesh];
    fmt::format_to(to, "  subgraph m{}[\"{}\"]\n", mesh, mermaid_text(signed_name(node.change, node.name)));
    each_of(topology, mesh, [&](std::uint32_t id, const ClusterNode& cluster) {
      fmt::format_to(to, "    c{}[\"{}<br>{}\"]\n", id, mermaid_text(signed_name(cluster.change, cluster.name)),
                     mermaid_text(cluster.network));
    });
    out += "  end\n";
  }
  const std::vector<Bundle> all = bundles(topology);
  for (const Bundle& bundle : all)
    fmt::format_to(to, "  c{} {}|\"{}\"| c{}\n", bundle.consumer, is_direct(topology, bundle) ? "-->" : "-.->",
                   mermaid_text(arrow_label(topology, bundle)), bundle.server);
  if (!topology.compared) return out;
  for (std::size_t i = 0; i < all.size(); ++i)
    fmt::format_to(to, "  linkStyle {} stroke:{},color:{}\n", i, colour_of(change_of(topology, all[i])),
                   colour_of(change_of(topology, all[i])));
  for (std::uint32_t id = 0; id < topology.clusters.size(); ++id) {
    const Change change = topology.clusters[id].change;
    if (change != Change::none) fmt::format_to(to, "  style c{} stroke:{},stroke-width:2px\n", id, colour_of(change));
  }
  return out;
}

std::string dot(const Topology& topology) {
  std::string out(kDotMark);
  const auto to = std::back_inserter(out);
  fmt::format_to(to,
                 "digraph \"{}\" {{\n  rankdir=LR\n  node [shape=box, style=rounded, fontname=\"monospace\"]\n"
                 "  edge [fontname=\"monospace\", fontsize=10]\n",
                 dot_text(topology.federation));
  for (std::uint32_t mesh = 0; mesh < topology.meshes.size(); ++mesh) {
    const MeshNode& node = topology.meshes[mesh];
    fmt::format_to(to, "  subgraph cluster_{} {{\n    label=\"{}\"\n    color=\"{}\"\n", mesh,
                   dot_text(signed_name(node.change, node.name)), colour_of(node.change));
    each_of(topology, mesh, [&](std::uint32_t id, const ClusterNode& cluster) {
      fmt::format_to(to, "    c{} [label=\"{}\\n{}\", color=\"{}\"]\n", id,
                     dot_text(signed_name(cluster.change, cluster.name)), dot_text(cluster.network),
                     colour_of(cluster.change));
    });
    out += "  }\n";
  }
  for (const Bundle& bundle : bundles(topology))
    fmt::format_to(to, "  c{} -> c{} [label=\"{}\", tooltip=\"{}\", color=\"{}\", style={}]\n", bundle.consumer,
                   bundle.server, dot_text(arrow_label(topology, bundle)), dot_text(title(topology, bundle)),
                   colour_of(change_of(topology, bundle)), is_direct(topology, bundle) ? "solid" : "dashed");
  out += "}\n";
  return out;
}

}  // namespace meshfed::graph
