#include "graph/label.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.hpp"

namespace meshfed::graph {
namespace {

constexpr std::size_t kNamed = 10;  // hosts in a tooltip, before the rest is counted

std::array<std::size_t, 4> counts_of(const Topology& topology, const Bundle& bundle) {
  std::array<std::size_t, 4> counts{};
  for (const std::uint32_t link : bundle.links) ++counts[static_cast<std::size_t>(topology.links[link].change)];
  return counts;
}

std::string changes(const std::array<std::size_t, 4>& counts) {
  std::string text;
  for (const Change change : {Change::added, Change::removed, Change::changed}) {
    const std::size_t count = counts[static_cast<std::size_t>(change)];
    if (count > 0) text += fmt::format(" {}{}", sign(change), count);
  }
  return text;
}

/// The one way of all links; none if they differ.
std::optional<Way> way_of(const Topology& topology, const Bundle& bundle) {
  const Way way = topology.links[bundle.links.front()].way;
  const bool same = std::all_of(bundle.links.begin(), bundle.links.end(),
                                [&](std::uint32_t link) { return topology.links[link].way == way; });
  return same ? std::optional(way) : std::nullopt;
}

std::string_view short_word(Way way) {
  constexpr std::string_view kWords[] = {"", "egress", "router", "egress+router", "remote secret"};
  return kWords[static_cast<std::size_t>(way)];
}

}  // namespace

Change change_of(const Topology& topology, const Bundle& bundle) {
  const Change first = topology.links[bundle.links.front()].change;
  const bool same = std::all_of(bundle.links.begin(), bundle.links.end(),
                                [&](std::uint32_t link) { return topology.links[link].change == first; });
  return same ? first : Change::changed;
}

std::string_view sign(Change change) {
  constexpr std::string_view kSigns[] = {"", "+", "−", "~"};
  return kSigns[static_cast<std::size_t>(change)];
}

std::string fitted(std::string_view text, std::size_t columns) {
  const std::string shown = base::escaped(text);
  if (base::display_width(shown) <= columns) return shown;
  std::string out;
  for (std::size_t at = 0; at < shown.size();) {
    const std::string_view point = std::string_view(shown).substr(at, base::code_point_at(shown, at).bytes);
    if (base::display_width(out) + base::display_width(point) + 1 > columns) break;
    out += point;
    at += point.size();
  }
  return out + "…";
}

std::string names_or_count(const Topology& topology, const std::vector<std::uint32_t>& hosts, std::size_t width) {
  const std::string count = base::plural(hosts.size(), "host");
  if (hosts.size() > width) return count;
  std::vector<std::string> names;
  for (const std::uint32_t host : hosts) names.push_back(base::escaped(topology.hosts[host].exported));
  std::sort(names.begin(), names.end());
  const std::string joined = base::join(names);
  return base::display_width(joined) <= width ? joined : count;
}

std::string label(const Topology& topology, const Bundle& bundle, std::size_t width) {
  const Change change = change_of(topology, bundle);
  const std::optional<Way> way = way_of(topology, bundle);
  std::string after = change == Change::changed ? changes(counts_of(topology, bundle)) : "";
  if (way && *way != Way::direct) after += fmt::format(" · {}", short_word(*way));
  std::vector<std::uint32_t> hosts;
  for (const std::uint32_t link : bundle.links) hosts.push_back(topology.links[link].host);
  const std::size_t taken = base::display_width(after);
  return names_or_count(topology, hosts, width > taken ? width - taken : 0) + after;
}

std::string title(const Topology& topology, const Bundle& bundle) {
  std::vector<std::string> hosts;
  for (const std::uint32_t id : bundle.links) {
    const Link& link = topology.links[id];
    const std::string by = link.way == Way::direct ? "" : fmt::format(" ({})", words(link.way));
    hosts.push_back(fmt::format("{}{}{}", sign(link.change), topology.hosts[link.host].name, by));
  }
  return fmt::format("{} calls {} of {}: {}", topology.clusters[bundle.consumer].name,
                     base::plural(hosts.size(), "host"), topology.clusters[bundle.server].name,
                     base::join(hosts, ", ", kNamed));
}

std::string detail(const ClusterNode& cluster) {
  return cluster.gateway.empty() ? cluster.network : fmt::format("{} · {}", cluster.network, cluster.gateway);
}

std::string summary(const Topology& topology) {
  std::string text = fmt::format(
      "{} in {}, {}", base::plural(topology.folded > 0 ? topology.folded : topology.clusters.size(), "cluster"),
      base::plural(topology.meshes.size(), "mesh", "meshes"), base::plural(topology.hosts.size(), "host"));
  if (!topology.compared) return text;
  std::array<std::size_t, 4> hosts{}, links{};
  for (const HostNode& host : topology.hosts) ++hosts[static_cast<std::size_t>(host.change)];
  for (const Link& link : topology.links) ++links[static_cast<std::size_t>(link.change)];
  const std::string of_hosts = changes(hosts), of_links = changes(links);
  text += fmt::format("; hosts{}, calls{}", of_hosts.empty() ? " unchanged" : of_hosts,
                      of_links.empty() ? " unchanged" : of_links);
  return text;
}

}  // namespace meshfed::graph
