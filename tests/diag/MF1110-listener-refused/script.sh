meshfedc build 2>/dev/null
sed -i '0,/part-of: demo/s//&\n    topology.istio.io\/network: west-network/' out/west-cluster/istio-system/eastwest-gateway.yaml
meshfedc trace east-cluster httpbin.mesh.global -o out >&2
