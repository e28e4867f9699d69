#!/bin/sh
# run.sh BUILD_DIR [SEED [COUNT]]: what the writer writes, read by yaml-cpp, PyYAML and kubectl's decoder. Each must give back
# every string and type; a reader that is missing is a failure. Needs the target yaml_oracle, python3 with PyYAML, and Go.
set -u

build=${1:?usage: run.sh BUILD_DIR [SEED [COUNT]]}
seed=${2:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
count=${3:-20000}
here=$(cd "$(dirname "$0")" && pwd)
oracle=$build/tests/yaml_oracle/yaml_oracle

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
"$oracle" write "$work" "$seed" "$count" || exit 1

passed=0
failed=0
reader() { # NAME COMMAND…
  name=$1
  shift
  if "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "$name: FAILED (seed $seed)"
  fi
}

kubectl_reader() {
  (cd "$here/go" && go build -mod=readonly -o "$work/kubectl_reader" .) && "$work/kubectl_reader" "$work"
}

reader yaml-cpp "$oracle" check "$work"
reader PyYAML python3 "$here/check_pyyaml.py" "$work"
reader sigs.k8s.io/yaml kubectl_reader

echo "$passed passed, $failed failed"
test "$failed" -eq 0
