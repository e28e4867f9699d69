#!/bin/sh
# Builds meshfedc and compiles every example into out/<example>/. On Debian 12 it installs what is missing, as root.
# BUILD_DIR (build) is where the compiler is built, OUT_DIR (out) where the examples go.
set -eu
cd "$(dirname "$0")/.."
build=${BUILD_DIR:-build}
out=${OUT_DIR:-out}

.ci/install-build

[ -f "$build/CMakeCache.txt" ] || cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DMESHFED_TESTS=OFF
cmake --build "$build" --target meshfedc

said=$(mktemp)
trap 'rm -f "$said"' EXIT
failed=0
for source in examples/*/federation.toml; do
  example=$(basename "$(dirname "$source")")
  if ! "$build/meshfedc" build -f "$source" -o "$out/$example" 2>"$said"; then
    failed=1
    echo "$example: failed"
    cat "$said"
    continue
  fi
  warnings=$(grep -c ': warning\[' "$said" || true)
  echo "$example: $(tail -n 1 "$said"), $warnings warnings"
done
exit "$failed"
