sed -i 's/^# mtls = "strict"/mtls = "strict"/' federation.toml
meshfedc build 2>/dev/null
sed -i 's/^  trafficPolicy:/&\n    tls:\n      mode: DISABLE/' out/east-cluster/httpbin/httpbin.mesh.global.yaml
meshfedc trace east-cluster httpbin.mesh.global -o out >&2
