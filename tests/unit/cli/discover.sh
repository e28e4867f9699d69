#!/bin/sh
# Manifests are read from where the main file is: the working tree, the index, a revision. Usage: discover.sh MESHFEDC
set -eu
meshfedc=$(realpath "$1")
. "$(dirname "$(realpath "$0")")/published.sh"
check() { "$meshfedc" check -f prod/federation.toml -o clusters "$@"; }
build() { "$meshfedc" build -f prod/federation.toml -o clusters "$@"; }
service() {
  mkdir -p "$(dirname "$1")"
  cat >"$1" <<EOF
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, labels: {shared: "yes"}}
spec: {selector: {app: web}, ports: [{name: http, port: $2}]}
EOF
}

cat >>prod/federation.toml <<'EOF'
[discover.shop]
manifests = ["k8s/**/*.yaml"]
selector = { shared = "yes" }
at = ["west-mesh"]
to = ["east-mesh"]
service_accounts = ["web"]
EOF
service prod/k8s/shop/web.yaml 80
git add prod/federation.toml
expect 1 'missing clusters/east-cluster/shop/web.shop.svc.cluster.local.yaml' check
expect 2 'MF0486' check --against index
git add prod
expect 1 'missing' check --against index
build 2>/dev/null
expect 1 'missing' check --against index
git add clusters
expect 0 'all up to date' check --against index
git commit -qm 'Share web'
expect 0 'all up to date' check --against HEAD
expect 0 'all up to date' check --against HEAD~1

# A manifest of the working tree is not that of the commit.
service prod/k8s/shop/web.yaml 81
expect 1 'different' check
expect 0 'all up to date' check --against index
expect 1 'port' "$meshfedc" diff -f prod/federation.toml -o clusters
git add prod
expect 1 'different' check --against index
build 2>/dev/null
git add clusters
expect 0 'all up to date' check --against index

# A commit has the manifests that were built, and refuses others.
git commit -qm 'Move the port'
service prod/k8s/shop/web.yaml 83
expect 0 '' build --commit --branch rendered
expect 0 'port: 83' git show rendered:clusters/east-cluster/shop/web.shop.svc.cluster.local.yaml
