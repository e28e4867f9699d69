meshfedc build 2>/dev/null
sed -i 's/172.18.255.1/172.18.255.2/' out/east-cluster/istio-system/network-west-network.yaml
meshfedc trace east-cluster httpbin.mesh.global -o out >&2
