meshfedc facts | sed 's/"dns_capture"/"dns_captured"/' > facts.json
meshfedc trace east-cluster httpbin.mesh.global --facts facts.json >&2
