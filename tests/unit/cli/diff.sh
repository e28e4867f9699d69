#!/bin/sh
# `meshfedc diff REV` in real repositories. Usage: diff.sh MESHFEDC
set -eu
meshfedc=$(realpath "$1")
. "$(dirname "$(realpath "$0")")/published.sh"
git tag first
diff() { "$meshfedc" diff -f prod/federation.toml -o clusters "$@"; }
moved='    ~ spec.ports[name=http].number: 8000 -> 8001'

expect 0 'no differences in 2 clusters' diff
expect 0 'no differences in 2 clusters' diff HEAD

# The source is changed, then built, then committed: the tree that it is compared with decides.
sed -i 's/number = 8000/number = 8001/' prod/federation.toml
expect 1 "$moved" diff
expect 1 "$moved" diff first
"$meshfedc" build -f prod/federation.toml -o clusters 2>/dev/null
expect 0 'no differences' diff
expect 1 "$moved" diff HEAD
expect 1 "$moved" diff index
git add --all . && git commit -qm 'Move the port'
expect 0 'no differences' diff index
expect 0 'no differences' diff HEAD
expect 1 '0 to add, 2 to change, 0 to remove in 2 clusters' diff HEAD~1

# A tree that was not there yet: all of it is new.
git checkout -q --orphan empty && git rm -rqf --cached . && git commit -q --allow-empty -m 'Nothing'
expect 1 'cluster east-cluster, added: 5 to add' diff empty
git checkout -qf -B main first && git clean -qfd

# From below, by absolute paths, and what a checkout would do to line ends does not count.
cd prod
expect 0 'no differences' "$meshfedc" diff -o ../clusters first
expect 0 'no differences' "$meshfedc" diff -f "$PWD/federation.toml" -o "$work/repository/clusters" first
cd ..

# What somebody committed there is not believed.
printf 'a: &a [*a]\n' >clusters/east-cluster/istio-system/mesh.yaml
git add --all . && git commit -qm 'A mess'
git checkout -q first -- clusters
expect 3 'error[MF0930]: `clusters/east-cluster/istio-system/mesh.yaml` cannot be compared: line 1, column 8: aliases are not supported' diff HEAD
expect 0 'no differences' diff
git rm -q --cached clusters/east-cluster/istio-system/mesh.yaml && rm clusters/east-cluster/istio-system/mesh.yaml
ln -s ../../../prod/federation.toml clusters/east-cluster/istio-system/mesh.yaml
git add --all . && git commit -qm 'A link'
expect 3 'MF0903' diff HEAD
expect 3 'MF0903' diff

# A file of many megabytes of nothing much, and one that is larger than what is read.
git checkout -qf first -- clusters
{ printf 'a: ['; head -c 4200000 /dev/zero | tr '\0' ','; printf ']\n'; } >clusters/east-cluster/istio-system/mesh.yaml
expect 3 'MF0930' diff
truncate -s 65M clusters/east-cluster/istio-system/mesh.yaml
expect 4 'MF0001' diff

# What is no repository, and no revision.
expect 4 'MF0912' diff v9
cd "$work" && mkdir plain && cp repository/prod/federation.toml plain && cd plain
expect 4 'MF0911' "$meshfedc" diff HEAD
