#!/bin/bash
# The hooks of .pre-commit-hooks.yaml, run by the real pre-commit at real commits. Usage: run.sh MESHFEDC PRE_COMMIT…
# Each PRE_COMMIT is a pre-commit to run everything with.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
meshfedc=$(realpath "$1")
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# Nobody's own configuration has a say, nor a commit that this is run at.
for name in $(env | sed -n 's/^\(GIT_[A-Z_]*\)=.*/\1/p'); do unset "$name"; done
export HOME=$work/home XDG_CACHE_HOME=$work/cache GIT_CONFIG_NOSYSTEM=1
mkdir "$work/home" "$work/bin"
git config --global user.name nobody
git config --global user.email nobody@example.com
git config --global init.defaultBranch main
git config --global advice.detachedHead false
ln -s "$meshfedc" "$work/bin/meshfedc"
PATH=$work/bin:$PATH

cases=$root/tests/precommit/cases.sh
cases_named() { sed -n "s/^\($1_[a-z_]*\)() .*/\1/p" "$cases"; } # PREFIX

# A repository that offers the hooks of this tree, as they are now.
make_hooks() {
  mkdir "$work/hooks" && cp "$root/.pre-commit-hooks.yaml" "$work/hooks" && cd "$work/hooks" &&
    git init -q && git add --all . && git commit -qm 'Offer hooks' && git tag v0.1.0
}

# The configuration that examples/README.md quotes, for the repository of hooks made here.
config_of_readme() { # HOOK
  sed -n '/^<!-- elsewhere: tests\/precommit\/run.sh -->$/,/^```$/p' "$root/examples/README.md" | sed -e '/^<!--/d' -e '/^```/d' |
    sed -e "s|^- repo: .*|- repo: $work/hooks|" -e "s|meshfedc-check|$1|"
}

# The local hook that examples/README.md sets up.
config_of_local_hook() {
  sed -n "/^cat > .pre-commit-config.yaml <<'END'$/,/^END$/p" "$root/examples/README.md" | sed -e 1d -e '$d'
}

# A federation that is built and committed, with hooks for commits and merges.
make_template() { # NAME
  mkdir "$work/$1" && cd "$work/$1" && git init -q && cat >.pre-commit-config.yaml &&
    meshfedc init 2>/dev/null && sed -i 's/172.18.255.1/203.0.113.1/; s/^# mtls/mtls/' federation.toml &&
    meshfedc build -o clusters 2>/dev/null &&
    git add --all . && git commit -qm 'Publish' &&
    "$pre_commit" install -t pre-commit -t pre-merge-commit >/dev/null && "$pre_commit" run >/dev/null
}

# Runs a case in a copy of a template. The first command of it that fails is its end: by `set -e`, and in a shell of its
# own, because bash forgets about that wherever a condition is further up.
run_case() { # TEMPLATE FUNCTION
  cp -a "$work/$1" "$work/repository"
  if (cd "$work/repository" && bash -euc '. "$0"; "$1"' "$cases" "$2") >"$work/log" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED with $version: $2 ($1)"
    cat "$work/log"
  fi
  rm -rf "$work/repository" "$work/linked"*
}

run_all() {
  config_of_readme meshfedc-check | make_template checked || return
  config_of_readme meshfedc-build | make_template built || return
  config_of_local_hook | make_template local || return
  for name in $(cases_named check); do run_case checked "$name"; done
  for name in $(cases_named build); do run_case built "$name"; done
  for name in check_clean check_stale check_commit_all check_linked_worktree; do run_case local "$name"; done
}

make_hooks || exit 1
export pre_commit # for the cases, too
for pre_commit; do
  version=$("$pre_commit" --version) || exit 1
  echo "$version"
  if ! run_all; then
    failed=$((failed + 1))
    echo "FAILED with $version: it cannot be set up"
  fi
  rm -rf "$work/checked" "$work/built" "$work/local" "$work/cache"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
