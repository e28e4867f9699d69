meshfedc build 2>/dev/null
sed -i 's/canonical-name: httpbin/canonical-name: http-bin/' out/west-cluster/httpbin/httpbin.mesh.global.yaml
meshfedc trace east-cluster httpbin.mesh.global -o out >&2
