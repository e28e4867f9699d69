"""Prints a federation of any size, the same for the same arguments: meshes of unequal sizes, networks of their own, and
exports that differ in who serves and who consumes them.

usage: federation.py CLUSTERS HOSTS [MESHES]
"""

import sys

NAMES = ["americas", "europe", "asia", "africa", "oceania", "labs", "retail", "payments"]
SERVICES = ["orders", "cart", "catalog", "search", "ledger", "fraud", "stock", "users", "mail", "media"]


def mesh_name(i):
    return NAMES[i] if i < len(NAMES) else f"mesh-{i}"


def main():
    clusters, hosts = int(sys.argv[1]), int(sys.argv[2])
    meshes = int(sys.argv[3]) if len(sys.argv) > 3 else max(1, min(8, clusters // 4))
    print('version = 1\n\n[federation]\nname = "fleet"\n\n[defaults]\nistio = "1.31"\ndns_capture = true\nmtls = "strict"\n')
    for i in range(meshes):
        print(f"[mesh.{mesh_name(i)}]")
    names = []
    for i in range(clusters):
        mesh = mesh_name(i % meshes if i % 7 else 0)
        name = f"{mesh}-{i + 1}"
        names.append((name, mesh))
        print(f'\n[network.net-{i + 1}]\negress_port = {20000 + i}\n\n[cluster.{name}]\nmesh = "{mesh}"\n'
              f'network = "net-{i + 1}"\ngateway.addresses = ["203.0.113.{i + 1}"]')
        if i % 5 == 3:
            print('egress = "gateway"')
    for i in range(hosts):
        serving = sorted({names[(i * 7 + k * 3) % clusters][0] for k in range(1 + i % 3)})
        mesh = mesh_name(i * 5 % meshes)
        reached = sorted({n for n, m in names if m == mesh and n not in serving} |
                         {names[(i * 11 + 1) % clusters][0]} - set(serving))
        if i % 6 == 0:
            reached = [n for n, _ in names if n not in serving]
        if not reached:
            continue
        service = SERVICES[i % len(SERVICES)] + (f"-{i // len(SERVICES)}" if i >= len(SERVICES) else "")
        print(f'\n[export.{service}]\nnamespace = "{SERVICES[i % len(SERVICES)]}"\ncanonical_name = "{service}"\n'
              f'ports = [{{ name = "http", number = {8000 + i % 40} }}]\nfrom = {serving}\nto = {reached}\n'
              f'service_accounts = ["{service}"]'.replace("'", '"'))


main()
