#!/bin/sh
# `meshfedc build --commit` in real repositories of every form. Usage: commit.sh MESHFEDC
set -eu
meshfedc=$(realpath "$1")
. "$(dirname "$(realpath "$0")")/git.sh"

# The repository is whole, and the index and the working tree agree with HEAD but for what `git status` is to say.
sound() {
  git fsck --strict --no-dangling >"$work/said" 2>&1 || { cat "$work/said"; fail "$PWD: fsck"; }
  ! grep -qv '^notice: ' "$work/said" || { cat "$work/said"; fail "$PWD: fsck complains"; }
}
status_is() {
  [ "$(git status --porcelain | sort)" = "$1" ] || { git status --porcelain; fail "$PWD: status is not '$1'"; }
}

# same BRANCH DIRECTORY: the branch holds there what `build` writes to a directory, and nothing else.
same() {
  rm -rf "$work/built" "$work/held"
  "$meshfedc" build -f "${source:-federation.toml}" -o "$work/built" 2>/dev/null
  mkdir "$work/held"
  git -c core.autocrlf=false archive "$1" "$2" | tar -x -C "$work/held"
  diff -r "$work/built" "$work/held/$2" || fail "$PWD: $1 does not hold what build writes"
}

count() { git rev-list --count "$1"; }

# fresh NAME: a repository with one commit of a source and a file of somebody else's; the caller is in it.
fresh() {
  cd "$work"
  git init -q "$1"
  cd "$1"
  git config user.name 'Mesh Builder' && git config user.email mesh@example.com
  "$meshfedc" init 2>/dev/null && sed -i 's/^# mtls/mtls/' federation.toml
  mkdir -p docs && echo words >docs/words
  git add --all . && git commit -qm 'Begin'
}
change() { sed -i "s/number = [0-9]*/number = $1/" federation.toml; }
commit() { "$meshfedc" build --commit "$@"; }

echo '- a branch of its own'
fresh own
expect 0 'committed to rendered: ' commit --branch rendered
same rendered out
sound
status_is ''
[ "$(count rendered)" = 1 ] && [ "$(git ls-tree --name-only rendered)" = out ] || fail 'it does not begin with nothing'
[ ! -e out ] || fail 'the working tree was written to'
[ "$(find .git/objects -name '*.pack' | wc -l)" = 1 ] || fail 'not one pack'
[ "$(git log -1 --format=%an,%ae,%cn,%ce rendered)" = 'Mesh Builder,mesh@example.com,Mesh Builder,mesh@example.com' ] ||
  fail 'the author is another'
[ "$(git log -1 --format='%(trailers:key=Meshfedc-Source-Commit,valueonly)' rendered | head -n1)" = "$(git rev-parse HEAD)" ] ||
  fail 'the source is not named'
expect 0 'nothing to commit: rendered is up to date' commit --branch rendered
expect 0 'nothing to commit' commit --branch rendered --exit-code
[ "$(count rendered)" = 1 ] || fail 'an empty commit'

echo '- only what changes'
old_tree=$(git rev-parse rendered:out/west-cluster/istio-system)
change 8001
expect 1 'change out/east-cluster/httpbin/httpbin.mesh.global.yaml' commit --branch rendered --dry-run --exit-code
[ "$(count rendered)" = 1 ] || fail 'a dry run commits'
expect 1 'committed' commit --branch rendered --exit-code --message 'Move the port'
same rendered out
sound
[ "$(git log -1 --format=%B rendered)" = 'Move the port' ] || fail 'the message is another'
[ "$(git rev-parse rendered:out/west-cluster/istio-system)" = "$old_tree" ] || fail 'an unchanged tree has another id'
git diff --name-only rendered~1 rendered | grep -v 'httpbin\|\.meshfedc\.lock' && fail 'more changed than was meant'
change 8002
commit --branch rendered 2>/dev/null
[ -z "$(git log -1 --format='%(trailers)' rendered | tr -d '\n')" ] || fail 'a source that is not committed is named'

echo '- the rest of the branch is left alone'
git switch -qc mixed main && mkdir -p deploy/other && echo theirs >deploy/other/file && git add deploy && git commit -qm 'Theirs'
git switch -q main
expect 0 'committed to mixed' commit --branch mixed -o deploy/prod
same mixed deploy/prod
[ "$(git show mixed:deploy/other/file)" = theirs ] && [ "$(git show mixed:docs/words)" = words ] || fail 'others lost files'
[ "$(git rev-parse mixed~1)" = "$(git rev-parse mixed^1)" ] && [ "$(count mixed)" = 3 ] || fail 'history is not kept'
sound

echo '- one cluster, and clusters that are gone'
change 8003
expect 0 'committed' commit --branch rendered --cluster east-cluster
[ "$(git diff --name-only rendered~1 rendered | cut -d/ -f2 | sort -u)" = east-cluster ] || fail 'another cluster changed'
expect 0 'committed' commit --branch rendered --shard 2/2
same rendered out
cp federation.toml kept
sed -i -e '/^\[cluster.east-cluster\]/,/^$/d' -e '/^\[export/,$d' federation.toml
expect 0 'committed' commit --branch rendered
same rendered out
[ "$(git ls-tree --name-only rendered out/)" = out/west-cluster ] || fail 'a cluster that is gone is still there'
sound
mv kept federation.toml

echo '- what was edited on the branch'
commit --branch rendered 2>/dev/null
git worktree add -q "$work/edit" rendered
(cd "$work/edit" && for f in out/*-cluster/istio-system/mesh.yaml; do echo '# mine' >>"$f"; done && git commit -qam 'Edit')
expect 3 'MF0922' commit --branch rendered
grep -q 'checked out in another working tree' "$work/said" || fail 'why?'
git worktree remove "$work/edit"
expect 3 'east-cluster/istio-system/mesh.yaml` was edited by hand' commit --branch rendered
grep -q 'west-cluster/istio-system/mesh.yaml` was edited by hand' "$work/said" || fail 'not all that was edited is named'
before=$(git rev-parse rendered)
expect 0 'overwrote' commit --branch rendered --force
[ "$(git rev-parse rendered~1)" = "$before" ] || fail 'history is not kept'
same rendered out
sed 's/^name = "demo"/name = "other"/' federation.toml >other.toml
expect 3 'MF0908' commit --branch rendered -f other.toml --force
git branch -q foreign rendered && git worktree add -q "$work/edit" foreign
(cd "$work/edit" && git rm -q out/*/.meshfedc.lock && echo x >out/east-cluster/istio-system/mesh.yaml &&
  git add --all . && git commit -qm 'No lock')
git worktree remove "$work/edit"
expect 3 'MF0902' commit --branch foreign
rm other.toml

echo '- the branch that is checked out'
fresh here
echo staged >docs/staged && git add docs/staged && echo changed >>docs/words
expect 0 'committed to main' commit
same HEAD out
status_is ' M docs/words
A  docs/staged'
sound
git diff --name-only HEAD~1 HEAD | grep -v '^out/' && fail 'something else was committed'
expect 0 'nothing to commit' commit
change 8001
expect 1 'committed to main' commit --branch main --exit-code
same HEAD out
status_is ' M docs/words
 M federation.toml
A  docs/staged'
before=$(git rev-parse HEAD)
change 8006
expect 0 'change out/east-cluster/httpbin/httpbin.mesh.global.yaml' commit --dry-run
[ "$(git rev-parse HEAD)" = "$before" ] || fail 'a dry run commits'
git diff --quiet -- out || fail 'a dry run writes'
change 8001
expect 0 'committed to main' commit --message x -o "$work/here/deploy" -f "$PWD/federation.toml"
git rm -rqf --cached deploy && rm -r deploy && git commit -qm 'Drop deploy' -- deploy
[ "$(git reflog -1 --format=%gs HEAD@{1})" = 'commit: meshfedc build' ] || fail 'no reflog'

echo '- built and added before, or built and not added'
change 8004
"$meshfedc" build 2>/dev/null && git add out/east-cluster
expect 0 'committed' commit
status_is ' M docs/words
 M federation.toml
A  docs/staged'
same HEAD out
sed -i '/^mtls/d' federation.toml
expect 0 'committed' commit
status_is ' M docs/words
 M federation.toml
A  docs/staged'
same HEAD out
sound
echo '# mine' >>out/east-cluster/istio-system/network-west-network.yaml
before=$(git rev-parse HEAD)
expect 3 'MF0901' commit
[ "$(git rev-parse HEAD)" = "$before" ] || fail 'a refused build commits'
git checkout -q out

echo '- nothing may be under way'
touch .git/index.lock
expect 3 'another process is changing the index' commit
rm .git/index.lock
git stash -q
git switch -qc side && echo side >docs/words && git commit -qam side && git switch -q main &&
  echo main >docs/words && git commit -qam main
git merge -q side >/dev/null 2>&1 || true
change 8005
expect 3 'a merge is in progress' commit
expect 0 'committed' commit --branch rendered
git merge --abort 2>/dev/null || git reset -q --hard
sound

echo '- no commit yet, no branch, another working tree'
cd "$work" && git init -q unborn && cd unborn
git config user.name n && git config user.email n@example.com
"$meshfedc" init 2>/dev/null && sed -i 's/^# mtls/mtls/' federation.toml
expect 0 'committed to main' commit
same HEAD out
status_is '?? .gitattributes
?? federation.toml'
sound
git checkout -q --detach
change 8001
expect 0 'committed to HEAD' commit
same HEAD out
[ "$(git rev-parse HEAD~1)" = "$(git rev-parse main)" ] || fail 'main moved'
sound
git worktree add -q "$work/linked" main
cd "$work/linked" && cp ../unborn/federation.toml .
expect 0 'committed to main' commit
same main out
status_is '?? federation.toml'
sound
change 8002
cd ../unborn
expect 3 'checked out in another working tree' commit --branch main

echo '- bare, cloned, shallow'
cd "$work" && git clone -q --bare own bare.git && cd bare.git
git config user.name n && git config user.email n@example.com
expect 3 'bare' commit -f ../own/federation.toml -o out
expect 0 'committed to rendered2' commit -f ../own/federation.toml -o out --branch rendered2
source=../own/federation.toml
same rendered2 out
expect 0 'committed to main' commit -f ../own/federation.toml -o out --branch main
same main out
unset source
sound
cd "$work" && git clone -q own clone 2>/dev/null && cd clone
git config user.name n && git config user.email n@example.com
cp ../own/federation.toml . && change 8100
expect 0 'committed to rendered' commit --branch rendered
[ "$(git rev-parse rendered~1)" = "$(git rev-parse origin/rendered)" ] || fail 'it does not go on from the remote branch'
same rendered out
sound
cd "$work" && git clone -q --depth 1 "file://$work/here" shallow 2>/dev/null && cd shallow
git config user.name n && git config user.email n@example.com
cp ../own/federation.toml . && change 8101
expect 0 'committed to main' commit
same HEAD out
expect 0 'committed to rendered' commit --branch rendered
sound

echo '- who and when'
fresh who
git config --unset user.name
expect 4 'MF0923' commit --branch rendered
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.com
expect 4 'no name is set for its committer' commit --branch rendered
export GIT_COMMITTER_NAME=Bob GIT_AUTHOR_DATE='2023-11-14T23:13:20+01:00' SOURCE_DATE_EPOCH=1600000000
expect 0 'committed' commit --branch rendered
[ "$(git log -1 --format='%an <%ae> %ad, %cn <%ce> %cd' --date=raw rendered)" = \
  'Ada <ada@example.com> 1700000000 +0100, Bob <mesh@example.com> 1600000000 +0000' ] || fail 'others, or another time'
first=$(git rev-parse rendered) && git branch -qD rendered
commit --branch rendered 2>/dev/null
[ "$(git rev-parse rendered)" = "$first" ] || fail 'the same commit has another id'
change 8001
expect 0 'committed' commit --branch rendered --author 'C D <c@example.com>'
[ "$(git log -1 --format='%an <%ae>' rendered)" = 'C D <c@example.com>' ] || fail 'another author'
GIT_AUTHOR_DATE=yesterday expect 4 'GIT_AUTHOR_DATE' commit --branch rendered
SOURCE_DATE_EPOCH=x GIT_AUTHOR_DATE= expect 4 'SOURCE_DATE_EPOCH' commit --branch rendered
unset GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_AUTHOR_DATE SOURCE_DATE_EPOCH
git config user.name n && git config commit.gpgsign true && git config gpg.format ssh && change 8002
expect 3 'MF0924' commit --branch rendered
expect 3 'MF0924' commit
[ ! -e out ] || fail 'the working tree was written to'
expect 0 'committed' commit --branch rendered --unsigned
printf '#!/bin/sh\nexit 1\n' >.git/hooks/pre-commit && chmod +x .git/hooks/pre-commit
git config core.autocrlf true
expect 0 'committed' commit --unsigned
same HEAD out
expect 64 'not a valid branch name' commit --branch 'a..b'
expect 64 'Name <mail>' commit --author nobody
expect 64 '--commit' "$meshfedc" build --branch rendered
expect 64 '-o -' commit -o -

echo '- what libgit2 does not open'
# unsupported TEXT: neither build --commit nor check --against take the repository; a plain build does.
unsupported() {
  expect 4 "$1" commit
  expect 4 "$1" "$meshfedc" check --against index
  expect 0 'written' "$meshfedc" build -o "$work/built-$$"
  rm -rf "$work/built-$$"
}
for extension in partialClone worktreeConfig relativeWorktrees refStorage; do
  fresh "ext-$extension"
  git config core.repositoryFormatVersion 1
  git config "extensions.$extension" true
  unsupported "extensions.$extension"
done
fresh ext-new && git config core.repositoryFormatVersion 1 && git config extensions.fromLater true
unsupported 'fromlater'
fresh version && git config core.repositoryFormatVersion 2
unsupported 'a newer repository format'
cd "$work" && git init -q --object-format=sha256 sha256 && cd sha256 && "$meshfedc" init 2>/dev/null && sed -i 's/^# mtls/mtls/' federation.toml
unsupported 'SHA-256'
fresh split && git update-index --split-index
unsupported 'a split index'
expect 0 'committed' commit --branch rendered
fresh sparse && git sparse-checkout set --cone --sparse-index docs && git config --unset extensions.worktreeConfig
unsupported 'a sparse index'
if [ "$(id -u)" = 0 ]; then
  fresh owned && chown -R 65534 .
  unsupported 'safe.directory'
  git config --global --add safe.directory "$work/owned"
  expect 0 'committed' commit
fi
cd "$work" && mkdir plain && cd plain && "$meshfedc" init 2>/dev/null && sed -i 's/^# mtls/mtls/' federation.toml
expect 4 'MF0911' commit
fresh outside
expect 4 'MF0911' commit -o ../nowhere/out --branch x
expect 3 'cannot be committed' commit -o .git/out --branch x

echo '- two at once'
fresh race
commit --branch rendered 2>/dev/null
# Each commits a cluster of its own, over and over; the other's commits must all be there in the end.
hammer() {
  i=0
  while [ $i -lt 15 ]; do
    i=$((i + 1))
    sed "s/number = [0-9]*/number = $((9000 + i))/" federation.toml >"$1.toml"
    "$meshfedc" build -f "$1.toml" --commit --branch rendered --cluster "$1" --message "$1 $i" 2>"$1.err" ||
      { cat "$1.err"; return 1; }
  done
}
hammer east-cluster & one=$!
hammer west-cluster & two=$!
wait $one || fail 'the first lost'
wait $two || fail 'the second lost'
for cluster in east-cluster west-cluster; do
  i=0
  while [ $i -lt 15 ]; do
    i=$((i + 1))
    [ "$(git log --format=%s rendered | grep -cx "$cluster $i")" = 1 ] || fail "$cluster $i is lost"
  done
done
[ "$(count rendered)" = 31 ] || fail 'a commit too many'
change 9015
same rendered out
sound
