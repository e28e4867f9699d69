#include <algorithm>

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

/// Where the workloads are, a row for each cluster that has some.
Table sources_table(const Showing& showing, ExportId id) {
  const model::ResolvedFederation& resolved = showing.resolved;
  Table table{.title = "served by",
              .columns = {"CLUSTER", "NETWORK", "FOR", "NAMESPACE", "PODS", "ACCOUNTS", "GATEWAY"},
              .rows = {}};
  const auto add = [&](ClusterId cluster, bool others) {
    const std::optional<model::Gateway>& gateway = *resolved.cluster(cluster).gateway;
    const auto [selector, canonical] = resolved.selectors(cluster, id);
    const std::string pods = canonical.given() ? "canonical-name=" + *canonical : strings(selector);
    const std::string state = gateway && *gateway->pending ? "pending" : "";
    table.rows.push_back({*resolved.cluster(cluster).name, *resolved.network(resolved.clusters[cluster].network).name,
                          others ? "all consumers" : "itself", *resolved.workload_namespace(cluster, id), pods,
                          base::join(strings(resolved.service_accounts(cluster, id)), ","),
                          !others                      ? ""
                          : !state.empty() || !gateway ? state
                                                       : base::join(endpoints(*gateway), ",")});
  };
  for (const ClusterId cluster : resolved.exports[id].from) add(cluster, true);
  for (const ClusterId cluster : resolved.exports[id].merge) {
    if (!resolved.serves(cluster, id)) add(cluster, false);
  }
  return table;
}

Table consumers_table(const Showing& showing, ExportId id) {
  const model::ResolvedFederation& resolved = showing.resolved;
  Table table{
      .title = "consumed by", .columns = {"CLUSTER", "MESH", "NAMESPACE", "SOURCE", "WAY", "WEIGHT"}, .rows = {}};
  for (const ClusterId cluster : resolved.exports[id].consumers) {
    Strings who{*resolved.cluster(cluster).name, *resolved.mesh_of(cluster).name, resolved.host_namespace(cluster, id)};
    for (const Strings& source : source_rows(showing, cluster, id)) {
      Strings row = who;
      row.insert(row.end(), source.begin(), source.end());
      table.rows.push_back(std::move(row));
      who.assign(who.size(), " ");  // said once
    }
  }
  return table;
}

Json sources(const Showing& showing, ExportId id) {
  const model::ResolvedFederation& resolved = showing.resolved;
  const std::vector<ClusterId>& from = resolved.exports[id].from;
  std::vector<ClusterId> all = from;
  all.insert(all.end(), resolved.exports[id].merge.begin(), resolved.exports[id].merge.end());
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  Json list = Json::array();
  for (const ClusterId cluster : all) {
    const auto [selector, canonical] = resolved.selectors(cluster, id);
    Json labels = Json::object();
    for (const auto& [key, value] : *selector) labels[*key] = *value;
    if (canonical.given()) labels["service.istio.io/canonical-name"] = *canonical;
    const NetworkId network = resolved.clusters[cluster].network;
    list.push_back({{"cluster", *resolved.cluster(cluster).name},
                    {"network", *resolved.network(network).name},
                    {"for", resolved.serves(cluster, id) ? "others" : "itself"},
                    {"pending", resolved.networks[network].pending},
                    {"namespace", *resolved.workload_namespace(cluster, id)},
                    {"selector", std::move(labels)},
                    {"service_accounts", strings(resolved.service_accounts(cluster, id))}});
  }
  return list;
}

Json consumers(const Showing& showing, ExportId id) {
  const model::ResolvedFederation& resolved = showing.resolved;
  Json list = Json::array();
  for (const ClusterId cluster : resolved.exports[id].consumers) {
    Json hosts = Json::array();
    resolved.each_host_at(cluster, id, [&](const std::string& host) { hosts.push_back(host); });
    list.push_back({{"cluster", *resolved.cluster(cluster).name},
                    {"mesh", *resolved.mesh_of(cluster).name},
                    {"namespace", resolved.host_namespace(cluster, id)},
                    {"hosts", std::move(hosts)},
                    {"sources", source_json(showing, cluster, id)}});
  }
  return list;
}

Strings port_words(const model::Export& exported) {
  Strings lines;
  for (const model::Port& port : *exported.ports) {
    const int target = model::target_of(port);
    const std::string to = target == *port.number ? "" : fmt::format(", target {}", target);
    lines.push_back(fmt::format("{} ({}{})", words(port), *port.name, to));
  }
  return lines;
}

Strings if_said(const model::Name& name) { return name.given() ? Strings{*name} : Strings(); }

}  // namespace

Json ports_json(const model::Export& exported) {
  Json ports = Json::array();
  for (const model::Port& port : *exported.ports)
    ports.push_back({{"name", *port.name},
                     {"number", *port.number},
                     {"target", model::target_of(port)},
                     {"protocol", model::word(*model::protocol_of(port))}});
  return ports;
}

Shown show_export(const Showing& showing, ExportId id) {
  const model::ResolvedFederation& resolved = showing.resolved;
  const model::Export& exported = resolved.exported(id);
  const model::ExportInfo& info = resolved.exports[id];
  const std::string place = place_of(showing.files, exported);
  const Strings callers = strings(exported.callers);
  const Strings refusing = names(resolved, info.refusing);
  Shown shown{.page = {.title = "Host " + info.host,
                       .fields = {{"host", {info.host}},
                                  {"aliases", info.aliases},
                                  {"export", {*exported.name}},
                                  {"namespace", if_said(exported.namespace_)},
                                  {"naming", {std::string(model::word(info.naming))}},
                                  {"ports", port_words(exported)},
                                  {"prefer", {std::string(model::word(*exported.prefer))}},
                                  {"callers", callers.empty() ? Strings{"everybody who reaches it"} : callers},
                                  {"visible to", strings(exported.visible_to)},
                                  {"virtual IPs", strings(exported.vip)},
                                  {"refused by", refusing},
                                  {"declared in", {place}}},
                       .tables = {sources_table(showing, id), consumers_table(showing, id)}},
              .json = {{"name", *exported.name},
                       {"host", info.host},
                       {"aliases", info.aliases},
                       {"namespace", *exported.namespace_},
                       {"naming", model::word(info.naming)}}};
  shown.json["ports"] = ports_json(exported);
  shown.json["prefer"] = model::word(*exported.prefer);
  shown.json["callers"] = callers;
  shown.json["visible_to"] = strings(exported.visible_to);
  shown.json["vips"] = strings(exported.vip);
  shown.json["refused_by"] = refusing;
  shown.json["place"] = place;
  shown.json["served_by"] = sources(showing, id);
  shown.json["consumed_by"] = consumers(showing, id);
  return shown;
}

}  // namespace meshfed::graph
