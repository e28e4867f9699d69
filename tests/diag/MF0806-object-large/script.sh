cp shop.toml federation.toml
for i in $(seq 6500); do
  cat <<EOF

[export.tenant-$i]
namespace = "tenants"
canonical_name = "tenant-$i"
host = "customer-$i.dedicated.payments.shop.internal"
ports = [{ name = "http", number = 80 }]
from = ["us"]
to = ["eu"]
service_accounts = ["tenant"]
EOF
done >> federation.toml
meshfedc validate
