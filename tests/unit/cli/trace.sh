#!/bin/sh
# `meshfedc trace --against` on real repositories. Usage: trace.sh MESHFEDC
set -eu
meshfedc=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export HOME=$work GIT_CONFIG_NOSYSTEM=1
git init -q .
git config user.name mesh
git config user.email mesh@example.com

fails() {
  echo "trace.sh: $*" >&2
  exit 1
}
differs() { # STATUS LAST-LINE WORD...
  wanted=$1 last=$2 status=0
  shift 2
  "$meshfedc" trace "$@" >said 2>errors || status=$?
  [ "$status" -eq "$wanted" ] || fails "$*: exit $status: $(cat said errors)"
  [ "$(tail -n 1 said)" = "$last" ] || fails "$*: $(cat said errors)"
}

git commit -q --allow-empty -m 'Begin'
"$meshfedc" init 2>/dev/null
differs 1 '2 of 2 answers differ: 2 reachable' --all --against HEAD
differs 1 '1 of 1 answer differs: 1 reachable' east-cluster httpbin.mesh.global --against HEAD
"$meshfedc" build 2>/dev/null
git add . && git commit -q -m 'Share httpbin'
differs 0 'no differences in 2 answers' --all --against HEAD
differs 0 'no differences in 2 answers' --all --against index -o out

# of a revision the facts are its own
sed -i 's/^dns_capture = true/dns_capture = false/' federation.toml
differs 1 '2 of 2 answers differ: 2 unreachable' --all --against HEAD
git checkout -q federation.toml

# a tree that is published, and edited
sed -i 's/number: 15443/number: 15444/' out/west-cluster/istio-system/eastwest-gateway.yaml
differs 1 '1 of 2 answers differs: 1 shares' --all -o out --against HEAD
differs 0 'no differences in 2 answers' --all --against HEAD
"$meshfedc" trace --all -o out --against HEAD --format json 2>/dev/null | python3 -c '
import json, sys
change = json.load(sys.stdin)["changes"][0]
assert [change["change"], change["before"]["verdict"], change["now"]["verdict"]] == ["shares", "reached", "partly"], change
' || fails 'the JSON'

cp -r out ignored
differs 4 '' --all -o ignored --against HEAD
grep -q 'HEAD:ignored.*it has no directory of any cluster' errors || fails "$(cat errors)"
rm -r ignored

# two directories
cp -r out edited && git checkout -q out
differs 1 '1 of 2 answers differs: 1 shares' --all -o edited --against out
differs 0 'no differences in 1 answer' west-cluster httpbin.mesh.global -o edited --against out
rm -r edited/east-cluster
differs 1 '1 of 2 answers differs: 1 reachable' --all -o out --against edited
mkdir empty
differs 4 '' --all --against empty
grep -q 'it has no directory of any cluster' errors || fails "$(cat errors)"

# of one call, only the clusters on its way are read
echo 'a: [' >out/east-cluster/broken.yaml
"$meshfedc" trace west-cluster httpbin.mesh.global -o out >said 2>errors || fails "$(cat said errors)"
status=0
"$meshfedc" trace east-cluster httpbin.mesh.global -o out >said 2>errors || status=$?
[ "$status" -eq 2 ] || fails "exit $status: $(cat said errors)"
rm out/east-cluster/broken.yaml

# what is wrong then is said
sed 's/west-mesh"\]/wset-mesh"]/' federation.toml >wrong.toml
cp federation.toml right.toml && mv wrong.toml federation.toml
echo 'a: [' >out/east-cluster/httpbin/httpbin.mesh.global.yaml
git commit -q -am 'Mistakes' && mv right.toml federation.toml
"$meshfedc" build --force >/dev/null 2>&1 || git checkout -q HEAD~ -- out
differs 2 '' --all --against HEAD
grep -q 'error\[MF1132\]: the federation at `HEAD` has errors' errors || fails "$(cat errors)"
"$meshfedc" facts >facts.json 2>/dev/null
differs 2 '' --all --against HEAD -o out --facts facts.json
grep -q 'MF1126.*HEAD:out/east-cluster/httpbin/httpbin.mesh.global.yaml' errors || fails "$(cat errors)"
differs 4 '' --all --against nowhere
grep -q 'MF0912' errors || fails "$(cat errors)"
