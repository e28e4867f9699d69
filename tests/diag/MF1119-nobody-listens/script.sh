meshfedc facts | sed 's/^\( *\)80$/\18080/' > facts.json
meshfedc trace east-cluster httpbin.mesh.global --facts facts.json >&2
