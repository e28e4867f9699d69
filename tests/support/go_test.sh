#!/bin/sh
# Runs the Go tests of a directory, shows what is not as it should be, and ends with "N passed, N failed" (", N skipped").
# Usage: go_test.sh DIRECTORY. What is skipped has failed with CI=true.
set -eu
cd "$1"
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
echo "$passed passed, $failed failed$([ "$skipped" -eq 0 ] || echo ", $skipped skipped")"
exit "$status"
