meshfedc build 2>/dev/null
sed -i '/kind: DestinationRule/,/trafficPolicy:/s/trafficPolicy:/&\n    tls:\n      mode: SIMPLE/' out/east-cluster/httpbin/httpbin.mesh.global.yaml
meshfedc trace east-cluster httpbin.mesh.global -o out >&2
