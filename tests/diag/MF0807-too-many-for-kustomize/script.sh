cp shop.toml federation.toml
export='
[export.api-%d]
namespace = "apis"
canonical_name = "api-%d"
ports = [{ name = "http", number = 80 }]
from = ["us"]
merge = ["eu"]
service_accounts = ["api"]
'
for i in $(seq 400); do printf "$export" "$i" "$i"; done >> federation.toml
meshfedc validate
