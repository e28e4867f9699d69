cp shop.toml federation.toml
for i in $(seq 400); do
  cat <<EOF

[export.api-$i]
namespace = "apis"
canonical_name = "api-$i"
ports = [{ name = "http", number = 80 }]
from = ["us"]
merge = ["eu"]
service_accounts = ["api"]
EOF
done >> federation.toml
meshfedc validate
