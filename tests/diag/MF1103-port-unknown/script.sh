meshfedc trace east-cluster httpbin.mesh.global:80 >&2
