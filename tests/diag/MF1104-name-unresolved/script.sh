sed -i 's/^dns_capture = true/dns_capture = false/' federation.toml
meshfedc trace east-cluster httpbin.mesh.global >&2
