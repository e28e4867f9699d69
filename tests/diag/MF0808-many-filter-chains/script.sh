cp shop.toml federation.toml
ports=$(for n in $(seq 41000 41199); do printf '{ name = "tcp-%d", number = %d }, ' $n $n; done)
for i in $(seq 12); do
  cat <<EOF

[export.db-$i]
namespace = "databases"
canonical_name = "db-$i"
ports = [$ports]
from = ["us"]
to = ["eu"]
service_accounts = ["db"]
EOF
done >> federation.toml
meshfedc validate
