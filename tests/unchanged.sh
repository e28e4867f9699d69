#!/bin/sh
# Runs tests/update.sh on a copy of the tree and shows what it changed. That pages would not change, their own layer shows
# (docs/pages.py). Usage: unchanged.sh RELEASE_BUILD TEST_BUILD
set -eu
cd "$(dirname "$0")/.."
release=$(realpath "$1")
tests=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir "$work/before"
tar -c --exclude=./build --exclude=./.git . | tar -x -C "$work/before"
cp -r "$work/before" "$work/after"
"$work/after/tests/update.sh" "$release" "$tests" --no-pages
if diff -r --no-dereference "$work/before" "$work/after"; then
  echo "1 passed, 0 failed"
else
  echo "0 passed, 1 failed"
  exit 1
fi
