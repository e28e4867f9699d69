sed -i 's/^merge/to/' federation.toml
meshfedc build 2>/dev/null
sed -i 's|/sa/httpbin|/sa/http-bin|' out/east-cluster/httpbin/httpbin.mesh.global.yaml
meshfedc trace east-cluster httpbin.mesh.global -o out >&2
