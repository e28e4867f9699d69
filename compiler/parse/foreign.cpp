#include "parse/foreign.hpp"

#include <algorithm>
#include <iterator>

#include "base/ascii.hpp"

namespace meshfed::parse {
namespace {

constexpr auto kRename = Foreign::Remedy::rename;
constexpr auto kRemove = Foreign::Remedy::remove;
constexpr auto kAdvise = Foreign::Remedy::advise;

constexpr std::string_view kRoot = "federation.toml";
constexpr std::string_view kFederation = "[federation]";
constexpr std::string_view kSettings = "[defaults], [mesh.*] or [cluster.*]";
constexpr std::string_view kMesh = "[mesh.*]";
constexpr std::string_view kNetwork = "[network.*]";
constexpr std::string_view kCluster = "[cluster.*]";
constexpr std::string_view kGateway = "[cluster.*.gateway]";
constexpr std::string_view kView = "[cluster.*.gateway.seen_from.*]";
constexpr std::string_view kRouter = "[cluster.*.gateway.router]";
constexpr std::string_view kEgress = "[cluster.*.egress_gateway]";
constexpr std::string_view kExport = "[export.*]";
constexpr std::string_view kPort = "[export.*.ports]";
constexpr std::string_view kPlace = "[export.*.at.*]";
constexpr std::string_view kOutlier = "[export.*.outlier]";
constexpr std::string_view kReplicas = "[cluster.*.gateway.replicas]";

constexpr std::string_view kVirtualService =
    "remove it: timeouts, retries and routing of requests belong in a VirtualService in the clusters of the clients";
constexpr std::string_view kDestinationRule =
    "remove it: meshfedc writes the DestinationRule of the host itself, with `outlier` and `connection_pool` of the "
    "export; "
    "versions belong in a DestinationRule that the team writes in its own cluster";
constexpr std::string_view kService =
    "remove it: it belongs in the Service of the application, which federation.toml does not describe";
constexpr std::string_view kSelectors = "write the labels of the pods that serve the export as `selector`";
constexpr std::string_view kNoCluster =
    "remove it: meshfedc only writes files, and connects to no cluster; Argo CD, Flux or kubectl apply them";
constexpr std::string_view kInstallation =
    "remove it: it belongs in the installation of Istio (Helm values, IstioOperator, Sail), which meshfedc does not "
    "write";
constexpr std::string_view kDeployment =
    "remove it: set it in a ConfigMap in the namespace of the gateway, and name that ConfigMap with `parameters`";
constexpr std::string_view kAutoscaler = "write the bounds of an autoscaler as `replicas = { min = 2, max = 5 }`";
constexpr std::string_view kOutlierKeys =
    "write `outlier = { errors = 5, interval = \"10s\", ejection = \"30s\", max_percent = 100 }`, with the keys that "
    "you need";
constexpr std::string_view kAmbient =
    "remove it: ambient mode (ztunnel, waypoints) is not supported; pods that serve or call exports need sidecars";
constexpr std::string_view kTls =
    "remove it: calls between meshes always use mutual TLS with the certificates of the sidecars";
constexpr std::string_view kHeadless =
    "remove it: an export has one host for all of its pods; a host or address for each pod of a headless Service or "
    "StatefulSet cannot be exported";
constexpr std::string_view kMeshId = "remove it: the mesh ID is the NAME of [mesh.NAME], and `mesh` refers to it";
constexpr std::string_view kClusterName =
    "remove it: the name of a cluster is the NAME of [cluster.NAME]; it is the clusterName of its Istio";
constexpr std::string_view kNetworkName =
    "remove it: the name of a network is the NAME of [network.NAME]; it is `global.network` of Istio's installation";
constexpr std::string_view kOneTable =
    "remove it: federation.toml is not a Kubernetes object; write the keys directly in the table";
constexpr std::string_view kNoVariables =
    "remove it: there are no variables, templates or profiles; [defaults] holds what several clusters have in common";
constexpr std::string_view kDiscovery =
    "remove it: nothing is discovered at run time; each export is a table [export.NAME]";
constexpr std::string_view kAccess =
    "list who may call the export as `callers`: `[\"mesh/namespace/account\"]`, `[\"mesh/namespace/*\"]` or "
    "`[\"mesh/*\"]`";
constexpr std::string_view kShare =
    "percentages of the calls from one mesh or cluster are `share` in [export.NAME.at.WHO]: `share = { local = 80, "
    "west-network = 20 }`";
constexpr std::string_view kTargets =
    "write the ports that the pods there listen on as `targets`, by the names of the export's ports: `targets = { http "
    "= 8080 }`";
constexpr std::string_view kImport =
    "an import needs no table: list the importing meshes or clusters in `to` of the export; `imports` of a cluster "
    "says "
    "which of the exports it accepts";

constexpr Foreign kWords[] = {
#include "parse/foreign_words.def"
};

}  // namespace

const Foreign* find_foreign(std::string_view title, std::string_view word) {
  const std::string plain = plain_word(word);
  for (const std::string_view table : {title, std::string_view()}) {
    const auto found = std::find_if(std::begin(kWords), std::end(kWords),
                                    [&](const Foreign& row) { return row.table == table && row.word == plain; });
    if (found != std::end(kWords)) return &*found;
  }
  return nullptr;
}

std::string plain_word(std::string_view word) {
  std::string plain;
  for (const char c : word) {
    if (c != '_' && c != '-') plain += base::to_lower(c);
  }
  return plain;
}

}  // namespace meshfed::parse
