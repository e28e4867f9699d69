meshfedc build 2>/dev/null
printf -- '---\napiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: mine, namespace: httpbin}\nspec: {host: httpbin.mesh.global, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}\n' >> out/west-cluster/httpbin/httpbin.mesh.global.yaml
meshfedc facts | sed 's/"sidecar": true/"sidecar": false/' > facts.json
meshfedc trace west-cluster httpbin.mesh.global -o out --facts facts.json >&2
