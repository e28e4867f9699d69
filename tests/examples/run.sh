#!/bin/sh
# The examples compile to what is committed in out/, and a second build writes nothing; their scripts do what they say. Usage: run.sh BUILD_DIR, where the
# compiler is built.
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
verdict() { # NAME COMMAND…
  name=$1
  shift
  if "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "$name: FAILED"
  fi
}

written() { # every file with its inode and the nanosecond in which it was written
  find "$work/out" -printf '%P %i %T@\n' | sort
}

builds() { BUILD_DIR=$1 OUT_DIR=$work/out examples/run.sh; }
again_writes_nothing() {
  written >"$work/first"
  builds "$1" >/dev/null
  written | cmp - "$work/first"
}
says_unchanged() { "$1/meshfedc" build -f "examples/$2/federation.toml" -o "$work/out/$2" --exit-code >/dev/null 2>&1; }

verdict "examples/run.sh" builds "$1"
if [ ! -x "$1/meshfedc" ]; then
  echo "$passed passed, $failed failed"
  exit 1
fi
for source in examples/*/federation.toml; do
  example=$(basename "$(dirname "$source")")
  verdict "$example as in out/" diff -r "out/$example" "$work/out/$example"
  verdict "$example a second time" says_unchanged "$1" "$example"
done
find examples -name '*.sh' -exec shellcheck {} + >"$work/shellcheck" 2>&1 || cat "$work/shellcheck"
verdict "shellcheck" test ! -s "$work/shellcheck"
. tests/examples/certificates.sh
verdict "only examples in out/" diff -rq out "$work/out"
verdict "a second build writes nothing" again_writes_nothing "$1"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
