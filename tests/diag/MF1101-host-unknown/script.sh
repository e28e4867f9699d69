meshfedc trace east-cluster htpbin.mesh.global >&2
