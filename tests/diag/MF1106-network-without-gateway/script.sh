meshfedc build 2>/dev/null
echo 'kind: none' > out/east-cluster/istio-system/network-west-network.yaml
meshfedc trace east-cluster httpbin.mesh.global -o out >&2
