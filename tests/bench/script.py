#!/usr/bin/env python3
"""What one writes instead of a compiler: script.py FEDERATION DIRECTORY

Reads what large_federation.py writes, checks nothing, fills in templates and writes the files, the same bytes as
meshfedc's, but no lock. Then syncs the file system once, as meshfedc does.
"""
import ctypes
import os
import pathlib
import sys
import tomllib

LABELS = '''  labels:
    app.kubernetes.io/managed-by: meshfedc
    app.kubernetes.io/part-of: {federation}
'''

SERVICE_ENTRY = '''apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: {host}
  namespace: {namespace}
''' + LABELS + '''spec:
  hosts:
  - {host}
  exportTo:
  - "*"
  location: MESH_INTERNAL
  ports:
{ports}  resolution: STATIC
'''

PORT = '''  - name: {name}
    number: {number}
    protocol: HTTP
'''

SERVED = '''  workloadSelector:
    labels:
      service.istio.io/canonical-name: {canonical_name}
'''

IMPORTED = '''  subjectAltNames:
  - "spiffe://cluster.local/ns/{namespace}/sa/{account}"
  endpoints:
  - network: {network}
    weight: 1
    labels:
      security.istio.io/tlsMode: istio
'''

REMOTE_NETWORK = '''apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: network-{network}
  namespace: istio-system
''' + LABELS + '''    topology.istio.io/network: {network}
spec:
  gatewayClassName: istio-remote
  addresses:
  - type: IPAddress
    value: "{address}"
  listeners:
  - name: cross-network
    port: 15443
    protocol: TLS
    tls:
      mode: Passthrough
      options:
        gateway.istio.io/listener-protocol: auto-passthrough
    allowedRoutes:
      namespaces:
        from: Same
'''

EASTWEST_GATEWAY = '''apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: eastwest-gateway
  namespace: istio-system
''' + LABELS + '''spec:
  gatewayClassName: istio
  infrastructure:
    labels:
      topology.istio.io/network: {network}
    annotations:
      meshfedc.io/gateway: east-west
  listeners:
  - name: cross-network
    port: 15443
    protocol: TLS
    tls:
      mode: Passthrough
    allowedRoutes:
      namespaces:
        from: Same
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: eastwest-gateway
  namespace: istio-system
''' + LABELS + '''spec:
  selector:
    gateway.networking.k8s.io/gateway-name: eastwest-gateway
  servers:
  - port:
      name: tls
      number: 15443
      protocol: TLS
    hosts:
{hosts}    tls:
      mode: AUTO_PASSTHROUGH
'''

MESH = '''apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: default
  namespace: istio-system
''' + LABELS + '''spec:
  mtls:
    mode: STRICT
'''

KUSTOMIZATION = '''apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
'''


def read(main_path):
    with open(main_path, 'rb') as file:
        federation = tomllib.load(file)
    exports = {}
    for pattern in federation['include']:
        for path in main_path.parent.glob(pattern):
            with open(path, 'rb') as file:
                exports.update(tomllib.load(file)['export'])
    return federation, exports


def consumers(export, clusters):
    return [name for name in clusters if name not in export['from']] if export['to'] == ['*'] else export['to']


def host_files(federation, exports):
    """By cluster: path to content."""
    clusters = federation['cluster']
    files = {name: {} for name in clusters}
    for name, export in exports.items():
        namespace = export['namespace']
        host = f'{name}.mesh.global'
        path = f'{namespace}/{host}.yaml'
        entry = SERVICE_ENTRY.format(federation=federation['federation']['name'], host=host, namespace=namespace,
                                     ports=''.join(PORT.format(**port) for port in export['ports']))
        source = export['from'][0]
        files[source][path] = entry + SERVED.format(canonical_name=export['canonical_name'])
        imported = entry + IMPORTED.format(namespace=namespace, account=export['service_accounts'][0],
                                           network=clusters[source]['network'])
        for cluster in consumers(export, clusters):
            files[cluster][path] = imported
    return files


def gateway_files(federation, exports):
    """By cluster: path to content of what is not about a single host."""
    clusters, name = federation['cluster'], federation['federation']['name']
    files = {cluster: {'istio-system/mesh.yaml': MESH.format(federation=name)} for cluster in clusters}
    hosts = {cluster: [] for cluster in clusters}
    for export_name, export in exports.items():
        source = export['from'][0]
        hosts[source].append(f'{export_name}.mesh.global')
        network = clusters[source]['network']
        remote = REMOTE_NETWORK.format(federation=name, network=network,
                                       address=clusters[source]['gateway']['addresses'][0])
        for cluster in consumers(export, clusters):
            files[cluster][f'istio-system/network-{network}.yaml'] = remote
    for cluster, table in clusters.items():
        listed = ''.join(f'    - {host}\n' for host in sorted(hosts[cluster]))
        files[cluster]['istio-system/eastwest-gateway.yaml'] = EASTWEST_GATEWAY.format(
            federation=name, network=table['network'], hosts=listed)
    return files


def kustomizations(paths):
    directories = {'': set()}
    for path in paths:
        directory, name = path.split('/')
        directories[''].add(directory)
        directories.setdefault(directory, set()).add(name)
    for directory, names in directories.items():
        path = f'{directory}/kustomization.yaml' if directory else 'kustomization.yaml'
        yield path, KUSTOMIZATION + ''.join(f'- {name}\n' for name in sorted(names))


def write(root, files):
    for directory in {os.path.dirname(path) for path in files}:
        os.makedirs(f'{root}/{directory}', exist_ok=True)
    for path, content in files.items():
        with open(f'{root}/{path}', 'w', encoding='utf-8') as file:
            file.write(content)


def sync(root):
    descriptor = os.open(root, os.O_RDONLY)
    if ctypes.CDLL(None, use_errno=True).syncfs(descriptor) != 0:
        raise OSError(ctypes.get_errno(), 'syncfs')
    os.close(descriptor)


def main():
    source, root = pathlib.Path(sys.argv[1]), sys.argv[2]
    federation, exports = read(source)
    hosts, gateways = host_files(federation, exports), gateway_files(federation, exports)
    for cluster in federation['cluster']:
        files = hosts[cluster] | gateways[cluster]
        files.update(kustomizations(files))
        write(f'{root}/{cluster}', files)
    sync(root)


main()
