#!/bin/sh
# What Git's own rules do to published files, in real repositories. Usage: rules.sh MESHFEDC
set -eu
meshfedc=$(realpath "$1")
. "$(dirname "$(realpath "$0")")/published.sh"
check() { "$meshfedc" check -f prod/federation.toml -o clusters "$@"; }

# Git converts line ends at checkout: those files are ours, and a build writes them as they were compiled.
rm prod/.gitattributes && git commit -qam "No attributes"
git clone -q -c core.autocrlf=true . "$work/windows" && cd "$work/windows"
expect 1 'CRLF line endings' check
expect 0 'CRLF line endings' "$meshfedc" build -f prod/federation.toml -o clusters
expect 0 'all up to date' check
expect 0 'all up to date' check --against index
echo '# mine' >>clusters/east-cluster/kustomization.yaml
expect 3 'MF0901' "$meshfedc" build -f prod/federation.toml -o clusters
cd "$work/repository"

# What Git ignores is named with its rule, and the line that is named takes it out again.
echo '*.lock' >.gitignore
git rm -q --cached clusters/*/.meshfedc.lock
expect 0 'MF0951' "$meshfedc" build -f prod/federation.toml -o clusters
expect 1 '`*.lock` in `.gitignore`, line 1' check --against index
expect 1 '`!.meshfedc.lock`' check --against index
echo '!.meshfedc.lock' >>.gitignore
git add clusters
expect 0 'all up to date' check --against index
rm .gitignore

# A filter makes what is in Git something else; without it, all is well again.
git config filter.upper.clean 'tr a-z A-Z' && git config filter.upper.smudge 'tr A-Z a-z'
echo 'clusters/** filter=upper' >.gitattributes
expect 3 '`filter=upper`' check --against index
expect 3 '`/clusters/** -filter`' check --against HEAD
echo '/clusters/** -filter' >>.gitattributes
expect 0 'all up to date' check --against index

# So it is for the source, and what a branch that is checked out would be given.
echo 'prod/* filter=upper' >.gitattributes
expect 3 '`/federation.toml -filter`' check --against index
expect 3 '`filter=upper`' "$meshfedc" build --commit -f prod/federation.toml -o clusters
rm .gitattributes

# init writes what Git has to know, and never over what is there.
mkdir "$work/new" && cd "$work/new"
expect 0 'wrote `federation.toml`' "$meshfedc" init
[ ! -e .gitattributes ] || { echo 'attributes outside of a repository'; exit 1; }
rm federation.toml && git init -q .
expect 0 'wrote `.gitattributes`' "$meshfedc" init
"$meshfedc" build 2>/dev/null
[ "$(git check-attr text out/east-cluster/.meshfedc.lock)" = 'out/east-cluster/.meshfedc.lock: text: unset' ]
rm federation.toml && echo '* text=auto' >.gitattributes
expect 0 'add the line `/out/** -text -filter -ident`' "$meshfedc" init
[ "$(cat .gitattributes)" = '* text=auto' ]
