sed -i 's/^mesh = "east-mesh"/&\negress = "gateway"\negress_gateway = {}/' federation.toml
meshfedc build 2>/dev/null
sed -i 's/^        host: west-network/        host: nowhere/' out/east-cluster/istio-system/egress-to-west-network.yaml
meshfedc trace east-cluster httpbin.mesh.global -o out >&2
