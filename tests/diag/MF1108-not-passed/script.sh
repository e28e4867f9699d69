meshfedc build 2>/dev/null
sed -i 's/number: 8000/number: 8001/' out/west-cluster/httpbin/httpbin.mesh.global.yaml
meshfedc trace east-cluster httpbin.mesh.global -o out >&2
