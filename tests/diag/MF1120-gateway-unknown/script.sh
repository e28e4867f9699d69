meshfedc build 2>/dev/null
sed -i 's/gatewayClassName: istio/gatewayClassName: other/' out/west-cluster/istio-system/eastwest-gateway.yaml
meshfedc trace east-cluster httpbin.mesh.global -o out >&2
