#!/bin/sh
# Rewrites everything that is generated and committed: golden trees, diagnostics, out/, schema/, and what pages quote.
# Review the diff. Usage: update.sh [RELEASE_BUILD TEST_BUILD [--no-pages]], both built already.
set -eu
cd "$(dirname "$0")/.."
release=${1:-build/release}
tests=${2:-build/test}

if [ $# -eq 0 ]; then
  cmake -S . -B "$release" -G Ninja -DCMAKE_BUILD_TYPE=Release -DMESHFED_TESTS=OFF >/dev/null
  cmake -S . -B "$tests" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DMESHFED_SANITIZE=ON >/dev/null
  cmake --build "$release"
  cmake --build "$tests"
fi

MESHFED_UPDATE=1 MESHFED_TESTS_DIR=$PWD/tests ctest --test-dir "$tests" -C whole -R '^whole\.(golden|diag_test)' \
  --output-on-failure -Q -j"$(nproc)"
for source in examples/*/federation.toml; do
  "$release/meshfedc" build -f "$source" -o "out/$(basename "$(dirname "$source")")" --force 2>/dev/null
done
for folder in out/*/; do # of an example that is gone, or its installation
  [ -d "examples/$(basename "${folder%/}" -install)" ] || rm -r "$folder"
done
tests/schema/update.sh "$release/meshfedc"
tests/graph/update.sh "$release/meshfedc"
[ "${3:-}" = --no-pages ] || tests/docs/run.sh --update "$release/meshfedc"
