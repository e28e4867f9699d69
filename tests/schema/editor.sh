#!/bin/sh
# taplo, which editors check TOML with, finds the schema by the first line of a file and judges by it. It comes out of a
# package of PyPI, into build/tools. Usage: editor.sh
set -u
cd "$(dirname "$0")/../.." || exit 1
tools=$PWD/build/tools/taplo
package=taplo==0.9.3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

[ -x "$tools/bin/pip" ] || python3 -m venv "$tools"
[ -x "$tools/bin/taplo" ] || "$tools/bin/pip" -q install --no-deps "$package"
if [ ! -x "$tools/bin/taplo" ]; then
  echo "$package cannot be installed"
  [ "${CI:-}" = true ] && echo "0 passed, 1 failed" && exit 1
  echo "0 passed, 0 failed, 1 skipped"
  exit 0
fi

# Without a cache of schemas, and without a home to have settings in.
judges() { HOME=$work RUST_LOG=error "$tools/bin/taplo" lint "$1" >"$work/said" 2>&1; }
verdict() { # NAME STATUS
  if [ "$2" -eq 0 ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "$1: FAILED"
    cat "$work/said"
  fi
}

for file in examples/*/federation.toml; do
  judges "$file"
  verdict "$file" $?
done

# wrong EDIT WORDS: the seed, edited with sed, is refused with these words.
mkdir -p "$work/examples/wrong"
cp -r schema "$work/"
wrong() {
  sed "$1" examples/seed/federation.toml >"$work/examples/wrong/federation.toml"
  ! judges "$work/examples/wrong/federation.toml" && grep -qF -- "$2" "$work/said"
  verdict "the seed after $1" $?
}
wrong 's/^mtls = .*/mtls = "on"/' 'is not one of ["unmanaged","strict","permissive"]'
wrong 's/^mtls = /mtsl = /' "Additional properties are not allowed ('mtsl' was unexpected)"
wrong 's/^from = .*/from = "west-mesh"/' 'is not of type "array"'
wrong 's/number = 8000/number = 80000/' '65535'
wrong '/^namespace = /d' '"namespace" is a required property'

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
