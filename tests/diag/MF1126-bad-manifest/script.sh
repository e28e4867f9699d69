meshfedc build 2>/dev/null
echo 'spec: {' >> out/east-cluster/httpbin/httpbin.mesh.global.yaml
meshfedc trace east-cluster httpbin.mesh.global -o out >&2
