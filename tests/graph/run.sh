#!/bin/sh
# `meshfedc graph`, `list` and `show`: pictures are as in tests/graph/expected and well-formed, JSON fits its schemas, and
# pages are right in a real browser. Without Chromium that part is skipped; with CI=true it then fails.
# Usage: run.sh MESHFEDC
set -eu
meshfedc=$(realpath "$1")
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0

count() { # PASSED FAILED, of "N passed, M failed" in the file
  line=$(tail -n 1 "$1")
  grep -v -x '[0-9]* passed, [0-9]* failed' "$1" || true
  case $line in
    *" passed, "*" failed")
      passed=$((passed + ${line%% *}))
      line=${line#*, }
      failed=$((failed + ${line%% *}))
      ;;
    *) failed=$((failed + 1)) ;;
  esac
}

mkdir -p "$work/top/examples/pictures" "$work/pages"
tests/graph/update.sh "$meshfedc" "$work/top"
for picture in "$work"/top/examples/pictures/*.svg "$work"/top/tests/graph/expected/*.svg; do
  name=${picture#"$work/top/"}
  if cmp "$picture" "$name"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "$name: not what is drawn; run tests/update.sh"
  fi
done
python3 tests/graph/schemas.py "$meshfedc" "$work"/top/*/*/*.svg "$work"/top/*/*/*/*.svg >"$work/said" || true
count "$work/said"

for size in "3 5 3" "12 40" "60 600"; do
  # shellcheck disable=SC2086 # words
  python3 tests/graph/federation.py $size >"$work/federation.toml"
  "$meshfedc" graph -f "$work/federation.toml" --format html -o "$work/pages/${size%% *}.html" 2>/dev/null
done
mkdir "$work/change"
python3 tests/graph/federation.py 9 20 >"$work/change/federation.toml"
git -C "$work/change" init -q
git -C "$work/change" add .
python3 tests/graph/federation.py 9 21 >"$work/change/federation.toml"
(cd "$work/change" && "$meshfedc" graph --against index --format html -o "$work/pages/change.html") 2>/dev/null

chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -n "$chromium" ]; then
  python3 tests/graph/page_test.py "$chromium" "$work/pages" >"$work/said" 2>&1 || true
  count "$work/said"
elif [ "${CI:-}" = true ]; then
  failed=$((failed + 1))
  echo "FAILED: there is no Chromium, so no page was opened in a browser"
else
  skipped=1
  echo "SKIPPED: there is no Chromium, so no page was opened in a browser"
fi
if [ "$skipped" -gt 0 ]; then
  echo "$passed passed, $failed failed, $skipped skipped"
else
  echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
