#include "graph/list.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/sorted.hpp"
#include "base/text.hpp"
#include "graph/show_parts.hpp"
#include "graph/words.hpp"

namespace meshfed::graph {
namespace {

using model::ClusterId;
using model::ExportId;
using model::MeshId;
using model::NetworkId;
using Strings = std::vector<std::string>;

constexpr int kJsonVersion = 1;
constexpr std::size_t kNamed = 3;  // of a list in a cell, before the rest is counted

std::string cell(const Strings& items) { return base::join(items, ",", kNamed); }
std::string cell(std::size_t count) { return std::to_string(count); }

/// Rows of a table, and the same as JSON.
struct Listed {
  std::string key;
  Table table;
  Json items = Json::array();
};

class Lister {
 public:
  Lister(const model::ResolvedFederation& resolved, const source::Manager& files, const ListFilter& filter)
      : resolved_(resolved), files_(files), filter_(filter) {}

  Listed list(What what) const {
    switch (what) {
      case What::exports:
        return exports();
      case What::hosts:
        return hosts();
      case What::clusters:
        return clusters();
      case What::networks:
        return networks();
      case What::meshes:
        return meshes();
    }
    return {};
  }

 private:
  Listed exports() const {
    Listed all{"exports",
               {.title = {},
                .columns = {"EXPORT", "HOST", "PORTS", "FROM", "CONSUMED BY", "ACCOUNTS", "DECLARED IN"},
                .rows = {}}};
    for (ExportId id = 0; id < resolved_.exports.size(); ++id) {
      if (!wants(id)) continue;
      const model::Export& exported = resolved_.exported(id);
      const model::ExportInfo& info = resolved_.exports[id];
      all.table.rows.push_back({*exported.name, info.host, cell(ports_of(exported)), cell(strings(exported.from)),
                                cell(names(resolved_, info.consumers)), cell(strings(exported.service_accounts)),
                                place_of(files_, exported)});
      all.items.push_back(export_json(id));
    }
    return all;
  }

  Json export_json(ExportId id) const {
    const model::Export& exported = resolved_.exported(id);
    const model::ExportInfo& info = resolved_.exports[id];
    const source::Span& place = exported.discovered ? exported.discovered->service : exported.name.span;
    Json object = {{"name", *exported.name},
                   {"host", info.host},
                   {"aliases", info.aliases},
                   {"namespace", *exported.namespace_},
                   {"naming", model::word(info.naming)},
                   {"ports", ports_json(exported)},
                   {"from", strings(exported.from)},
                   {"merge", strings(exported.merge)},
                   {"to", strings(exported.to)},
                   {"served_by", names(resolved_, info.from)},
                   {"consumed_by", names(resolved_, info.consumers)},
                   {"service_accounts", strings(exported.service_accounts)},
                   {"place", place_of(files_, place)}};
    if (exported.discovered) object["discovered_by"] = exported.discovered->table;
    return object;
  }

  Listed hosts() const {
    Listed all{"hosts", {.title = {}, .columns = {"HOST", "EXPORT", "PORTS", "SERVED BY", "CONSUMED BY"}, .rows = {}}};
    std::vector<std::pair<std::string_view, ExportId>> rows;
    for (ExportId id = 0; id < resolved_.exports.size(); ++id) {
      if (wants(id))
        model::each_host(resolved_.exports[id], [&](const std::string& host) { rows.emplace_back(host, id); });
    }
    base::sort_unique(rows);
    for (const auto& [host, id] : rows) {
      const model::Export& exported = resolved_.exported(id);
      const Strings served = names(resolved_, resolved_.exports[id].from);
      std::vector<ClusterId> having;
      for (const ClusterId cluster : resolved_.exports[id].consumers) {
        if (resolved_.has_host(cluster, id, host)) having.push_back(cluster);
      }
      const Strings consumed = names(resolved_, having);
      all.table.rows.push_back(
          {std::string(host), *exported.name, cell(ports_of(exported)), cell(served), cell(consumed)});
      all.items.push_back({{"host", host},
                           {"export", *exported.name},
                           {"alias", host != resolved_.exports[id].host},
                           {"ports", ports_of(exported)},
                           {"served_by", served},
                           {"consumed_by", consumed}});
    }
    return all;
  }

  Listed clusters() const {
    Listed all{
        "clusters",
        {.title = {}, .columns = {"CLUSTER", "MESH", "NETWORK", "ISTIO", "GATEWAY", "SERVES", "CONSUMES"}, .rows = {}}};
    for (ClusterId id = 0; id < resolved_.clusters.size(); ++id) {
      if (!wants_cluster(id)) continue;
      const auto [served, consumed] = hosts_of({id});
      const std::string& mesh = *resolved_.mesh_of(id).name;
      const std::string& network = *resolved_.network(resolved_.clusters[id].network).name;
      const std::string istio = model::word(*resolved_.clusters[id].settings.istio);
      const std::optional<model::Gateway>& gateway = *resolved_.cluster(id).gateway;
      all.table.rows.push_back({*resolved_.cluster(id).name, mesh, network, istio,
                                gateway ? gateway_cell(*gateway) : "", cell(served), cell(consumed)});
      Json object = {{"name", *resolved_.cluster(id).name}, {"mesh", mesh}, {"network", network}, {"istio", istio}};
      object["gateway"] = gateway ? Json{{"addresses", endpoints(*gateway)}, {"pending", *gateway->pending}} : Json();
      object["serves"] = served;
      object["consumes"] = consumed;
      all.items.push_back(std::move(object));
    }
    return all;
  }

  static std::string gateway_cell(const model::Gateway& gateway) {
    const Strings addresses = endpoints(gateway);
    if (*gateway.pending) return addresses.empty() ? "pending" : cell(addresses) + " (pending)";
    return cell(addresses);
  }

  Listed networks() const {
    Listed all{"networks",
               {.title = {}, .columns = {"NETWORK", "MESH", "CLUSTERS", "GATEWAYS", "SERVES", "CONSUMES"}, .rows = {}}};
    for (NetworkId id = 0; id < resolved_.networks.size(); ++id) {
      const model::NetworkInfo& info = resolved_.networks[id];
      if (filtered() && std::none_of(info.clusters.begin(), info.clusters.end(),
                                     [&](ClusterId cluster) { return wants_cluster(cluster); }))
        continue;
      Strings gateways;
      for (const ClusterId cluster : info.clusters) {
        const std::optional<model::Gateway>& gateway = *resolved_.cluster(cluster).gateway;
        if (gateway && !*gateway->pending)
          for (std::string& address : endpoints(*gateway)) gateways.push_back(std::move(address));
      }
      const std::string mesh = info.mesh == model::kNone ? "" : *resolved_.mesh(info.mesh).name;
      const auto [served, consumed] = hosts_of(info.clusters);
      const Strings members = names(resolved_, info.clusters);
      all.table.rows.push_back(
          {*resolved_.network(id).name, mesh, cell(members), cell(gateways), cell(served), cell(consumed)});
      Json object = {{"name", *resolved_.network(id).name}};
      object["mesh"] = mesh.empty() ? Json() : Json(mesh);
      object["clusters"] = members;
      object["gateways"] = gateways;
      object["serves"] = served;
      object["consumes"] = consumed;
      all.items.push_back(std::move(object));
    }
    return all;
  }

  Listed meshes() const {
    Listed all{
        "meshes",
        {.title = {}, .columns = {"MESH", "CLUSTERS", "NETWORKS", "TRUST DOMAIN", "SERVES", "CONSUMES"}, .rows = {}}};
    for (MeshId id = 0; id < resolved_.meshes.size(); ++id) {
      const std::vector<ClusterId>& members = resolved_.meshes[id].clusters;
      if (filtered() &&
          std::none_of(members.begin(), members.end(), [&](ClusterId cluster) { return wants_cluster(cluster); }))
        continue;
      Strings networks;
      for (const ClusterId cluster : members)
        networks.push_back(*resolved_.network(resolved_.clusters[cluster].network).name);
      base::sort_unique(networks);
      const auto [served, consumed] = hosts_of(members);
      const model::Mesh& mesh = resolved_.mesh(id);
      all.table.rows.push_back({*mesh.name, cell(names(resolved_, members)), cell(networks), *mesh.trust_domain,
                                cell(served), cell(consumed)});
      all.items.push_back({{"name", *mesh.name},
                           {"clusters", names(resolved_, members)},
                           {"networks", networks},
                           {"trust_domain", *mesh.trust_domain},
                           {"serves", served},
                           {"consumes", consumed}});
    }
    return all;
  }

  /// How many exports these clusters together serve to others, and how many they consume.
  std::pair<std::size_t, std::size_t> hosts_of(const std::vector<ClusterId>& clusters) const {
    std::vector<ExportId> served, consumed;
    for (const ClusterId cluster : clusters) {
      for (const ExportId host : resolved_.clusters[cluster].hosts) {
        if (resolved_.serves(cluster, host)) served.push_back(host);
        if (resolved_.consumes(cluster, host)) consumed.push_back(host);
      }
    }
    base::sort_unique(served);
    base::sort_unique(consumed);
    return {served.size(), consumed.size()};
  }

  bool filtered() const { return !filter_.clusters.empty() || filter_.mesh; }

  bool wants_cluster(ClusterId id) const {
    if (filter_.mesh && resolved_.clusters[id].mesh != *filter_.mesh) return false;
    return filter_.clusters.empty() || base::contains(filter_.clusters, id);
  }

  bool wants(ExportId id) const {
    if (filter_.discovered && !resolved_.exported(id).discovered) return false;
    if (!filtered()) return true;
    const model::ExportInfo& info = resolved_.exports[id];
    for (const auto* clusters : {&info.from, &info.merge, &info.consumers}) {
      if (std::any_of(clusters->begin(), clusters->end(), [&](ClusterId cluster) { return wants_cluster(cluster); }))
        return true;
    }
    return false;
  }

  const model::ResolvedFederation& resolved_;
  const source::Manager& files_;
  const ListFilter& filter_;
};

}  // namespace

std::string list(const model::ResolvedFederation& resolved, const source::Manager& files, What what,
                 const ListFilter& filter, Form form) {
  Listed listed = Lister(resolved, files, filter).list(what);
  switch (form) {
    case Form::text:
      return text(listed.table);
    case Form::markdown:
      return markdown(listed.table);
    case Form::json:
      break;
  }
  return Json{{"version", kJsonVersion}, {listed.key, std::move(listed.items)}}.dump(2) + "\n";
}

}  // namespace meshfed::graph
