#include "parse/keys.hpp"

#include <algorithm>
#include <array>

#include "model/federation.hpp"
#include "parse/binder.hpp"
#include "parse/row.hpp"

namespace meshfed::parse {
namespace {

constexpr Rule kAny{};
constexpr Rule kLabel{.format = Format::dns_label};
constexpr Rule kDnsName{.format = Format::dns_name};
constexpr Rule kSubdomain{.format = Format::dns_subdomain};
constexpr Rule kHosts{.format = Format::host_pattern, .max_items = 16};
constexpr Rule kLabelValue{.format = Format::label_value};
constexpr Rule kPort{.min = 1, .max = 65535};
constexpr Rule kAddresses{.format = Format::address, .max_items = 16};
constexpr Rule kIps{.format = Format::ip, .max_items = 256};
constexpr Rule kBlocks{.format = Format::block};
constexpr Rule kSelector{.format = Format::label_key, .value_format = Format::label_value, .max_items = 256};
constexpr Rule kAnnotations{.format = Format::annotation_key};
constexpr Rule kCodes{.format = Format::code};
constexpr Rule kVersion{.version = true};
constexpr Rule kParties{.format = Format::dns_label};
constexpr Rule kReplicas{.min = 1, .max = 1000};
constexpr Rule kPartiesOrAll{.format = Format::dns_label, .star = true};
constexpr Rule kLabelsOfAll{.format = Format::dns_label, .all = true};

using model::Cluster;
using model::ConnectionPool;
using model::EgressGateway;
using model::Export;
using model::Federation;
using model::FragmentRule;
using model::Gateway;
using model::HttpPool;
using model::Keepalive;
using model::Mesh;
using model::Network;
using model::Outlier;
using model::Place;
using model::Port;
using model::Replicas;
using model::Router;
using model::Settings;
using model::TcpPool;
using model::View;
using syntax::Node;

constexpr std::array kSettingsKeys{
    key<&Settings::istio>("istio", kVersion,
                          {"",
                           "The Istio version of the cluster: a minor version, or the exact one, such as `1.30.4`. It "
                           "decides API versions, and features that it does not support are refused. Required for "
                           "every cluster, here or in a table above."}),
    key<&Settings::revision>("revision", Rule{.format = Format::revision},
                             {"",
                              "The revision of istiod; sets the label `istio.io/rev` on objects that a revisioned "
                              "istiod would otherwise ignore."}),
    key<&Settings::gateway_api>("gateway_api", kVersion,
                                {"the version that the Istio minor version was released with",
                                 "The minor version of the installed Gateway API CRDs."}),
    key<&Settings::gateway_api_channel>(
        "gateway_api_channel", kAny,
        {"\"standard\"", "The channel of the installed CRDs; before 1.5, only `experimental` contains TLSRoute."}),
    key<&Settings::alpha_gateway_api>(
        "alpha_gateway_api", kAny,
        {"false", "istiod runs with PILOT_ENABLE_ALPHA_GATEWAY_API=true (relevant before Istio 1.30)."}),
    key<&Settings::dataplane>("dataplane", kAny,
                              {"\"sidecar\"", "The mode of the data plane. `ambient` is refused, with what it lacks."}),
    key<&Settings::mtls>(
        "mtls", kAny,
        {"\"unmanaged\"",
         "The mode of the mesh-wide PeerAuthentication. `unmanaged` writes none, because it is managed elsewhere."}),
    key<&Settings::egress>(
        "egress", kAny,
        {"\"direct\"",
         "How calls leave the cluster: one value for all remote networks, or `{ default = …, <network> = … }`."}),
    key<&Settings::dns_capture>(
        "dns_capture", kAny,
        {"false", "The proxies resolve ServiceEntry hosts (ISTIO_META_DNS_CAPTURE); off by default in Istio."}),
    key<&Settings::cluster_domain>("cluster_domain", kDnsName, {"\"cluster.local\"", "The DNS domain of Services."}),
    key<&Settings::namespaces>(
        "namespaces", kAny,
        {"\"assume\"",
         "`create` also writes the Namespaces of the objects, with the injection label; they are never pruned."}),
    key<&Settings::kustomization>("kustomization", kAny, {"true", "Write `kustomization.yaml` files."}),
    key<&Settings::files>("files", kAny,
                          {"\"host\"", "One file per host, or all hosts of a namespace in one `hosts.yaml`."}),
    key<&Settings::import_namespace>(
        "import_namespace", kLabel,
        {"the export's namespace",
         "The namespace of the ServiceEntry of a global host that the cluster only imports."}),
    key<&Settings::outlier>(
        "outlier", kAny,
        {"on, with the defaults of its keys",
         "When endpoints that fail get no more calls, and for how long: a table, whose keys "
         "override inherited ones, or `false`. Also for the gateways that an egress gateway dials."}),
    key<&Settings::accept>("accept", kCodes,
                           {"none", "Codes of warnings to accept. Lists from all levels are combined."}),
};

constexpr std::array kMeshKeys{
    key<&Mesh::trust_domain>("trust_domain", kSubdomain,
                             {"\"cluster.local\"", "The trust domain of the mesh's identities."}),
    key<&Mesh::root_namespace>("root_namespace", kLabel,
                               {"\"istio-system\"",
                                "The namespace of mesh-wide policies (`rootNamespace` in Istio's MeshConfig), and of "
                                "gateways that name no other."}),
    key<&Mesh::remote_secrets>(
        "remote_secrets", kAny,
        {"false",
         "The istiods of the mesh read the API servers of all its clusters (remote secrets). They find each other's "
         "pods "
         "and gateways then: no endpoints are written between these clusters, and they reach each other directly."}),
};

constexpr std::array kNetworkKeys{
    key<&Network::egress_port>("egress_port", kPort,
                               {"15443", "The port of importers' egress gateways for calls to this network."}),
};

constexpr std::array kViewKeys{
    key<&View::addresses>(
        "addresses", kAddresses,
        {"", "1 to 16 IP addresses or fully qualified host names at which that network reaches the gateway."},
        kRequired),
    key<&View::port>("port", kPort, {"the gateway's port", "The port at which that network reaches the gateway."}),
};

constexpr std::array kGatewayKeys{
    key<&Gateway::addresses>("addresses", kAddresses,
                             {"",
                              "1 to 16 IP addresses or fully qualified host names at which other networks reach the "
                              "gateway. Required unless `pending` or `router` is set."}),
    key<&Gateway::port>("port", kPort,
                        {"15443",
                         "The port at which other networks reach the gateway (NodePort, NAT), with `router` 443 by "
                         "default; the gateway "
                         "itself listens on 15443."}),
    key<&Gateway::pending>(
        "pending", kAny,
        {"false", "The addresses are not known yet: the gateway is written, but no cluster imports from it."}),
    key<&Gateway::seen_from>(
        "seen_from", kLabel,
        {"none", "How particular consumer networks reach the gateway (NAT, private peering), by network."}),
    key<&Gateway::router>("router", kAny,
                          {"none",
                           "The OpenShift router in front of the gateway. Other networks call it on port 443, and it "
                           "passes each port of each host by a Route."}),
    key<&Gateway::namespace_>("namespace", kLabel, {"the root namespace", "The namespace of the gateway."}),
    key<&Gateway::name>(
        "name", kLabel,
        {"\"eastwest-gateway\"", "The name of the Gateway; use the name of an existing one to keep its address."}),
    key<&Gateway::deploy>("deploy", kAny,
                          {"true", "`false`: use an existing gateway in `namespace`, selected by `selector`."}),
    key<&Gateway::selector>("selector", kSelector, {"none", "The labels of an existing gateway's pods."}),
    key<&Gateway::view>("view", kAny,
                        {"false",
                         "The pods of the existing gateway have ISTIO_META_REQUESTED_NETWORK_VIEW. Required if the "
                         "cluster serves and consumes the same host."}),
    key<&Gateway::passes>(
        "passes", kHosts,
        {"none",
         "Hosts that the existing gateway already passes, such as `*.local`; they are not passed a second time."}),
    key<&Gateway::service_type>(
        "service_type", kAny,
        {"\"LoadBalancer\"", "The type of the gateway's Service, with `router` `ClusterIP` by default."}),
    key<&Gateway::annotations>("annotations", kAnnotations,
                               {"none",
                                "Annotations for the gateway's Service and pods, such as load balancer settings. "
                                "Editing them restarts the pods."}),
    key<&Gateway::parameters>("parameters", kSubdomain,
                              {"none", "A ConfigMap in the same namespace that customizes the deployment."}),
    key<&Gateway::replicas>("replicas", kReplicas,
                            {"one pod",
                             "The number of pods of the deployed gateway, or `{ min = …, max = … }` for an autoscaler; "
                             "with a PodDisruptionBudget of one pod. Cannot be used with `parameters`."}),
    key<&Gateway::protect>("protect", kAny,
                           {"false",
                            "Argo CD and Flux never prune the Gateway, so it keeps its address even if it is removed "
                            "from the output."}),
};

constexpr std::array kClusterKeys{
    key<&Cluster::mesh>("mesh", kLabel, {"", "The mesh of the cluster. Each cluster has its own istiod."}, kRequired),
    key<&Cluster::network>("network", kLabel, {"", "The network of its pods."}, kRequired),
    key<&Cluster::gateway>(
        "gateway", kAny,
        {"none",
         "The cluster's east-west gateway. It is written even without exports, so that its address stays the same."}),
    key<&Cluster::locality>("locality", Rule{.format = Format::locality},
                            {"none", "`region[/zone[/subzone]]`; set on the endpoints that other clusters get."}),
    key<&Cluster::imports>("imports", kLabelsOfAll,
                           {"\"*\"", "The exports that the cluster accepts, of those that are offered to it."}),
    key<&Cluster::egress_gateway>("egress_gateway", kAny,
                                  {"", "The settings of the egress gateway, if `egress` uses one."}),
};

constexpr std::array kPortKeys{
    key<&Port::name>("name", kLabel, {"", "The name of the port; it may start with the protocol, as in `http-api`."},
                     kRequired),
    key<&Port::number>("number", kPort, {"", "The port that clients use."}, kRequired),
    key<&Port::target>("target", kPort, {"`number`", "The port that the pods listen on."}),
    key<&Port::protocol>("protocol", kAny, {"from the name", "The protocol, if the name does not start with it."}),
};

constexpr std::array kExportKeys{
    key<&Export::namespace_>("namespace", kLabel, {"", "The namespace of the workloads, unless `at` sets another one."},
                             kRequired),
    key<&Export::naming>("naming", kAny,
                         {"`federation.naming`",
                          "`global`: a host name of the federation. `service`: the name of the ordinary Service, which "
                          "needs no DNS capture."}),
    key<&Export::host>("host", kDnsName,
                       {"`<export>.<federation.domain>`", "The host that clients call. Only with naming `global`."}),
    key<&Export::alias>(
        "alias", Rule{.format = Format::dns_name, .max_items = 16},
        {"none", "Additional hosts of the export, which clients call like `host`. They have no `vip`."}),
    key<&Export::service>("service", kLabel, {"the export's name", "The Service's name. Only with naming `service`."}),
    key<&Export::selector>(
        "selector", kSelector,
        {"none", "The labels of the pods that serve it. With naming `service`: the selector of the Service."}),
    key<&Export::canonical_name>(
        "canonical_name", kLabelValue,
        {"none",
         "Selects the pods that serve it by their label service.istio.io/canonical-name, which `kubectl get pods -L "
         "service.istio.io/canonical-name` shows. Only with naming `global`."}),
    key<&Export::ports>("ports", Rule{.max_items = 256}, {"", "The ports, at least one."}, kRequired),
    key<&Export::from>("from", kParties, {"", "Meshes or clusters whose workloads serve it for other clusters."},
                       kRequired),
    key<&Export::merge>("merge", kParties,
                        {"none", "Meshes or clusters whose workloads also serve it, for their own cluster only."}),
    key<&Export::to>("to", kPartiesOrAll, {"none", "Meshes or clusters that can see it, or `\"*\"` for all."}),
    key<&Export::service_accounts>(
        "service_accounts", kSubdomain,
        {"none", "The service accounts of the workloads that serve it; clients refuse all other identities."}),
    key<&Export::destination_rule>("destination_rule", kAny,
                                   {"true",
                                    "`false`: no DestinationRule is written for the host, because its team has one; "
                                    "meshfedc configures no failover."}),
    key<&Export::prefer>(
        "prefer", kAny,
        {"\"spread\"",
         "Where calls go while no source fails: to all sources, to local workloads, or to the nearest locality."}),
    key<&Export::weight>(
        "weight", Rule{.min = 1, .max = 1000},
        {"1",
         "The weight of a source network relative to one local pod: a number, or `{ default = …, <network> = … }`."}),
    key<&Export::outlier>("outlier", kAny,
                          {"as in `cluster.*`, `mesh.*` and `defaults`",
                           "When endpoints of this export that fail get no more calls; its keys override those of each "
                           "cluster."}),
    key<&Export::connection_pool>("connection_pool", kAny,
                                  {"Istio's defaults",
                                   "Limits of connections and requests for callers of this export; Istio's "
                                   "`connectionPool`, with its names. Where a cluster that serves the export also "
                                   "imports it, its gateway keeps these limits, too, for all calls that arrive."}),
    key<&Export::callers>("callers", Rule{.format = Format::caller, .all = true},
                          {"every workload that can reach it",
                           "The allowed callers: `mesh/namespace/account`, `mesh/namespace/*` or `mesh/*`. Also "
                           "applies to local callers."}),
    key<&Export::visible_to>("visible_to", kLabelsOfAll,
                             {"all", "The namespaces of importing clusters that can see the host."}),
    key<&Export::vip>("vip", kIps,
                      {"none", "Fixed virtual addresses, for TCP hosts in meshes that do not allocate addresses."}),
    key<&Export::at>(
        "at", kLabel,
        {"none",
         "What differs in one mesh or cluster, by its name. For each key, a cluster's table takes precedence "
         "over its mesh's."}),
    key<&Export::accept>("accept", kCodes, {"none", "Codes of warnings to accept for this export."}),
};

constexpr std::array kFragmentKeys{
    key<&FragmentRule::namespaces>("namespaces", kLabelsOfAll,
                                   {"all", "The namespaces that exports of the matching files may be in."}),
    key<&FragmentRule::from>("from", kLabelsOfAll,
                             {"all", "Meshes or clusters that may serve them (`from` and `merge`)."}),
    key<&FragmentRule::to>("to", kPartiesOrAll,
                           {"all", "Meshes or clusters that may see them. `\"*\"` may be used only if it is listed."}),
    key<&FragmentRule::vips>("vips", kBlocks, {"none", "IP addresses and CIDR blocks that their `vip` may use."}),
};

// The federation's own table, and the top level, share one struct: the model has no use for the difference.
constexpr std::array kFederationKeys{
    key<&Federation::name>("name", kLabel,
                           {"", "The name of the federation; the value of the label app.kubernetes.io/part-of."},
                           kRequired),
    key<&Federation::domain>("domain", kDnsName, {"\"mesh.global\"", "The suffix of global hosts."}),
    key<&Federation::naming>("naming", kAny, {"\"global\"", "The default of `export.naming`."}),
    key<&Federation::accept>("accept", kCodes, {"none", "Codes of warnings to accept everywhere."}),
};

constexpr Table kFederationTable{
    .name = "federation", .title = "[federation]", .meaning = "The federation as a whole.", .keys = kFederationKeys};

const Table& federation_table() { return kFederationTable; }

constexpr Key federation_key() {
  return {
      .name = "federation",
      .type = Type::table,
      .rule = {},
      .required = true,
      .fallback = "",
      .meaning = "The federation as a whole.",
      .words = {},
      .table = &federation_table,
      .read = [](Binder& binder, const Node& node, const Key& self, void* object) { binder.enter(node, self, object); },
      .poison = [](void*) {},
      .attempt =
          [](Binder& binder, const Node& node, const Key& self) {
            Federation scratch;
            binder.enter(node, self, &scratch);
          }};
}

constexpr std::array kRootKeys{
    key<&Federation::version>("version", Rule{.min = 1, .max = 1, .version = true},
                              {"", "The version of the language: 1."}, kRequired),
    key<&Federation::include>("include", Rule{.format = Format::path},
                              {"none",
                               "The included files (fragments): paths below the main file's directory, with `*` as the "
                               "wildcard within one path component."}),
    federation_key(),
    key<&Federation::defaults>("defaults", kAny,
                               {"", "Settings for every mesh and cluster that does not override them."}),
    key<&Federation::meshes>("mesh", kLabel, {"", "The Istio meshes, by mesh ID."}),
    key<&Federation::networks>("network", kLabel, {"", "The networks, whose pods reach each other directly."}),
    key<&Federation::clusters>("cluster", kLabel, {"", "The Kubernetes clusters."}),
    key<&Federation::exports>("export", kLabel, {"", "The services that are shared between meshes."}),
    key<&Federation::fragments>("fragment", Rule{.format = Format::path},
                                {"", "What included files may export, by pattern."}),
    key<&Federation::discoveries>("discover", kLabel,
                                  {"", "Exports that are found by label in the manifests of applications."}),
};

template <class T>
Settings* settings_of(void* object) {
  return &static_cast<T*>(object)->settings;
}

constexpr Table kSettingsTable{
    .name = "defaults",
    .title = "[defaults], [mesh.*] or [cluster.*]",
    .meaning = "Settings for every mesh and cluster. Meshes can override each of these keys, and so can clusters.",
    .keys = kSettingsKeys};
constexpr Table kMeshTable{
    .name = "mesh.*",
    .title = "[mesh.*]",
    .meaning = "One Istio mesh: mesh ID, trust domain, root namespace. Also takes the keys of [defaults].",
    .keys = kMeshKeys,
    .inherited = &table_of<Settings>,
    .inherited_of = [](void* object) -> void* { return settings_of<Mesh>(object); }};
constexpr Table kNetworkTable{
    .name = "network.*",
    .title = "[network.*]",
    .meaning = "Pods of one network reach each other directly; other networks reach them through a gateway.",
    .keys = kNetworkKeys};
constexpr Table kViewTable{.name = "cluster.*.gateway.seen_from.*",
                           .title = "[cluster.*.gateway.seen_from.*]",
                           .meaning = "How one consumer network reaches the gateway.",
                           .keys = kViewKeys};
constexpr Table kGatewayTable{.name = "cluster.*.gateway",
                              .title = "[cluster.*.gateway]",
                              .meaning = "The cluster's east-west gateway.",
                              .keys = kGatewayKeys};
constexpr Table kClusterTable{
    .name = "cluster.*",
    .title = "[cluster.*]",
    .meaning = "One Kubernetes cluster with its own istiod. Also takes the keys of [defaults].",
    .keys = kClusterKeys,
    .inherited = &table_of<Settings>,
    .inherited_of = [](void* object) -> void* { return settings_of<Cluster>(object); }};
constexpr Table kPortTable{
    .name = "export.*.ports[]", .title = "[export.*.ports]", .meaning = "One port of an export.", .keys = kPortKeys};
constexpr Table kExportTable{.name = "export.*",
                             .title = "[export.*]",
                             .meaning =
                                 "A service that some clusters serve and others see. `to` controls its visibility; "
                                 "`callers` controls who may call it.",
                             .keys = kExportKeys};
constexpr Table kFragmentTable{.name = "fragment.*",
                               .title = "[fragment.*]",
                               .meaning =
                                   "What the included files that match the pattern may export. A file that matches "
                                   "several patterns must satisfy all of them.",
                               .keys = kFragmentKeys};
constexpr Table kRootTable{
    .name = "", .title = "federation.toml", .meaning = "The top level of the main file.", .keys = kRootKeys};

}  // namespace

template <>
const Table& table_of<Settings>() {
  return kSettingsTable;
}
template <>
const Table& table_of<Mesh>() {
  return kMeshTable;
}
template <>
const Table& table_of<Network>() {
  return kNetworkTable;
}
template <>
const Table& table_of<View>() {
  return kViewTable;
}
template <>
const Table& table_of<Gateway>() {
  return kGatewayTable;
}
template <>
const Table& table_of<Cluster>() {
  return kClusterTable;
}
template <>
const Table& table_of<Port>() {
  return kPortTable;
}
template <>
const Table& table_of<Export>() {
  return kExportTable;
}
template <>
const Table& table_of<FragmentRule>() {
  return kFragmentTable;
}
const Key* find_key(const Table& table, std::string_view name) {
  const auto found =
      std::find_if(table.keys.begin(), table.keys.end(), [&](const Key& key) { return key.name == name; });
  if (found != table.keys.end()) return &*found;
  return table.inherited ? find_key(table.inherited(), name) : nullptr;
}

const Key* key_at(std::span<const std::string_view> path) {
  const Table* table = &kRootTable;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const Key* key = find_key(*table, path[i]);
    if (!key || i + 1 == path.size()) return key;
    if (!key->table) return nullptr;
    if (key->type == Type::tables && ++i + 1 == path.size()) return key;
    table = &key->table();
  }
  return nullptr;
}

const Table& root_table() { return kRootTable; }

std::span<const Table* const> all_tables() {
  static const std::array kAllTables{&kRootTable,
                                     &kFederationTable,
                                     &kSettingsTable,
                                     &kMeshTable,
                                     &kNetworkTable,
                                     &kClusterTable,
                                     &kGatewayTable,
                                     &kViewTable,
                                     &table_of<Router>(),
                                     &table_of<Replicas>(),
                                     &table_of<EgressGateway>(),
                                     &kExportTable,
                                     &kPortTable,
                                     &table_of<Place>(),
                                     &table_of<Outlier>(),
                                     &table_of<ConnectionPool>(),
                                     &table_of<TcpPool>(),
                                     &table_of<Keepalive>(),
                                     &table_of<HttpPool>(),
                                     &kFragmentTable,
                                     &table_of<model::Discovery>()};
  return kAllTables;
}

}  // namespace meshfed::parse
