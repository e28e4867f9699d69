meshfedc build 2>/dev/null
sed -i 's|^        enabled: false|        enabled: true\n        distribute:\n        - from: "*"\n          to: {nowhere: 100}|' out/east-cluster/httpbin/httpbin.mesh.global.yaml
meshfedc trace east-cluster httpbin.mesh.global -o out >&2
