cp shop.toml federation.toml
for i in $(seq 18); do
  cat <<EOF

[export.pay-$i]
namespace = "payments"
canonical_name = "pay-$i"
ports = [{ name = "http", number = 80 }]
from = ["us"]
to = ["eu"]
service_accounts = ["pay"]
EOF
done >> federation.toml
meshfedc validate
