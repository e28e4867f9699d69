#include <fmt/format.h>

#include "base/text.hpp"
#include "graph/show_parts.hpp"
#include "graph/words.hpp"

namespace meshfed::graph {
namespace {

using model::ClusterId;
using model::ExportId;
using model::NetworkId;
using Strings = std::vector<std::string>;

constexpr std::size_t kNamed = 4;

Json gateway_json(const Showing& showing, ClusterId id) {
  const std::optional<model::Gateway>& gateway = *showing.resolved.cluster(id).gateway;
  if (!gateway) return Json();
  Json views = Json::array();
  for (const model::View& view : gateway->seen_from) {
    Json addresses = Json::array();
    for (const model::Name& address : *view.addresses)
      addresses.push_back(endpoint(*address, *model::port_for(*gateway, *view.network)));
    views.push_back({{"network", *view.network}, {"addresses", std::move(addresses)}});
  }
  return {{"namespace", showing.resolved.gateway_namespace(id)},
          {"name", *gateway->name},
          {"deployed", *gateway->deploy},
          {"pending", *gateway->pending},
          {"router", gateway->router->has_value()},
          {"addresses", endpoints(*gateway)},
          {"seen_from", std::move(views)}};
}

/// "istio-system/eastwest-gateway, pending"
Strings gateway_words(const Showing& showing, ClusterId id) {
  const std::optional<model::Gateway>& gateway = *showing.resolved.cluster(id).gateway;
  if (!gateway) return {"none"};
  const std::string& ns = showing.resolved.gateway_namespace(id);
  std::string line =
      *gateway->deploy ? fmt::format("{}/{}", ns, *gateway->name) : fmt::format("an existing one in {}", ns);
  if (*gateway->router) line += ", behind a router";
  if (*gateway->pending) line += ", pending";
  return {line};
}

Strings address_words(const Showing& showing, ClusterId id) {
  const std::optional<model::Gateway>& gateway = *showing.resolved.cluster(id).gateway;
  if (!gateway) return {};
  Strings lines = endpoints(*gateway);
  for (const model::View& view : gateway->seen_from) {
    for (const model::Name& address : *view.addresses)
      lines.push_back(fmt::format("{} (seen from {})", endpoint(*address, *model::port_for(*gateway, *view.network)),
                                  *view.network));
  }
  return lines;
}

/// Which gateway calls leave by; none if none do.
std::optional<std::string> egress_gateway(const Showing& showing, ClusterId id) {
  const model::ResolvedFederation& resolved = showing.resolved;
  for (const NetworkId network : resolved.remote_networks(id)) {
    if (resolved.egress(id, network) == model::EgressMode::gateway)
      return fmt::format("{}/{}", resolved.egress_namespace(id), *resolved.cluster(id).egress_gateway->name);
  }
  return std::nullopt;
}

/// The exports that the cluster serves, merges or consumes, in all their roles.
struct Hosts {
  Table served{.title = "serves", .columns = {"HOST", "PORTS", "CONSUMED BY"}, .rows = {}};
  Table consumed{.title = "consumes", .columns = {"HOST", "PORTS", "SOURCE", "WAY", "WEIGHT"}, .rows = {}};
  Json serves = Json::array();
  Json consumes = Json::array();
};

void add_served(const Showing& showing, ExportId host, Hosts& hosts) {
  const model::ExportInfo& info = showing.resolved.exports[host];
  const Strings ports = ports_of(showing.resolved.exported(host));
  const Strings consumers = names(showing.resolved, info.consumers);
  hosts.served.rows.push_back({info.host, base::join(ports, ","), base::join(consumers, ",", kNamed)});
  hosts.serves.push_back({{"export", *showing.resolved.exported(host).name},
                          {"host", info.host},
                          {"ports", ports},
                          {"consumed_by", consumers}});
}

void add_consumed(const Showing& showing, ClusterId id, ExportId host, Hosts& hosts) {
  const model::ExportInfo& info = showing.resolved.exports[host];
  const Strings ports = ports_of(showing.resolved.exported(host));
  std::string name = info.host, listed = base::join(ports, ",");
  for (const Strings& source : source_rows(showing, id, host)) {
    Strings row{name, listed};
    row.insert(row.end(), source.begin(), source.end());
    hosts.consumed.rows.push_back(std::move(row));
    name = listed = " ";  // said once
  }
  Strings aliases;
  showing.resolved.each_host_at(id, host, [&](const std::string& own) {
    if (own != info.host) aliases.push_back(own);
  });
  hosts.consumes.push_back({{"export", *showing.resolved.exported(host).name},
                            {"host", info.host},
                            {"aliases", aliases},
                            {"ports", ports},
                            {"namespace", showing.resolved.host_namespace(id, host)},
                            {"sources", source_json(showing, id, host)}});
}

Hosts hosts_of(const Showing& showing, ClusterId id) {
  const model::ResolvedFederation& resolved = showing.resolved;
  Hosts hosts;
  for (const ExportId host : resolved.clusters[id].hosts) {
    if (resolved.serves(id, host)) add_served(showing, host, hosts);
    if (resolved.consumes(id, host)) add_consumed(showing, id, host, hosts);
  }
  return hosts;
}

}  // namespace

Json source_json(const Showing& showing, ClusterId cluster, ExportId exported) {
  const model::ResolvedFederation& resolved = showing.resolved;
  Json sources = Json::array();
  const auto add = [&](Json source, std::string_view network) {
    const std::string weight = weight_of(resolved, cluster, exported, network);
    if (weight.ends_with('%'))
      source["share"] = std::stoi(weight);
    else if (!weight.empty())
      source["weight"] = std::stoi(weight);
    sources.push_back(std::move(source));
  };
  if (resolved.has_workloads(cluster, exported)) add({{"way", "local"}}, model::kLocalShare);
  for (const Source& source : sources_of(resolved, cluster, exported)) {
    const std::string& network = *resolved.network(source.network).name;
    const model::Reach reach = resolved.reach(source.network, resolved.clusters[cluster].network);
    Json addresses = Json::array();
    for (const std::string& address : reach.addresses) addresses.push_back(endpoint(address, reach.port));
    add({{"way", word(source.way)},
         {"network", network},
         {"clusters", names(resolved, servers_in(resolved, source.network, exported))},
         {"addresses", std::move(addresses)}},
        network);
  }
  return sources;
}

std::vector<Strings> source_rows(const Showing& showing, ClusterId cluster, ExportId exported) {
  const model::ResolvedFederation& resolved = showing.resolved;
  std::vector<Strings> rows;
  if (resolved.has_workloads(cluster, exported))
    rows.push_back({"its own workloads", "local", weight_of(resolved, cluster, exported, model::kLocalShare)});
  for (const Source& source : sources_of(resolved, cluster, exported)) {
    const std::string& network = *resolved.network(source.network).name;
    rows.push_back({network, std::string(words(source.way)), weight_of(resolved, cluster, exported, network)});
  }
  for (const NetworkId network : resolved.exports[exported].sources) {
    if (resolved.networks[network].pending && network != resolved.clusters[cluster].network)
      rows.push_back({*resolved.network(network).name, "pending", ""});
  }
  return rows;
}

Shown show_cluster(const Showing& showing, ClusterId id, const Strings& written) {
  const model::ResolvedFederation& resolved = showing.resolved;
  const model::Cluster& cluster = resolved.cluster(id);
  const std::string& mesh = *resolved.mesh_of(id).name;
  const std::string& network = *resolved.network(resolved.clusters[id].network).name;
  const std::string istio = model::word(*resolved.clusters[id].settings.istio);
  const std::optional<std::string> egress = egress_gateway(showing, id);
  const std::string place = place_of(showing.files, cluster.name.span);
  Hosts hosts = hosts_of(showing, id);
  Table files{.title = "files", .columns = {"PATH"}, .rows = {}};
  for (const std::string& path : written) files.rows.push_back({path});
  const Strings locality = cluster.locality->empty() ? Strings() : Strings{*cluster.locality};
  Shown shown{.page = {.title = "Cluster " + *cluster.name,
                       .fields = {{"cluster", {*cluster.name}},
                                  {"mesh", {mesh}},
                                  {"network", {network}},
                                  {"istio", {istio}},
                                  {"locality", locality},
                                  {"gateway", gateway_words(showing, id)},
                                  {"addresses", address_words(showing, id)},
                                  {"egress gateway", egress ? Strings{*egress} : Strings()},
                                  {"declared in", {place}}},
                       .tables = {hosts.served, hosts.consumed, files}},
              .json = {{"name", *cluster.name}, {"mesh", mesh}, {"network", network}, {"istio", istio}}};
  shown.json["locality"] = locality.empty() ? Json() : Json(locality.front());
  shown.json["gateway"] = gateway_json(showing, id);
  shown.json["egress_gateway"] = egress ? Json(*egress) : Json();
  shown.json["place"] = place;
  shown.json["serves"] = std::move(hosts.serves);
  shown.json["consumes"] = std::move(hosts.consumes);
  shown.json["files"] = written;
  return shown;
}

}  // namespace meshfed::graph
