#include "graph/words.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "model/address.hpp"

namespace meshfed::graph {
namespace {

using model::ClusterId;
using model::ExportId;
using model::NetworkId;

Way way_to(const model::ResolvedFederation& resolved, ClusterId cluster, NetworkId network) {
  const bool egress = resolved.egress(cluster, network) == model::EgressMode::gateway;
  if (resolved.networks[network].router) return egress ? Way::egress_router : Way::router;
  return egress ? Way::egress : Way::direct;
}

}  // namespace

std::string_view words(Way way) {
  switch (way) {
    case Way::direct:
      return "direct";
    case Way::egress:
      return "egress gateway";
    case Way::router:
      return "router";
    case Way::egress_router:
      return "egress gateway, router";
    case Way::remote_secret:
      return "remote secret";
  }
  return "";
}

std::string_view word(Way way) {
  constexpr std::string_view kWords[] = {"direct", "egress", "router", "egress-router", "remote-secret"};
  return kWords[static_cast<std::size_t>(way)];
}

std::vector<Source> sources_of(const model::ResolvedFederation& resolved, ClusterId cluster, ExportId exported) {
  std::vector<Source> sources;
  for (const NetworkId network : resolved.live_sources(cluster, exported))
    sources.push_back({network, way_to(resolved, cluster, network)});
  if (resolved.read_networks(cluster, exported).count == 0) return sources;
  for (const NetworkId network : resolved.readable(cluster, exported)->networks) {
    const bool pending = resolved.networks[network].pending;
    if (network != resolved.clusters[cluster].network && !pending) sources.push_back({network, Way::remote_secret});
  }
  std::sort(sources.begin(), sources.end(), [](const Source& a, const Source& b) { return a.network < b.network; });
  return sources;
}

std::vector<ClusterId> servers_in(const model::ResolvedFederation& resolved, NetworkId network, ExportId exported) {
  std::vector<ClusterId> servers;
  for (const ClusterId cluster : resolved.networks[network].clusters) {
    if (resolved.serves(cluster, exported)) servers.push_back(cluster);
  }
  return servers;
}

std::string endpoint(const std::string& address, int port) {
  const bool ipv6 = model::family_of(address) == model::Family::ipv6 && !model::is_mapped_ipv4(address);
  return ipv6 ? fmt::format("[{}]:{}", address, port) : fmt::format("{}:{}", address, port);
}

std::vector<std::string> endpoints(const model::Gateway& gateway) {
  std::vector<std::string> list;
  for (const model::Name& address : *own_addresses(gateway))
    list.push_back(endpoint(model::canonical_address(*address), *own_port(gateway)));
  return list;
}

std::string words(const model::Port& port) {
  const std::optional<model::Protocol> protocol = model::protocol_of(port);
  return fmt::format("{}/{}", *port.number, protocol ? model::word(*protocol) : "?");
}

std::vector<std::string> ports_of(const model::Export& exported) {
  std::vector<std::string> list;
  for (const model::Port& port : *exported.ports) list.push_back(words(port));
  return list;
}

std::string weight_of(const model::ResolvedFederation& resolved, ClusterId cluster, ExportId exported,
                      std::string_view network) {
  const model::Numbers& share = resolved.share(cluster, exported);
  if (share.given()) {
    for (const auto& [name, percent] : *share) {
      if (*name == network) return fmt::format("{}%", *percent);
    }
    return "0%";
  }
  const model::Value<model::Weight>& weight = resolved.weight(cluster, exported);
  if (!weight.given()) return "";
  if (network == model::kLocalShare) return "1 each";
  return std::to_string(model::weight_of(*weight, network));
}

std::vector<std::string> strings(const model::Names& names) {
  std::vector<std::string> list;
  for (const model::Name& name : *names) list.push_back(*name);
  return list;
}

std::string strings(const model::Labels& labels) {
  std::vector<std::string> list;
  for (const auto& [key, value] : *labels) list.push_back(*key + "=" + *value);
  return base::join(list, ",");
}

std::vector<std::string> names(const model::ResolvedFederation& resolved, const std::vector<ClusterId>& clusters) {
  std::vector<std::string> list;
  for (const ClusterId id : clusters) list.push_back(*resolved.cluster(id).name);
  return list;
}

std::string place_of(const source::Manager& files, const source::Span& span) {
  if (!span.known()) return "";
  const source::Place place = files.begin(span);
  return fmt::format("{}:{}", place.path, place.line);
}

std::string place_of(const source::Manager& files, const model::Export& exported) {
  if (!exported.discovered) return place_of(files, exported.name.span);
  return fmt::format("{} ({})", place_of(files, exported.discovered->service), exported.discovered->table);
}

}  // namespace meshfed::graph
