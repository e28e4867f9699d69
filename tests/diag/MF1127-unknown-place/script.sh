meshfedc trace east-mesh httpbin.mesh.global >&2
