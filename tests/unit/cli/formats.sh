#!/bin/sh
# Diagnostics in the formats of services, from a directory of a repository. Usage: formats.sh MESHFEDC
set -eu
meshfedc=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/repo/.git" "$work/repo/prod"
cd "$work/repo/prod"
"$meshfedc" init 2>/dev/null
sed -i 's/^# to = .*/to = ["esat-mesh"]/' federation.toml
line=$(grep -n '^to = ' federation.toml | cut -d: -f1)

fail() {
  echo "$1" >&2
  exit 1
}

# diagnose FORMAT COMMAND FILE: status 2, nothing on standard output, diagnostics in the file err.
diagnose() {
  status=0
  "$meshfedc" "$2" --format "$1" -q -f "$3" >printed 2>err || status=$?
  [ "$status" = 2 ] || fail "$1: exit $status, not 2: $(cat err)"
  [ ! -s printed ] || fail "$1: diagnostics on standard output"
}

for path in federation.toml ../prod/federation.toml "$PWD/federation.toml"; do
  diagnose github validate "$path"
  grep -qF "::error file=prod/federation.toml,line=$line,endLine=$line,col=7,endColumn=18,title=MF0301::" err ||
    fail "no annotation: $(cat err)"
  tail -n 1 err | grep -qx '1 error' || fail "no count: $(cat err)"
  [ "$(wc -l <err)" = 2 ] || fail "more than a line: $(cat err)"
  diagnose sarif validate "$path"
  python3 -c '
import json, sys
run, = json.load(sys.stdin)["runs"]
place = run["results"][0]["locations"][0]["physicalLocation"]
assert run["results"][0]["ruleId"] == "MF0301", run
assert place["artifactLocation"] == {"uri": "prod/federation.toml", "uriBaseId": "%SRCROOT%"}, place
assert place["region"]["startLine"] == int(sys.argv[1]), place' "$line" <err
done

# Summaries are for people, and would spoil a document.
sed -i 's/^to = .*/to = ["east-mesh"]/' federation.toml
"$meshfedc" build --format github 2>err
grep -q ' files written' err || fail "no summary: $(cat err)"
grep -q '^::warning file=prod/federation.toml,' err || fail "no warnings: $(cat err)"
"$meshfedc" build --format sarif 2>err
python3 -m json.tool err >/dev/null || fail "no JSON: $(cat err)"
exit 0
