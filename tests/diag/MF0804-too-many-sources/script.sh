{
cat <<EOF
version = 1
federation.name = "stores"

[defaults]
istio = "1.31"
dns_capture = true
mtls = "strict"

[mesh.hub]
[network.hub]
[cluster.hub]
mesh = "hub"
network = "hub"
kustomization = false

[export.till]
namespace = "till"
canonical_name = "till"
ports = [{ name = "http", number = 80 }]
from = ["stores"]
to = ["hub"]
service_accounts = ["till"]

[mesh.stores]
EOF
for i in $(seq 4100); do
  echo "[network.store-$i]"
  echo "[cluster.store-$i]"
  echo 'mesh = "stores"'
  echo "network = \"store-$i\""
  echo "gateway.addresses = [\"198.18.$((i / 250)).$((i % 250 + 1))\"]"
done
} > federation.toml
meshfedc validate
