#include "graph/show.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/sorted.hpp"
#include "base/text.hpp"
#include "graph/show_parts.hpp"
#include "graph/words.hpp"

namespace meshfed::graph {
namespace {

using model::ClusterId;
using model::ExportId;
using Strings = std::vector<std::string>;

constexpr int kJsonVersion = 1;
constexpr std::size_t kNamed = 4;

Table clusters_table(const Showing& showing, const std::vector<ClusterId>& clusters) {
  Table table{.title = "clusters", .columns = {"CLUSTER", "MESH", "NETWORK", "GATEWAY"}, .rows = {}};
  for (const ClusterId id : clusters) {
    const std::optional<model::Gateway>& gateway = *showing.resolved.cluster(id).gateway;
    table.rows.push_back({*showing.resolved.cluster(id).name, *showing.resolved.mesh_of(id).name,
                          *showing.resolved.network(showing.resolved.clusters[id].network).name,
                          !gateway            ? ""
                          : *gateway->pending ? "pending"
                                              : base::join(endpoints(*gateway), ",")});
  }
  return table;
}

/// What a group of clusters serves to others and consumes from others, host by host.
struct Exchange {
  Table served{.title = "serves", .columns = {"HOST", "PORTS", "IN", "CONSUMED BY"}, .rows = {}};
  Table consumed{.title = "consumes", .columns = {"HOST", "PORTS", "IN", "SERVED BY"}, .rows = {}};
  Json serves = Json::array();
  Json consumes = Json::array();
};

std::vector<ClusterId> of(const std::vector<ClusterId>& group, const std::vector<ClusterId>& clusters) {
  std::vector<ClusterId> both;
  std::set_intersection(group.begin(), group.end(), clusters.begin(), clusters.end(), std::back_inserter(both));
  return both;
}

Exchange exchange_of(const Showing& showing, const std::vector<ClusterId>& group) {
  const model::ResolvedFederation& resolved = showing.resolved;
  std::vector<ExportId> hosts;
  for (const ClusterId cluster : group)
    hosts.insert(hosts.end(), resolved.clusters[cluster].hosts.begin(), resolved.clusters[cluster].hosts.end());
  base::sort_unique(hosts);
  Exchange exchange;
  for (const ExportId host : hosts) {
    const model::ExportInfo& info = resolved.exports[host];
    const Strings ports = ports_of(resolved.exported(host));
    const auto add = [&](const std::vector<ClusterId>& here, const std::vector<ClusterId>& there, Table& table,
                         Json& list, const char* key) {
      const Strings in = names(resolved, of(group, here));
      if (in.empty()) return;
      const Strings others = names(resolved, there);
      table.rows.push_back(
          {info.host, base::join(ports, ","), base::join(in, ",", kNamed), base::join(others, ",", kNamed)});
      list.push_back({{"export", *resolved.exported(host).name},
                      {"host", info.host},
                      {"ports", ports},
                      {"clusters", in},
                      {key, others}});
    };
    add(info.from, info.consumers, exchange.served, exchange.serves, "consumed_by");
    add(info.consumers, info.from, exchange.consumed, exchange.consumes, "served_by");
  }
  return exchange;
}

void add_exchange(const Showing& showing, const std::vector<ClusterId>& clusters, Shown& shown) {
  Exchange exchange = exchange_of(showing, clusters);
  shown.page.tables = {clusters_table(showing, clusters), exchange.served, exchange.consumed};
  shown.json["clusters"] = names(showing.resolved, clusters);
  shown.json["serves"] = std::move(exchange.serves);
  shown.json["consumes"] = std::move(exchange.consumes);
}

Shown show_mesh(const Showing& showing, model::MeshId id) {
  const model::Mesh& mesh = showing.resolved.mesh(id);
  const std::string place = place_of(showing.files, mesh.name.span);
  Shown shown{.page = {.title = "Mesh " + *mesh.name,
                       .fields = {{"mesh", {*mesh.name}},
                                  {"trust domain", {*mesh.trust_domain}},
                                  {"root namespace", {*mesh.root_namespace}},
                                  {"remote secrets",
                                   *mesh.remote_secrets ? Strings{"its clusters read each other"} : Strings()},
                                  {"declared in", {place}}},
                       .tables = {}},
              .json = {{"name", *mesh.name},
                       {"trust_domain", *mesh.trust_domain},
                       {"root_namespace", *mesh.root_namespace},
                       {"remote_secrets", *mesh.remote_secrets},
                       {"place", place}}};
  add_exchange(showing, showing.resolved.meshes[id].clusters, shown);
  return shown;
}

Shown show_network(const Showing& showing, model::NetworkId id) {
  const model::ResolvedFederation& resolved = showing.resolved;
  const model::Network& network = resolved.network(id);
  const model::NetworkInfo& info = resolved.networks[id];
  const std::string mesh = info.mesh == model::kNone ? "" : *resolved.mesh(info.mesh).name;
  const std::string place = place_of(showing.files, network.name.span);
  Shown shown{.page = {.title = "Network " + *network.name,
                       .fields = {{"network", {*network.name}},
                                  {"mesh", mesh.empty() ? Strings() : Strings{mesh}},
                                  {"egress port", {std::to_string(*network.egress_port)}},
                                  {"pending", info.pending ? Strings{"no gateway has an address yet"} : Strings()},
                                  {"declared in", {place}}},
                       .tables = {}},
              .json = {{"name", *network.name}}};
  shown.json["mesh"] = mesh.empty() ? Json() : Json(mesh);
  shown.json["egress_port"] = *network.egress_port;
  shown.json["pending"] = info.pending;
  shown.json["place"] = place;
  add_exchange(showing, info.clusters, shown);
  return shown;
}

Shown shown_of(const Showing& showing, const Named& thing, const Strings& written) {
  switch (thing.kind) {
    case Kind::mesh:
      return show_mesh(showing, showing.resolved.find_mesh(thing.name));
    case Kind::network:
      return show_network(showing, showing.resolved.find_network(thing.name));
    case Kind::cluster:
      return show_cluster(showing, showing.resolved.find_cluster(thing.name), written);
    case Kind::export_:
    case Kind::host:
      break;
  }
  return show_export(showing, export_of(showing.resolved, thing));
}

}  // namespace

std::string show(const model::ResolvedFederation& resolved, const source::Manager& files, const Named& thing,
                 const Strings& written, Form form) {
  Shown shown = shown_of({resolved, files}, thing, written);
  switch (form) {
    case Form::text:
      return text(shown.page);
    case Form::markdown:
      return markdown(shown.page);
    case Form::json:
      break;
  }
  const std::string_view key = thing.kind == Kind::host ? word(Kind::export_) : word(thing.kind);
  return Json{{"version", kJsonVersion}, {std::string(key), std::move(shown.json)}}.dump(2) + "\n";
}

}  // namespace meshfed::graph
