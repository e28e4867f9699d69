#!/bin/sh
# Argo CD's and Flux's own code on what meshfedc prints, writes and ships in examples/. Usage: run.sh MESHFEDC
# The first run builds Argo CD's repo-server and plugin server as libraries, which takes minutes.
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
skipped=$(grep -c -- '--- SKIP' "$log" || true)
[ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
if [ "$skipped" -gt 0 ] && [ "${CI:-}" = true ]; then
  echo "with CI=true, what is skipped has failed"
  failed=$((failed + skipped)) skipped=0 status=1
fi
if [ "$skipped" -gt 0 ]; then
  echo "$passed passed, $failed failed, $skipped skipped"
else
  echo "$passed passed, $failed failed"
fi
exit "$status"
