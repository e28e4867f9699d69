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

[defaults]                   # each of these may be overridden in a mesh, and again in a cluster
istio = "1.31"               # required: the version that the output is written for
dns_capture = true           # the meshes' proxies resolve ServiceEntry hosts (Istio's own default is off)
# mtls = "strict"            # mesh-wide, for every workload: breaks plain-text callers in every mesh

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
from = ["west-mesh"]         # whose workloads serve it for others
merge = ["east-mesh"]        # whose workloads serve it too, for themselves only; they see the others
# to = ["another-mesh"]      # who else sees it; default: nobody
service_accounts = ["httpbin"]   # the identities that serve it; callers accept no other
)toml";
}

}  // namespace meshfed::cli
