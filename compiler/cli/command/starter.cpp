#include "cli/command/starter.hpp"

namespace meshfed::cli {

std::string_view starter() {
  return R"toml(#:schema ./federation.schema.json
# Editors that know taplo check and complete this file with the schema: meshfedc schema > federation.schema.json
# What each cluster gets from it: meshfedc build
version = 1

[federation]
name = "demo"                # a DNS label; becomes app.kubernetes.io/part-of
domain = "mesh.global"       # suffix of global hosts; this is the default

[defaults]                   # each of these may be overridden in a mesh, and again in a cluster
istio = "1.31"               # required: the version that the output is written for
dns_capture = true           # the meshes' proxies resolve ServiceEntry hosts (Istio's own default is off)
# mtls = "strict"            # mesh-wide, for every workload: breaks plain-text callers in every mesh

[mesh.east-mesh]             # one Istio control plane domain: mesh ID, trust domain, root namespace
[mesh.west-mesh]

[network.east-network]       # pods of one network reach each other directly; other networks come in by a gateway
[network.west-network]

[cluster.east-cluster]       # one Kubernetes cluster with an istiod of its own
mesh = "east-mesh"
network = "east-network"

[cluster.west-cluster]
mesh = "west-mesh"
network = "west-network"
gateway.addresses = ["172.18.255.1"]   # how other networks reach its east-west gateway: IPs or full host names

[export.httpbin]             # the host is <name>.<federation.domain>: httpbin.mesh.global
namespace = "httpbin"        # the same in every mesh
canonical_name = "httpbin"   # the workloads: pods whose service.istio.io/canonical-name is httpbin
ports = [{ name = "http", number = 8000, target = 80 }]
from = ["west-mesh"]         # whose workloads serve it for others
merge = ["east-mesh"]        # whose workloads serve it too, for themselves only; they see the others
# to = ["another-mesh"]      # who else sees it; default: nobody
service_accounts = ["httpbin"]   # the identities that serve it; callers accept no other
)toml";
}

}  // namespace meshfed::cli
