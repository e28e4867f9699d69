cp shop.toml federation.toml
export='
[export.tenant-%d]
namespace = "tenants"
canonical_name = "tenant-%d"
host = "customer-%d.dedicated.payments.shop.internal"
ports = [{ name = "http", number = 80 }]
from = ["us"]
to = ["eu"]
service_accounts = ["tenant"]
'
for i in $(seq 6500); do printf "$export" "$i" "$i" "$i"; done >> federation.toml
meshfedc validate
