sed -i '/^accept/d; s/permissive/strict/' federation.toml
meshfedc build 2>/dev/null
printf -- '---\napiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: mine, namespace: httpbin}\nspec: {host: httpbin.mesh.global, trafficPolicy: {tls: {mode: DISABLE}}}\n' >> out/west-cluster/httpbin/httpbin.mesh.global.yaml
meshfedc trace west-cluster httpbin.mesh.global -o out >&2
