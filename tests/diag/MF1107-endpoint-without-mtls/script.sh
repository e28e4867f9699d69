meshfedc build 2>/dev/null
sed -i '/tlsMode: istio/d' out/east-cluster/httpbin/httpbin.mesh.global.yaml
meshfedc trace east-cluster httpbin.mesh.global -o out >&2
