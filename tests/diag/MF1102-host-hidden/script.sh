sed -i 's/^merge = .*/to = ["east-mesh"]\nvisible_to = ["shop"]/' federation.toml
meshfedc trace east-cluster/bank httpbin.mesh.global >&2
