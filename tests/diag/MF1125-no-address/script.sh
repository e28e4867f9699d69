meshfedc build 2>/dev/null
sed -i 's/network: west-network/network: east-network/' out/east-cluster/httpbin/httpbin.mesh.global.yaml
meshfedc trace east-cluster httpbin.mesh.global -o out >&2
