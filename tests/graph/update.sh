#!/bin/sh
# Writes what `meshfedc graph` draws: the pictures of pages (examples/pictures), and those that tests compare with
# (tests/graph/expected). Usage: update.sh MESHFEDC [DIRECTORY], the top of the tree
set -eu
meshfedc=$(realpath "$1")
cd "$(dirname "$0")/../.."
top=${2:-.}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for example in hub-and-spoke three-regions two-companies; do
  "$meshfedc" graph -f "examples/$example/federation.toml" 2>/dev/null >"$top/examples/pictures/$example.svg"
done

mkdir -p "$top/tests/graph/expected"
for size in "3 5 3" "12 40" "60 24"; do
  # shellcheck disable=SC2086 # words
  python3 tests/graph/federation.py $size >"$work/federation.toml"
  "$meshfedc" graph -f "$work/federation.toml" 2>/dev/null >"$top/tests/graph/expected/${size%% *}.svg"
done
