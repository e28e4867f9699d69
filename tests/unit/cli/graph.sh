#!/bin/sh
# `meshfedc graph --against` on real repositories. Usage: graph.sh MESHFEDC
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
  echo "graph.sh: $*" >&2
  exit 1
}
draws() { # REV: lines of the flowchart that name an arrow
  "$meshfedc" graph --against "$1" --format mermaid 2>/dev/null | grep -e '-->' || true
}

git commit -q --allow-empty -m 'Begin'
"$meshfedc" init 2>/dev/null
[ "$(draws HEAD)" = '  c0 -->|"#43; httpbin"| c1' ] || fails "without a federation before, everything is new: $(draws HEAD)"
git add federation.toml
[ "$(draws index)" = '  c0 -->|"httpbin"| c1' ] || fails "nothing differs from the index"
git commit -q -m 'Share httpbin'

sed -i 's/number = 8000/number = 8001/' federation.toml
[ "$(draws HEAD)" = '  c0 -->|"httpbin ~1"| c1' ] || fails "a port changed: $(draws HEAD)"
git checkout -q federation.toml

cat >>federation.toml <<'END'
[export.web]
namespace = "web"
canonical_name = "web"
ports = [{ name = "http", number = 80 }]
from = ["west-mesh"]
to = ["east-mesh"]
END
[ "$(draws HEAD)" = '  c0 -->|"httpbin, web +1"| c1' ] || fails "an export is new: $(draws HEAD)"
"$meshfedc" graph --against HEAD --only-changes --format mermaid 2>/dev/null | grep -q '"#43; web"' || fails "only what changed"
git commit -q -am 'Share web'
git checkout -q HEAD~ -- federation.toml
[ "$(draws HEAD)" = '  c0 -->|"httpbin, web −1"| c1' ] || fails "an export is gone: $(draws HEAD)"
"$meshfedc" graph --against HEAD --focus web.mesh.global 2>/dev/null | grep -q 'class="call del"' ||
  fails "what is gone has a name"

sed 's/west-mesh"\]/wset-mesh"]/' federation.toml >wrong.toml
cp federation.toml right.toml
mv wrong.toml federation.toml
git commit -q -am 'A mistake'
mv right.toml federation.toml
status=0
"$meshfedc" graph --against HEAD 2>said || status=$?
[ "$status" -eq 2 ] || fails "exit $status of a wrong federation"
grep -q 'error\[MF1132\]: the federation at `HEAD` has errors, the first of them: .*wset-mesh' said || fails "$(cat said)"
[ "$(grep -c 'error\[' said)" -eq 1 ] || fails "one report: $(cat said)"
"$meshfedc" graph --against nowhere 2>said && fails "of no revision"
grep -q 'MF0912' said || fails "$(cat said)"
[ -z "$(git status --short --untracked-files=no | grep -v federation.toml)" ] || fails "$(git status --short)"
