#!/usr/bin/env python3
"""Writes a large federation: large_federation.py DIRECTORY CLUSTERS EXPORTS IMPORTERS

One main file with the clusters, each on a network of its own with a gateway, and fragments of 10,000 exports each. Every export is
served by one cluster and imported by IMPORTERS others.
"""
import pathlib
import sys

PER_FRAGMENT = 10_000


def main_file(clusters):
    yield 'version = 1\ninclude = ["exports/*.toml"]\n'
    yield '[federation]\nname = "large"\naccept = ["MF0807"]\n'
    yield '[defaults]\nistio = "1.31"\nmtls = "strict"\ndns_capture = true\n'
    yield '[fragment."exports/*.toml"]\n'
    for i in range((clusters + 19) // 20):
        yield f'[mesh.m{i}]\n'
    for i in range(clusters):
        yield f'[network.n{i}]\n'
        yield f'[cluster.c{i}]\nmesh = "m{i // 20}"\nnetwork = "n{i}"\n'
        yield f'gateway.addresses = ["198.{51 + i // 62500}.{i // 250 % 250}.{i % 250 + 1}"]\n'


def export(i, clusters, importers):
    to = ', '.join(f'"c{(i * 7 + 1 + k * 13) % clusters}"' for k in range(importers))
    return (f'[export.service-{i}]\nnamespace = "team-{i % 500}"\ncanonical_name = "service-{i}"\n'
            f'ports = [{{ name = "http", number = 8080 }}]\nfrom = ["c{i * 7 % clusters}"]\nto = [{to}]\n'
            f'service_accounts = ["service-{i}"]\n\n')


def main():
    root = pathlib.Path(sys.argv[1])
    clusters, exports, importers = map(int, sys.argv[2:])
    (root / 'exports').mkdir(parents=True, exist_ok=True)
    (root / 'federation.toml').write_text(''.join(main_file(clusters)))
    for begin in range(0, exports, PER_FRAGMENT):
        text = ''.join(export(i, clusters, importers) for i in range(begin, min(begin + PER_FRAGMENT, exports)))
        (root / 'exports' / f'part-{begin // PER_FRAGMENT:04}.toml').write_text(text)


main()
