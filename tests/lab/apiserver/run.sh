#!/bin/sh
# Applies what the examples and random federations compile to, to a real Kubernetes API server on loopback: no refusal,
# no warning, nothing added. Compares the limits of the API server with those of the compiler (limits/), and lets istiod's
# own controller deploy gateways there. RANDOM_FEDERATION is the program that makes a federation; it is given SEED to
# SEED + COUNT - 1.
# Usage: run.sh MESHFEDC RANDOM_FEDERATION SEED COUNT
set -eu
MESHFEDC=$(realpath "$1")
RANDOM_FEDERATION=$(realpath "$2")
SEED=$3
COUNT=$4
cd "$(dirname "$0")"
root=$(realpath ../../..)
KUBE_APISERVER=$root/build/lab/kube-apiserver
DEPLOYER=$root/build/lab/deployer
export MESHFEDC RANDOM_FEDERATION SEED COUNT KUBE_APISERVER DEPLOYER

"$root/.ci/install" etcd-server
mkdir -p "$root/build/lab"
echo "seed $SEED, $COUNT random federations"
go build -ldflags='-s -w' -o "$KUBE_APISERVER" ./server
(cd .. && go build -ldflags='-s -w' -o "$DEPLOYER" ./deployer)
go test -c -o "$root/build/lab/apiserver.test" .

# Everything below is in this directory, and the test runs beside this script: so whoever ends one ends the other, and
# nothing is left.
TMPDIR=$(mktemp -d)
export TMPDIR
log=$TMPDIR/log
trap 'rm -rf "$TMPDIR"' EXIT
"$root/build/lab/apiserver.test" -test.v -test.timeout=10m >"$log" 2>&1 &
test=$!
trap 'kill "$test"; wait "$test" || true; exit 130' INT TERM
status=0
wait "$test" || status=$?
go test -count=1 -v ./limits >>"$log" 2>&1 || status=$?

grep -Ev '^ *(=== (RUN|PAUSE|CONT|NAME)|--- PASS)|^(PASS|ok)' "$log" || true
passed=$(grep -c -- '--- PASS' "$log" || true)
failed=$(grep -c -- '--- FAIL' "$log" || true)
[ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
echo "$passed passed, $failed failed"
exit "$status"
