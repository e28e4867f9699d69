meshfedc build 2>/dev/null
sed -i 's/^  trafficPolicy:/&\n    tls:\n      mode: ISTIO_MUTUAL/' out/east-cluster/httpbin/httpbin.mesh.global.yaml
meshfedc facts | sed 's/"sidecar": true/"sidecar": false/' > facts.json
meshfedc trace east-cluster httpbin.mesh.global -o out --facts facts.json >&2
