#!/bin/bash
# What happens to a build, and to what it finds: run.sh MESHFEDC [KILLS]. Ends with "N passed, N failed".
# KILLS builds are killed; 1000 take a while. With MESHFED_FEW, for a quick look, ten are. As root, on Linux: strace kills, and a small tmpfs is the full disk.
set -u
meshfedc=$(realpath "$1")
kills=${2:-50}
[ -z "${MESHFED_FEW:-}" ] || kills=10
cd "$(dirname "$0")" || exit 1
passed=0
failed=0
for layer in "hostile.py $meshfedc" "kill.py $meshfedc $kills"; do
  # shellcheck disable=SC2086
  result=$(python3 $layer | tee /dev/stderr | tail -n 1)
  read -r -a words <<<"$result"
  passed=$((passed + ${words[0]:-0}))
  failed=$((failed + ${words[2]:-1}))
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
