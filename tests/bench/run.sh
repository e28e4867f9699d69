#!/bin/sh
# The benchmark: measures meshfedc and what else would write the same files, in a file system of its own, and prints a
# table. It proves nothing and fails nothing. On Debian 12 it installs what is missing, as root.
# Usage: run.sh TIER [--density 1|10|100] [--runs N]. TIER is S, M, L or XL; XL at 100 % writes 900,000 files.
# BUILD_DIR (build/bench) is where things are built.
set -eu
cd "$(dirname "$0")/../.."
build=${BUILD_DIR:-build/bench}

.ci/install doctest-dev e2fsprogs g++ cmake git libcli11-dev libfmt-dev libgit2-dev libspdlog-dev libssl-dev \
  libtomlplusplus-dev libutf8proc-dev libyaml-cpp-dev mount ninja-build nlohmann-json3-dev pkg-config python3

[ -f "$build/CMakeCache.txt" ] || cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release
cmake --build "$build" --target meshfedc bench_programs >&2

exec python3 tests/bench/bench.py --meshfedc "$build/meshfedc" --programs "$build/tests/bench" --work "$build" "$@"
