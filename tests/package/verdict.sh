# shellcheck shell=bash
# What run.sh and image.sh share: a folder for the run, and counting what passed. To be sourced.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
skipped=0

verdict() { # NAME COMMAND…
  local name=$1
  shift
  if "$@" >"$work/said" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "$name: FAILED"
    cat "$work/said"
  fi
}

# verdict, if the tool is there.
with() { # TOOL NAME COMMAND…
  local tool=$1
  shift
  if command -v "$tool" >/dev/null; then
    verdict "$@"
  elif [ "${CI:-}" = true ]; then
    failed=$((failed + 1))
    echo "$1: FAILED: no $tool"
  else
    skipped=$((skipped + 1))
    echo "$1: SKIPPED: no $tool"
  fi
}

finish() {
  echo "$passed passed, $failed failed$([ "$skipped" -eq 0 ] || echo ", $skipped skipped")"
  [ "$failed" -eq 0 ]
}
