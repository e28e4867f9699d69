#!/bin/sh
# Names that Git takes for something else, remotes that know more than this clone, and an index in which files are not
# simply there. Usage: states.sh MESHFEDC
set -eu
meshfedc=$(realpath "$1")
. "$(dirname "$(realpath "$0")")/git.sh"
git config --global user.name mesh
git config --global user.email mesh@example.com

silent_about() { ! grep -qF -- "$1" "$work/said" || { cat "$work/said"; fail "$PWD: '$1' is said"; }; }

fresh() {
  cd "$work"
  git init -q "$1"
  cd "$1"
  "$meshfedc" init 2>/dev/null
  git add --all . && git commit -qm 'Begin'
}
change() { sed -i "s/number = [0-9]*/number = $1/" federation.toml; }
commit() { "$meshfedc" build --commit "$@"; }
check() { "$meshfedc" check --against index; }

echo '- names of branches'
fresh names
expect 0 'committed to rendered: ' commit --branch refs/heads/rendered
git show-ref | grep -q refs/heads/refs && fail 'refs/heads/ is part of the name'
expect 0 'nothing to commit' commit --branch rendered
expect 0 'committed to main: ' commit --branch refs/heads/main
before=$(git for-each-ref)
for name in refs/heads/refs/heads/x refs/tags/v1 refs/pull/1/merge tags/v1 remotes/origin/x HEAD FETCH_HEAD ORIG_HEAD @ - \
  '@{-1}' 'a..b' "$(git rev-parse HEAD)"; do
  expect 64 'branch' commit "--branch=$name"
done
expect 64 'write that' commit --branch heads/rendered
git tag -a -m Tag v1 && git notes add -m note && git remote add origin https://git.example.com/mesh.git
git update-ref refs/remotes/origin/HEAD HEAD
before=$(git for-each-ref)
expect 3 'is a tag as well' commit --branch v1
expect 3 'write `--branch deploy`' commit --branch origin/deploy
expect 3 'is a remote as well' commit --branch origin
expect 3 'is a reference as well' commit --branch notes/commits
[ "$(git for-each-ref)" = "$before" ] || fail 'refused, and yet there is a branch'

echo '- remotes that know more'
fresh hub
commit --branch rendered 2>/dev/null
git clone -q --depth 1 --single-branch "file://$work/hub" "$work/single" && cd "$work/single"
expect 0 'MF0941' commit --branch rendered
grep -q 'git fetch origin rendered:rendered' "$work/said" || fail 'no command'
git branch -qD rendered && git fetch -q origin rendered:rendered
expect 0 'nothing to commit' commit --branch rendered
silent_about MF094
git clone -q "file://$work/hub" "$work/whole" && cd "$work/whole"
expect 0 'nothing to commit' commit --branch rendered
silent_about MF094
expect 0 'MF0941' commit --branch another
expect 0 'nothing to commit' commit --branch another
silent_about MF094
change 8001
expect 0 'committed' commit --branch rendered
silent_about MF094
change 8002
expect 0 'committed' commit --branch rendered # ahead is not behind
silent_about MF094
(cd "$work/hub" && change 8003 && commit --branch rendered 2>/dev/null)
git fetch -q
change 8004
expect 0 'MF0942' commit --branch rendered --dry-run
expect 0 'MF0942' commit --branch rendered
grep -q 'git branch -f rendered origin/rendered' "$work/said" || fail 'no command'
git branch -qf rendered origin/rendered
expect 0 'committed' commit --branch rendered
silent_about MF094
git push -q origin rendered || fail 'the remedy does not help'
git clone -q --depth 1 --no-single-branch "file://$work/hub" "$work/shallow" && cd "$work/shallow"
expect 0 'committed' commit --branch rendered
change 8005
expect 0 'committed' commit --branch rendered
silent_about MF094
git clone -q "file://$work/hub" "$work/two" && cd "$work/two"
git remote add upstream "file://$work/whole" && git fetch -q upstream
expect 0 'committed' commit --branch rendered # the same on both
git branch -qD rendered
(cd "$work/whole" && change 8006 && commit --branch rendered 2>/dev/null)
git fetch -q upstream
expect 3 'several remotes have a branch `rendered`, with different commits' commit --branch rendered
git config checkout.defaultRemote upstream
expect 0 'committed' commit --branch rendered
[ "$(git rev-parse rendered~1)" = "$(git rev-parse upstream/rendered)" ] || fail 'it goes on from another remote'

echo '- states of files in the index'
fresh states
"$meshfedc" build 2>/dev/null && git add out
expect 0 'all up to date' check
git rm -q --cached federation.toml
expect 3 '`federation.toml` is not in the index' check
git add -N federation.toml
expect 3 '`federation.toml` is only intended to be added' check
grep -q 'git add federation.toml' "$work/said" && ! grep -q MF0001 "$work/said" || fail 'another remedy'
git add federation.toml
expect 0 'all up to date' check
git rm -q --cached out/east-cluster/istio-system/network-west-network.yaml && git add -N out/east-cluster/istio-system/network-west-network.yaml
expect 1 'MF0945' check
grep -q 'missing out/east-cluster/istio-system/network-west-network.yaml' "$work/said" || fail 'it is not missing'
git rm -rq --cached out && git add -N out
expect 1 'git add out/east-cluster/.meshfedc.lock`, and so for' check
[ "$(grep -c MF0945 "$work/said")" = 2 ] || fail 'not one report' # and where to read more
git add out
for mark in assume-unchanged skip-worktree; do
  git update-index --$mark federation.toml
  expect 0 'all up to date' check
  silent_about MF094
  change 8101
  expect 0 "\`federation.toml\` is marked $mark" check
  "$meshfedc" build 2>/dev/null && git add out 2>/dev/null
  expect 1 "git update-index --no-$mark federation.toml" check
  git update-index --no-$mark federation.toml && git add federation.toml
  expect 0 'all up to date' check
  silent_about MF094
  change 8000 && "$meshfedc" build 2>/dev/null && git add --all .
done
mkdir sub && (cd sub && cp ../federation.toml fleet.toml && git add -N fleet.toml &&
  expect 3 'run `git add fleet.toml`' "$meshfedc" check -f fleet.toml --against index)
git commit -qm Build && git switch -qc side && change 9001 && git commit -qam Side && git switch -q main
change 9002 && git commit -qam Main
git merge -q side >/dev/null 2>&1 && fail 'no conflict'
expect 3 'the index contains conflicts: `federation.toml`' check
silent_about MF0001
expect 3 'MF0943' "$meshfedc" diff index
git merge --abort

echo '- an index without its checksum'
python3 -c 'p = ".git/index"; b = open(p, "rb").read(); open(p, "wb").write(b[:-20] + bytes(20))'
for command in 'check --against index' 'diff index' 'build --commit'; do
  # shellcheck disable=SC2086
  expect 4 'index.skipHash' "$meshfedc" $command
done
expect 0 'committed' commit --branch rendered
git config index.skipHash false && git update-index --force-write-index
expect 1 '2 different' check
python3 -c 'p = ".git/index"; b = open(p, "rb").read(); open(p, "wb").write(b[:-1] + bytes([b[-1] ^ 1]))'
expect 4 'error[MF09' check
silent_about skipHash

echo '- authors and dates as Git writes them'
fresh dates
for format in raw iso iso-strict rfc default unix; do
  printed=$(TZ=Asia/Kolkata git log -1 --format=%cd --date=$format)
  GIT_AUTHOR_DATE=$printed GIT_COMMITTER_DATE=$printed expect 0 'committed' commit --branch "d-$format"
  [ "$(git log -1 --format=%at,%ct "d-$format")" = "$(git log -1 --format=%ct,%ct)" ] || fail "$format: another time"
  expect 0 'committed' commit --branch "a-$format" --author "Ada <ada@example.com> $printed"
  [ "$(git log -1 --format='%an <%ae> %at' "a-$format")" = "Ada <ada@example.com> $(git log -1 --format=%ct)" ] ||
    fail "$format: another author"
done
GIT_AUTHOR_DATE=$(date -R) expect 0 'committed' commit --branch date-R
expect 64 'Name <mail>' commit --branch x --author 'Ada <ada@example.com> yesterday'

echo '- a list of files that Git takes for another one, renamed'
fresh renames
build_and_commit() { "$meshfedc" build 2>/dev/null && git add --all . && git commit -qm "$1"; }
build_and_commit Build
git switch -qc emails
sed -n '/^\[export.httpbin\]/,$p' federation.toml | sed 's/^\[export.httpbin\]/\n[export.emails]/
  s/^canonical_name = "httpbin"/canonical_name = "emails"/' >../emails.toml
cat ../emails.toml >>federation.toml
build_and_commit Emails
git switch -q main && sed -i 's/^namespace = "httpbin"/namespace = "shop"/' federation.toml
build_and_commit Move
git -c merge.directoryRenames=false cherry-pick -X ours emails >/dev/null || fail 'a conflict'
grep -q emails out/east-cluster/shop/kustomization.yaml || fail 'Git sees no rename'
printf '# ours\n' >>out/east-cluster/shop/kustomization.yaml
expect 3 'edited by hand' "$meshfedc" build
git checkout -q out/east-cluster/shop/kustomization.yaml
expect 0 '' "$meshfedc" build
grep -q emails out/east-cluster/shop/kustomization.yaml && fail 'it is still there'
expect 0 'up to date' "$meshfedc" check
