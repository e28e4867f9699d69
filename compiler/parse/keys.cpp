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
constexpr Rule kLabels{.format = Format::label_key, .value_format = Format::label_value};
constexpr Rule kSelector{.format = Format::label_key, .value_format = Format::label_value, .max_items = 256};
constexpr Rule kAnnotations{.format = Format::annotation_key};
constexpr Rule kCodes{.format = Format::code};
constexpr Rule kVersion{.version = true};
constexpr Rule kParties{.format = Format::dns_label};
constexpr Rule kPartiesOrAll{.format = Format::dns_label, .star = true};
constexpr Rule kLabelsOfAll{.format = Format::dns_label, .all = true};

using model::Cluster;
using model::EgressGateway;
using model::Export;
using model::Federation;
using model::FragmentRule;
using model::Gateway;
using model::Mesh;
using model::Network;
using model::Port;
using model::Settings;
using model::View;

constexpr std::array kSettingsKeys{
    key<&Settings::istio>("istio", kVersion,
                          {"",
                           "The Istio minor that runs there. It picks API versions, and what it cannot do is refused. "
                           "Needed somewhere for every cluster."}),
    key<&Settings::revision>(
        "revision", Rule{.format = Format::revision},
        {"", "The revision of istiod; becomes `istio.io/rev` on what only a revisioned istiod would otherwise skip."}),
    key<&Settings::gateway_api>(
        "gateway_api", kVersion,
        {"the bundle that the Istio minor ships with", "The minor of the Gateway API CRDs that are installed."}),
    key<&Settings::gateway_api_channel>(
        "gateway_api_channel", kAny,
        {"\"standard\"", "The channel of these CRDs; TLSRoute is in `experimental` only before 1.5."}),
    key<&Settings::alpha_gateway_api>(
        "alpha_gateway_api", kAny,
        {"false", "istiod runs with PILOT_ENABLE_ALPHA_GATEWAY_API=true (matters below Istio 1.30)."}),
    key<&Settings::mtls>(
        "mtls", kAny,
        {"\"unmanaged\"", "The mesh-wide PeerAuthentication. `unmanaged` writes none: somebody else owns it."}),
    key<&Settings::egress>(
        "egress", kAny,
        {"\"direct\"", "The way out of the cluster: for all remote networks, or `{ default = …, <network> = … }`."}),
    key<&Settings::dns_capture>(
        "dns_capture", kAny,
        {"false", "The proxies resolve ServiceEntry hosts (ISTIO_META_DNS_CAPTURE); Istio's own default is off."}),
    key<&Settings::cluster_domain>("cluster_domain", kDnsName, {"\"cluster.local\"", "The DNS domain of Services."}),
    key<&Settings::namespaces>(
        "namespaces", kAny,
        {"\"assume\"",
         "`create` also writes the Namespaces that objects live in, with the injection label, never pruned."}),
    key<&Settings::kustomization>("kustomization", kAny, {"true", "Write `kustomization.yaml` files."}),
    key<&Settings::files>("files", kAny,
                          {"\"host\"", "One file per host, or all hosts of a namespace in one `hosts.yaml`."}),
    key<&Settings::import_namespace>(
        "import_namespace", kLabel,
        {"the export's namespace", "Where the ServiceEntry of a global host lives that the cluster only imports."}),
    key<&Settings::accept>("accept", kCodes, {"none", "Codes of warnings that are known and meant. They add up."}),
};

constexpr std::array kMeshKeys{
    key<&Mesh::trust_domain>("trust_domain", kSubdomain,
                             {"\"cluster.local\"", "The trust domain of the mesh's identities."}),
    key<&Mesh::root_namespace>("root_namespace", kLabel,
                               {"\"istio-system\"", "Where gateways and mesh-wide policy live."}),
};

constexpr std::array kNetworkKeys{
    key<&Network::egress_port>("egress_port", kPort,
                               {"15443", "The port of an importer's egress gateway that leads to this network."}),
};

constexpr std::array kViewKeys{
    key<&View::addresses>("addresses", kAddresses,
                          {"", "1 to 16 IP addresses or full host names, as that network dials them."}, kRequired),
    key<&View::port>("port", kPort, {"the gateway's port", "The port that network dials."}),
};

constexpr std::array kGatewayKeys{
    key<&Gateway::addresses>("addresses", kAddresses,
                             {"",
                              "1 to 16 IP addresses or full host names by which other networks reach the gateway. "
                              "Needed unless `pending`."}),
    key<&Gateway::port>(
        "port", kPort,
        {"15443", "The port that other networks dial (NodePort, NAT); the gateway itself listens on 15443."}),
    key<&Gateway::pending>(
        "pending", kAny,
        {"false", "Not reachable yet: the gateway is written, and importers of its network are held back."}),
    key<&Gateway::seen_from>("seen_from", kLabel,
                             {"none", "Views of single consumer networks (NAT, private peering), by network."}),
    key<&Gateway::name>("name", kLabel,
                        {"\"eastwest-gateway\"", "The name of the Gateway; keep an existing one, and so its address."}),
    key<&Gateway::deploy>(
        "deploy", kAny,
        {"true", "`false`: use a gateway that is already there, found by `selector` in the root namespace."}),
    key<&Gateway::selector>("selector", kLabels, {"none", "The labels of an existing gateway's pods."}),
    key<&Gateway::view>("view", kAny,
                        {"false",
                         "An existing gateway's pods have ISTIO_META_REQUESTED_NETWORK_VIEW. Needed where it serves "
                         "what it consumes."}),
    key<&Gateway::passes>(
        "passes", kHosts,
        {"none", "Hosts that an existing gateway passes already, such as `*.local`; they are not passed again."}),
    key<&Gateway::service_type>("service_type", kAny,
                                {"\"LoadBalancer\"", "The type of the Service that is deployed."}),
    key<&Gateway::annotations>(
        "annotations", kAnnotations,
        {"none", "Annotations of the deployed Service and pods (load balancers). Editing them restarts the pods."}),
    key<&Gateway::parameters>("parameters", kSubdomain,
                              {"none", "A ConfigMap in the root namespace that adjusts the deployment."}),
};

constexpr std::array kEgressGatewayKeys{
    key<&EgressGateway::namespace_>("namespace", kLabel, {"the root namespace", "Where the egress gateway lives."}),
    key<&EgressGateway::name>("name", kLabel, {"\"egress-gateway\"", "The name of its Gateway."}),
    key<&EgressGateway::route>(
        "route", kAny,
        {"\"virtualservice\"", "What routes by SNI: a VirtualService works on every target, a TLSRoute on some."}),
    key<&EgressGateway::backend>(
        "backend", kAny,
        {"\"serviceentry\"",
         "What stands for the remote gateway: a ServiceEntry, or a headless Service with EndpointSlices."}),
    key<&EgressGateway::parameters>("parameters", kSubdomain,
                                    {"none", "A ConfigMap in the same namespace that adjusts the deployment."}),
};

constexpr std::array kClusterKeys{
    key<&Cluster::mesh>("mesh", kLabel, {"", "The mesh that the cluster belongs to; it has an istiod of its own."},
                        kRequired),
    key<&Cluster::network>("network", kLabel, {"", "The network of its pods."}, kRequired),
    key<&Cluster::gateway>("gateway", kAny,
                           {"none",
                            "The cluster has an east-west gateway; it is written with or without exports, so that its "
                            "address outlives them."}),
    key<&Cluster::locality>("locality", Rule{.format = Format::locality},
                            {"none", "`region[/zone[/subzone]]`; goes onto the endpoints that others get."}),
    key<&Cluster::imports>("imports", kLabelsOfAll,
                           {"\"*\"", "The exports that the cluster accepts of what it is offered."}),
    key<&Cluster::egress_gateway>("egress_gateway", kAny,
                                  {"", "How the egress gateway is built, where `egress` asks for one."}),
};

constexpr std::array kPortKeys{
    key<&Port::name>("name", kLabel, {"", "The port's name; its first part may say the protocol, as in `http-api`."},
                     kRequired),
    key<&Port::number>("number", kPort, {"", "The port that clients use."}, kRequired),
    key<&Port::target>("target", kPort, {"`number`", "The port of the pods."}),
    key<&Port::protocol>("protocol", kAny, {"from the name", "The protocol, if the name does not say it."}),
};

constexpr std::array kExportKeys{
    key<&Export::namespace_>("namespace", kLabel, {"", "The namespace of the workloads, the same in every mesh."},
                             kRequired),
    key<&Export::naming>(
        "naming", kAny,
        {"`federation.naming`",
         "`global`: a host of the federation. `service`: the ordinary Service's own name, without DNS capture."}),
    key<&Export::host>("host", kDnsName,
                       {"`<export>.<federation.domain>`", "The host that clients call. Only with naming `global`."}),
    key<&Export::service>("service", kLabel, {"the export's name", "The Service's name. Only with naming `service`."}),
    key<&Export::selector>(
        "selector", kSelector,
        {"none", "The labels of the pods that serve it. With naming `service`: the Service's own selector."}),
    key<&Export::canonical_name>(
        "canonical_name", kLabelValue,
        {"none",
         "The pods that serve it, by their label service.istio.io/canonical-name, which `kubectl get pods -L "
         "service.istio.io/canonical-name` shows. Only with naming `global`."}),
    key<&Export::ports>("ports", Rule{.max_items = 256}, {"", "The ports, at least one."}, kRequired),
    key<&Export::from>("from", kParties, {"", "Meshes or clusters whose workloads serve it for others."}, kRequired),
    key<&Export::merge>("merge", kParties,
                        {"none", "Meshes or clusters whose workloads serve it too, for themselves only."}),
    key<&Export::to>("to", kPartiesOrAll, {"none", "Meshes or clusters that see it, or `\"*\"`."}),
    key<&Export::service_accounts>(
        "service_accounts", kSubdomain,
        {"none", "The service accounts that serve it; clients refuse every other identity."}),
    key<&Export::destination_rule>(
        "destination_rule", kAny,
        {"true",
         "`false`: no DestinationRule is written for the host, because its team has one; meshfedc's failover is off."}),
    key<&Export::prefer>(
        "prefer", kAny,
        {"\"spread\"",
         "Where calls go while all is well: everywhere, to local workloads, or to the nearest locality."}),
    key<&Export::weight>(
        "weight", Rule{.min = 1, .max = 1000},
        {"1",
         "How much a source network counts against one local pod: a number, or `{ default = …, <network> = … }`."}),
    key<&Export::callers>(
        "callers", Rule{.format = Format::caller, .all = true},
        {"everyone who reaches it",
         "Who may call it: `mesh/namespace/account`, `mesh/namespace/*` or `mesh/*`. Local callers count too."}),
    key<&Export::visible_to>("visible_to", kLabelsOfAll,
                             {"all", "The namespaces of importing clusters that see the host."}),
    key<&Export::vip>("vip", kIps, {"none", "Fixed virtual addresses, for TCP where the mesh does not allocate them."}),
    key<&Export::accept>("accept", kCodes, {"none", "Codes of warnings about this export that are known and meant."}),
};

constexpr std::array kFragmentKeys{
    key<&FragmentRule::namespaces>("namespaces", kLabelsOfAll,
                                   {"all", "The namespaces that exports of the matching files may be in."}),
    key<&FragmentRule::from>("from", kLabelsOfAll,
                             {"all", "Meshes or clusters that may serve them (`from` and `merge`)."}),
    key<&FragmentRule::to>("to", kPartiesOrAll,
                           {"all", "Meshes or clusters that may see them; `\"*\"` must be listed to be used."}),
    key<&FragmentRule::vips>("vips", kBlocks,
                             {"none", "IP addresses and CIDR blocks that their `vip` may be taken from."}),
};

// The federation's own table, and the top level, share one struct: the model has no use for the difference.
constexpr std::array kFederationKeys{
    key<&Federation::name>("name", kLabel, {"", "The federation's name; becomes the label app.kubernetes.io/part-of."},
                           kRequired),
    key<&Federation::domain>("domain", kDnsName, {"\"mesh.global\"", "The suffix of global hosts."}),
    key<&Federation::naming>("naming", kAny, {"\"global\"", "The default of `export.naming`."}),
    key<&Federation::accept>("accept", kCodes,
                             {"none", "Codes of warnings that are known and meant, whatever they are about."}),
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
                              {"none", "Fragments: paths below the main file's directory, `*` within one component."}),
    federation_key(),
    key<&Federation::defaults>("defaults", kAny,
                               {"", "What holds for every mesh and cluster that does not say otherwise."}),
    key<&Federation::meshes>("mesh", kLabel, {"", "The Istio control plane domains, by mesh ID."}),
    key<&Federation::networks>("network", kLabel, {"", "The networks, whose pods reach each other directly."}),
    key<&Federation::clusters>("cluster", kLabel, {"", "The Kubernetes clusters."}),
    key<&Federation::exports>("export", kLabel, {"", "What is served across meshes."}),
    key<&Federation::fragments>("fragment", Rule{.format = Format::path},
                                {"", "What included files may say, by pattern."}),
};

template <class T>
Settings* settings_of(void* object) {
  return &static_cast<T*>(object)->settings;
}

constexpr Table kSettingsTable{.name = "defaults",
                               .title = "[defaults], [mesh.*] or [cluster.*]",
                               .meaning =
                                   "What holds for every mesh and cluster that does not say otherwise; a mesh, and "
                                   "again a cluster, may override each of these keys.",
                               .keys = kSettingsKeys};
constexpr Table kMeshTable{
    .name = "mesh.*",
    .title = "[mesh.*]",
    .meaning =
        "One Istio control plane domain: mesh ID, trust domain, root namespace. Also takes the keys of [defaults].",
    .keys = kMeshKeys,
    .inherited = &table_of<Settings>,
    .inherited_of = [](void* object) -> void* { return settings_of<Mesh>(object); }};
constexpr Table kNetworkTable{
    .name = "network.*",
    .title = "[network.*]",
    .meaning = "Pods of one network reach each other directly; other networks come in by a gateway.",
    .keys = kNetworkKeys};
constexpr Table kViewTable{.name = "cluster.*.gateway.seen_from.*",
                           .title = "[cluster.*.gateway.seen_from.*]",
                           .meaning = "The gateway as one consumer network sees it.",
                           .keys = kViewKeys};
constexpr Table kGatewayTable{.name = "cluster.*.gateway",
                              .title = "[cluster.*.gateway]",
                              .meaning = "The cluster's east-west gateway.",
                              .keys = kGatewayKeys};
constexpr Table kEgressGatewayTable{.name = "cluster.*.egress_gateway",
                                    .title = "[cluster.*.egress_gateway]",
                                    .meaning = "The cluster's egress gateway.",
                                    .keys = kEgressGatewayKeys};
constexpr Table kClusterTable{
    .name = "cluster.*",
    .title = "[cluster.*]",
    .meaning = "One Kubernetes cluster with an istiod of its own. Also takes the keys of [defaults].",
    .keys = kClusterKeys,
    .inherited = &table_of<Settings>,
    .inherited_of = [](void* object) -> void* { return settings_of<Cluster>(object); }};
constexpr Table kPortTable{
    .name = "export.*.ports[]", .title = "[export.*.ports]", .meaning = "One port of an export.", .keys = kPortKeys};
constexpr Table kExportTable{
    .name = "export.*",
    .title = "[export.*]",
    .meaning = "A service that some clusters serve and others see. Who may call it is `callers`; `to` is visibility.",
    .keys = kExportKeys};
constexpr Table kFragmentTable{.name = "fragment.*",
                               .title = "[fragment.*]",
                               .meaning =
                                   "What the included files that match the pattern may export. A file that several "
                                   "patterns match must satisfy each.",
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
const Table& table_of<EgressGateway>() {
  return kEgressGatewayTable;
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

namespace {

constexpr std::array<const Table*, 12> kAllTables{
    &kRootTable,    &kFederationTable, &kSettingsTable,      &kMeshTable,   &kNetworkTable, &kClusterTable,
    &kGatewayTable, &kViewTable,       &kEgressGatewayTable, &kExportTable, &kPortTable,    &kFragmentTable};

}  // namespace

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

std::span<const Table* const> all_tables() { return kAllTables; }

}  // namespace meshfed::parse
