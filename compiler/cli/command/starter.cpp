#include "cli/command/starter.hpp"

namespace meshfed::cli {

std::string_view starter() {
  return R"toml(#:schema ./federation.schema.json
# For editors that use taplo, write the schema: meshfedc schema > federation.schema.json
# To write the manifests of each cluster, run: meshfedc build
version = 1

[federation]
name = "demo"                # a DNS label; the value of app.kubernetes.io/part-of
domain = "mesh.global"       # suffix of global hosts; this is the default

[defaults]                   # meshes and clusters can override each of these
istio = "1.31"               # required: the Istio version of the clusters
dns_capture = true           # the proxies resolve ServiceEntry hosts (off by default in Istio)
# mtls = "strict"            # applies to every workload of all meshes; refuses plain-text callers

[mesh.east-mesh]             # one Istio mesh: mesh ID, trust domain, root namespace
[mesh.west-mesh]

[network.east-network]       # pods of one network reach each other directly, other networks through a gateway
[network.west-network]

[cluster.east-cluster]       # one Kubernetes cluster with its own istiod
mesh = "east-mesh"
network = "east-network"

[cluster.west-cluster]
mesh = "west-mesh"
network = "west-network"
gateway.addresses = ["172.18.255.1"]   # how other networks reach its east-west gateway: IPs or full host names

[export.httpbin]             # the host is <name>.<federation.domain>: httpbin.mesh.global
namespace = "httpbin"        # the same in every mesh
canonical_name = "httpbin"   # selects pods with the label service.istio.io/canonical-name: httpbin
ports = [{ name = "http", number = 8000, target = 80 }]
from = ["west-mesh"]         # whose workloads serve it for other clusters
merge = ["east-mesh"]        # whose workloads also serve it, for their own cluster only; they see the others
# to = ["another-mesh"]      # which other meshes see it; default: none
service_accounts = ["httpbin"]   # the identities that serve it; clients accept no others
)toml";
}

}  // namespace meshfed::cli
