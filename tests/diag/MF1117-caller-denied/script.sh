printf 'callers = ["east-mesh/shop/web"]\n' >> federation.toml
meshfedc trace east-cluster/shop/db httpbin.mesh.global >&2
