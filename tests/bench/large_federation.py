#!/usr/bin/env python3
"""Writes a large federation: large_federation.py DIRECTORY CLUSTERS EXPORTS DENSITY [host|namespace]

A main file with the clusters, each on a network of its own with a gateway, and a fragment for each cluster with the
EXPORTS that it serves. DENSITY % of the other clusters, but at least one, import each export. It compiles without
errors and warnings. The last argument is the value of `files`.
"""
import pathlib
import sys

CLUSTERS_PER_MESH = 10
EXPORTS_PER_NAMESPACE = 20
MANY_OBJECTS = 1000  # that kustomize still builds


def importers_per_export(clusters, density):
    return max(1, round((clusters - 1) * density / 100))


def objects_per_cluster(clusters, exports, density):
    """Hosts, networks that it imports from, its gateway's two, mesh-wide policy. The same for every cluster."""
    imports = exports * importers_per_export(clusters, density)
    return exports + imports + min(imports, clusters - 1) + 3


def files(clusters, exports, density):
    """About how many files the federation compiles to: one for each object at most, and lists."""
    namespaces = clusters * exports // EXPORTS_PER_NAMESPACE + 1
    return clusters * (objects_per_cluster(clusters, exports, density) + namespaces + 3)


def accepted(clusters, exports, density):
    """The warnings that a federation of this size means; accepting others would be a warning itself."""
    if importers_per_export(clusters, density) == clusters - 1:
        yield '"MF0609"'  # exports for everybody
    if objects_per_cluster(clusters, exports, density) > MANY_OBJECTS:
        yield '"MF0807"'


def main_file(clusters, exports, density, layout):
    yield 'version = 1\ninclude = ["exports/*.toml"]\n\n[federation]\nname = "large"\n'
    codes = list(accepted(clusters, exports, density))
    if codes:
        yield f'accept = [{", ".join(codes)}]\n'
    yield f'\n[defaults]\nistio = "1.31"\nmtls = "strict"\ndns_capture = true\nfiles = "{layout}"\n'
    yield '\n[fragment."exports/*.toml"]\n\n'
    for mesh in range((clusters - 1) // CLUSTERS_PER_MESH + 1):
        yield f'[mesh.m{mesh}]\n'
    for cluster in range(clusters):
        yield f'\n[network.n{cluster}]\n\n[cluster.c{cluster}]\nmesh = "m{cluster // CLUSTERS_PER_MESH}"\n'
        yield f'network = "n{cluster}"\ngateway.addresses = ["198.51.100.{cluster + 1}"]\n'


def importers(cluster, export, clusters, density):
    """Shifted from one export to the next, so that every cluster imports equally many."""
    count = importers_per_export(clusters, density)
    if count == clusters - 1:
        return ['*']
    return [f'c{(cluster + 1 + (export * count + i) % (clusters - 1)) % clusters}' for i in range(count)]


def fragment(cluster, clusters, exports, density):
    namespaces = clusters * exports // EXPORTS_PER_NAMESPACE + 1
    for export in range(exports):
        name = f'service-{cluster}-{export}'
        to = ', '.join(f'"{importer}"' for importer in importers(cluster, export, clusters, density))
        yield (f'[export.{name}]\nnamespace = "team-{(cluster * exports + export) % namespaces}"\n'
               f'canonical_name = "{name}"\nports = [{{ name = "http", number = 8080 }}]\nfrom = ["c{cluster}"]\n'
               f'to = [{to}]\nservice_accounts = ["{name}"]\n\n')


def write(root, clusters, exports, density, layout='host'):
    (root / 'exports').mkdir(parents=True)
    (root / 'federation.toml').write_text(''.join(main_file(clusters, exports, density, layout)))
    for cluster in range(clusters):
        (root / 'exports' / f'c{cluster}.toml').write_text(''.join(fragment(cluster, clusters, exports, density)))


if __name__ == '__main__':
    write(pathlib.Path(sys.argv[1]), *map(int, sys.argv[2:5]), *sys.argv[5:])
