meshfedc build 2>/dev/null
printf -- '---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: shop, namespace: httpbin}\nspec: {rules: [{from: [{source: {namespaces: [shop]}}]}]}\n' >> out/west-cluster/httpbin/httpbin.mesh.global.yaml
meshfedc trace east-cluster/bank httpbin.mesh.global -o out >&2
