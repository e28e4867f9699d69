#!/bin/sh
# What only a process can show: closed and full streams, working directories, locales. Usage: process.sh MESHFEDC
set -eu
meshfedc=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
  echo "$1" >&2
  exit 1
}

# expect STATUS TEXT COMMAND: the command, run by a shell, exits so and has the text on standard error.
expect() {
  status=0
  sh -c "$3" >/dev/null 2>err || status=$?
  [ "$status" = "$1" ] || fail "$3: exit $status, not $1: $(cat err)"
  grep -qF -- "$2" err || fail "$3: no '$2' in: $(cat err)"
}

export meshfedc
"$meshfedc" init 2>err
expect 4 'MF0017' '"$meshfedc" build -o - >/dev/full'
expect 4 'MF0017' '"$meshfedc" build --dry-run >/dev/full'
expect 4 'MF0017' '"$meshfedc" --help >/dev/full'
expect 4 'MF0017' '"$meshfedc" explain >&-'
expect 0 'files written' '"$meshfedc" build >/dev/full'
# The pipe's reader is gone before the writer begins; a pipeline has the status of its last part, so that is not looked at.
expect 4 'MF0017: Broken pipe' '{ sleep 1; "$meshfedc" explain 2>&1 >&3 | sed "s/.*\(MF0017\).*: /\1: /" >&2; } 3>&1 | true; exit 4'

# Files that are opened must not become the streams that are closed.
mv out before
"$meshfedc" build <&- >&- 2>&-
diff -r before out || fail 'a build without streams differs'

# From anywhere, in any locale, byte for byte; colours only on a terminal.
for locale in C C.UTF-8 de_DE.UTF-8 tr_TR.UTF-8; do
  (cd / && LC_ALL=$locale "$meshfedc" build -f "$work/federation.toml" -o "$work/there" 2>/dev/null)
  diff -r before there || fail "a build in $locale differs"
done
sed 's/^# to = .*/to = ["esat-mesh"]/' federation.toml >wrong.toml
"$meshfedc" validate -f wrong.toml 2>plain && fail 'a wrong file is valid'
grep -q "$(printf '\033')" plain && fail 'colours in a file'
grep -qF 'wrong.toml:' plain || fail 'no path in a diagnostic'
if command -v script >/dev/null; then
  script -qc '"$meshfedc" validate -f wrong.toml' /dev/null >typed </dev/null || true
  grep -q "$(printf '\033')" typed || fail 'no colours on a terminal'
  NO_COLOR=1 script -qc '"$meshfedc" validate -f wrong.toml' /dev/null >typed </dev/null || true
  grep -q "$(printf '\033')" typed && fail 'colours in spite of NO_COLOR'
fi
exit 0
