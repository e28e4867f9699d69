#!/bin/sh
# The tree of what installs istiod: built, checked, compared, committed and retired like the other, and apart from it.
# Usage: install.sh MESHFEDC
set -eu
meshfedc=$(realpath "$1")
. "$(dirname "$(realpath "$0")")/git.sh"

# fresh NAME INSTALL: a repository with the starter, in which only west-cluster asks for an installation.
fresh() {
  cd "$work" && git init -q "$1" && cd "$1"
  git config user.name 'Mesh Builder' && git config user.email mesh@example.com
  "$meshfedc" init 2>/dev/null
  sed -i "s/^istio = \"1.31\"/istio = \"1.31.1\"/; s/^\[cluster.west-cluster\]/&\ninstall = $2/" federation.toml
  git add --all . && git commit -qm 'Begin'
}
holds() { [ "$(cd "$1" && find . -type f | sort | tr '\n' ' ')" = "$2" ] || { find "$1"; fail "$1 does not hold $2"; }; }

echo '- a tree of its own, for clusters that ask'
fresh own '"helm"'
expect 0 '2 clusters' "$meshfedc" build
holds out-install './west-cluster/.meshfedc.lock ./west-cluster/base-values.yaml ./west-cluster/istiod-values.yaml ./west-cluster/namespace.yaml '
[ ! -e out/out-install ] && [ -e out/west-cluster/kustomization.yaml ]
expect 0 'all up to date' "$meshfedc" check
expect 0 '0 files written' "$meshfedc" build

echo '- what differs there is found'
sed -i 's/clusterName: .*/clusterName: other/' out-install/west-cluster/istiod-values.yaml
expect 1 'different out-install/west-cluster/istiod-values.yaml' "$meshfedc" check
expect 1 '~ HelmValues/istiod' "$meshfedc" diff
expect 1 'west-cluster/install' "$meshfedc" diff
expect 3 'MF0901' "$meshfedc" build
expect 0 'overwrote `out-install/west-cluster/istiod-values.yaml`' "$meshfedc" build --force
expect 0 'all up to date' "$meshfedc" check

echo '- nothing is written to either if there is something in the way of one'
rm -r out out-install && mkdir -p out-install/west-cluster && echo mine >out-install/west-cluster/namespace.yaml
expect 3 'MF0902' "$meshfedc" build
[ ! -e out/west-cluster ] || fail 'the other tree was written'
rm -r out-install

echo '- committed together'
expect 0 'committed to rendered: ' "$meshfedc" build --commit --branch rendered
[ "$(git ls-tree --name-only rendered | tr '\n' ' ')" = 'out-install out ' ] || fail 'not both trees'
[ ! -e out-install ] || fail 'the working tree was written to'
expect 0 'nothing to commit' "$meshfedc" build --commit --branch rendered
expect 0 'committed to ' "$meshfedc" build --commit
[ -z "$(git status --porcelain)" ] || fail 'something is left over'
expect 0 'all up to date' "$meshfedc" check --against HEAD
sed -i 's/"helm"/"sail"/' federation.toml && git add federation.toml
expect 1 'extra out-install/west-cluster/base-values.yaml' "$meshfedc" check --against index
expect 1 '+ Istio.sailoperator.io/default' "$meshfedc" diff HEAD

echo '- retired where no cluster asks any more, and only what is ours'
sed -i '/^install/d' federation.toml
"$meshfedc" build 2>/dev/null
[ ! -e out-install/west-cluster ] || fail 'it is still there'
expect 0 'all up to date' "$meshfedc" check
fresh other '"sail"'
sed -i '/^install/d' federation.toml
"$meshfedc" build -o out-install 2>/dev/null   # a federation that is published by such a name
"$meshfedc" build 2>/dev/null
[ -e out-install/west-cluster/.meshfedc.lock ] || fail "another tree's cluster was retired"
git checkout -q federation.toml
expect 3 'MF0908' "$meshfedc" build

echo '- a directory without a name has none beside it'
fresh nameless '"helm"'
expect 2 'MF1206' "$meshfedc" build -o .
expect 0 'written' "$meshfedc" build -o "$PWD/out/"
[ -e out-install/west-cluster/namespace.yaml ] || fail 'a slash at the end counts'

echo '- the plugin renders one part'
fresh plugin '{ by = "helm", apply = "argocd" }'
generate() { "$meshfedc" cmp generate --cluster west-cluster "$@"; }
expect 0 'kind: Application' generate --part install
expect 0 'kind: Gateway' generate --part federation
[ -z "$(generate 2>/dev/null | grep 'kind: Application')" ] || fail 'the installation is rendered unasked'
expect 2 'MF1208' "$meshfedc" cmp generate --cluster east-cluster --part install
expect 2 'MF1207' generate --part istiod
sed -i 's/^install.*/install = "istioctl"/' federation.toml
expect 2 'MF1209' generate --part install
