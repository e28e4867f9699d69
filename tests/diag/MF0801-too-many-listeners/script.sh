{
cat <<EOF
version = 1
federation.name = "shop"

[defaults]
istio = "1.31"
dns_capture = true
mtls = "strict"

[mesh.hub]
[network.hub]
[cluster.hub]
mesh = "hub"
network = "hub"
egress = "gateway"
EOF
for i in $(seq 70); do
  cat <<EOF
[mesh.shop-$i]
[network.shop-$i]
egress_port = $((20000 + i))
[cluster.shop-$i]
mesh = "shop-$i"
network = "shop-$i"
gateway.addresses = ["198.51.100.$i"]
[export.till-$i]
namespace = "till"
canonical_name = "till"
ports = [{ name = "http", number = 80 }]
from = ["shop-$i"]
to = ["hub"]
service_accounts = ["till"]
EOF
done
} > federation.toml
meshfedc validate
