#!/bin/sh
# Reads what the compiler writes with kustomize and with a strict Kubernetes YAML decoder. Usage: run.sh MESHFEDC
set -eu
MESHFEDC=$(realpath "$1")
export MESHFEDC
cd "$(dirname "$0")"
log=$(mktemp)
trap 'rm -f "$log"' EXIT

status=0
go test -count=1 -v ./... >"$log" 2>&1 || status=$?
grep -Ev '^ *(=== (RUN|PAUSE|CONT|NAME)|--- PASS)|^(PASS|ok)' "$log" || true
passed=$(grep -c -- '--- PASS' "$log" || true)
failed=$(grep -c -- '--- FAIL' "$log" || true)
[ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
echo "$passed passed, $failed failed"
exit "$status"
