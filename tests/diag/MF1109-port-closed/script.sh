meshfedc build 2>/dev/null
sed -i 's/number: 15443/number: 15444/' out/west-cluster/istio-system/eastwest-gateway.yaml
meshfedc trace east-cluster httpbin.mesh.global -o out >&2
