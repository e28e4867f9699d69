meshfedc build 2>/dev/null
sed -i 's/198.51.100.1/198.51.100.2/' out/east-cluster/istio-system/network-west-network.yaml
meshfedc trace east-cluster httpbin.mesh.global -o out >&2
