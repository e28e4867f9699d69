# What the hooks must let pass and what they must stop. A case is a function; it is run in a repository whose federation is
# published in clusters/ and committed, with `set -e` (so no `!`, and no `&&` for what is to be checked). check_* have the hook meshfedc-check, build_* meshfedc-build.
# shellcheck shell=bash

host=clusters/east-cluster/httpbin/httpbin.mesh.global.yaml

build() { meshfedc build -o clusters 2>/dev/null; }
set_port() { sed -i "s/number = 80[0-9]*/number = $1/" federation.toml; } # of the export
add_export() { # NAME: one more like the other, of other pods
  sed -n '/^\[export.httpbin\]/,$p' federation.toml |
    sed "s/^\[export.*/[export.$1]/; s/^canonical_name = \"httpbin\"/canonical_name = \"$1\"/" >more
  cat more >>federation.toml
  rm more
}
committed() { [ "$(git rev-list --count HEAD)" = "$1" ]; }
head_is_right() { meshfedc check -o clusters --against HEAD; }

refused() { # TEXT COMMAND…: it fails, says that, and makes no commit
  local text=$1 before
  before=$(git rev-parse HEAD)
  shift
  if "$@" >said 2>&1; then
    cat said
    echo "not refused: $*"
    return 1
  fi
  cat said
  [ "$(git rev-parse HEAD)" = "$before" ] && grep -qF -- "$text" said && rm said
}

check_clean() {
  echo hello >notes && git add notes
  git commit -m 'Write notes' 2>&1 | tee log
  grep -q 'Passed' log
  committed 2
}

check_stale() {
  set_port 8001
  git add federation.toml
  refused "different $host" git commit -m x
  git status --porcelain | grep -qx 'M  federation.toml' # it wrote nothing
  build
  refused "different $host" git commit -m x # built, and not added
  git add clusters
  git commit -m 'Move the port'
  head_is_right
}

check_new_file() {
  add_export other
  build
  git add federation.toml && git add -u
  refused 'missing clusters/east-cluster/httpbin/other.mesh.global.yaml' git commit -m x
  git add -N clusters # it will be, some day
  refused 'missing clusters/east-cluster/httpbin/other.mesh.global.yaml' git commit -m x
  git add clusters
  git commit -m 'Export another one'
  head_is_right
}

check_deleted_file() {
  git rm -q "$host"
  refused "missing $host" git commit -m x
  git reset -q --hard
  git rm -q --cached "$host" # still in the working tree
  refused "missing $host" git commit -m x
  git reset -q --hard
  git rm -q federation.toml
  refused 'cannot read `federation.toml`' git commit -m x
}

check_deleted_export() {
  sed -i '/^\[export/,$d' federation.toml
  git add federation.toml
  refused "extra $host" git commit -m x
  build
  git add --all clusters
  git commit -m 'Export nothing'
  head_is_right
}

# Half of the source's changes is staged, with the tree that this half compiles to.
check_partly_staged_source() {
  set_port 8001
  build
  git add --all .
  set_port 8002
  refused 'Failed' git commit -am x # all of it is another matter
  git commit -m 'Move the port'
  head_is_right
  grep -q 'number = 8002' federation.toml # and the other half is still there
  set_port 8003
  git add federation.toml
  set_port 8002
  build
  git add clusters
  refused "different $host" git commit -m x # the tree of the half that is not staged
}

check_rename() {
  git mv clusters rendered
  refused "missing $host" git commit -m x
  git reset -q --hard
  git mv "$host" clusters/east-cluster/httpbin/other.yaml
  refused "missing $host" git commit -m x
  git reset -q --hard
  sed -i 's/^\[export.httpbin\]/[export.other]/' federation.toml
  build
  git add --all .
  git status --porcelain | grep -q '^R' # Git too sees a rename
  git commit -m 'Call it something else'
  head_is_right
}

# Its index is .git/index.lock.
check_commit_all() {
  set_port 8001
  refused "different $host" git commit -am x
  build
  git commit -am 'Move the port'
  head_is_right
  set_port 8002
  git add federation.toml # .git/index now has what may not be committed; in the index of the commit it is mended
  build
  git commit -am 'Move the port again'
  head_is_right
}

# Its index is .git/next-index-N.lock, which holds HEAD and the path.
check_commit_path() {
  set_port 8001
  build
  git add --all .
  refused "different $host" git commit -m x federation.toml
  refused 'different' git commit -m x clusters
  git commit -m 'Move the port' federation.toml clusters
  head_is_right
  set_port 8002
  git add federation.toml
  echo hello >notes && git add notes
  git commit -m 'Write notes' notes # the stale source stays where it is
  git diff --cached --name-only | grep -qx federation.toml
  head_is_right
}

check_from_below() {
  set_port 8001
  cd clusters
  refused "different $host" git commit -m x ../federation.toml
  cd .. && build && cd clusters
  git commit -am 'Move the port'
  cd .. && head_is_right
}

# Git exports GIT_DIR there.
check_linked_worktree() {
  git worktree add -q -b side ../linked
  cd ../linked
  set_port 8001
  refused "different $host" git commit -am x
  git add federation.toml
  refused "different $host" git commit -m x
  build
  refused "different $host" git commit -m x federation.toml
  git commit -am 'Move the port'
  head_is_right
  cd ../repository
  echo hello >notes && git add notes
  git commit -m 'Write notes'
  head_is_right
}

check_separate_git_directory() {
  git init -q --separate-git-dir ../linked.git # it moves what is there
  set_port 8001
  refused "different $host" git commit -am x
  build
  git commit -am 'Move the port'
  head_is_right
}

# Both change the source elsewhere, and what both together compile to is in neither tree.
check_merge() {
  git checkout -q -b cluster
  sed -i 's/^\[export.httpbin\]/[cluster.north-cluster]\nmesh = "east-mesh"\nnetwork = "east-network"\n\n&/' federation.toml
  build
  git add --all .
  git commit -qm 'Add a cluster'
  git checkout -q main
  set_port 8001
  build
  git commit -qam 'Move the port'
  refused 'different clusters/north-cluster/httpbin/httpbin.mesh.global.yaml' git merge --no-edit cluster
  git rev-parse -q --verify MERGE_HEAD
  build
  git add --all .
  git commit --no-edit
  [ "$(git rev-list --parents -n 1 HEAD | wc -w)" = 3 ]
  head_is_right
}

check_conflict() {
  git checkout -q -b side
  set_port 8001
  build
  git commit -qam 'Move the port'
  git checkout -q main
  set_port 8002
  build
  git commit -qam 'Move the port elsewhere'
  refused 'CONFLICT' git merge --no-edit side
  refused 'nmerged files' git commit --no-edit
  refused 'nmerged files' "$pre_commit" run
  refused '' meshfedc check -o clusters --against index # without pre-commit, too
  git checkout -q --ours federation.toml && git add federation.toml
  refused '' meshfedc check -o clusters --against index
  git add --all . # with the conflict marks
  refused 'Failed' git commit --no-edit
  git checkout -q HEAD clusters
  build
  git add --all clusters
  git commit --no-edit
  head_is_right
}

check_mode() {
  git update-index --chmod=+x "$host"
  refused "mode $host" git commit -m x
  git update-index --chmod=-x "$host"
  chmod +x "$host"
  refused "mode $host" git commit -am x
  chmod -x "$host"
  ln -sf /dev/null "$host"
  refused "$host\` is a link" git commit -am x
}

# Commits at the same time in linked worktrees: each is judged by its own index.
check_in_parallel() {
  local i pids=()
  for i in 1 2 3 4; do
    git worktree add -q -b "side$i" "../linked$i"
    (cd "../linked$i" && set_port "800$i" && { [ $((i % 2)) = 1 ] || build; })
  done
  for i in 1 2 3 4; do
    (cd "../linked$i" && git commit -qam "Move the port to 800$i" >../linked.log$i 2>&1) &
    pids[i]=$!
  done
  for i in 1 2 3 4; do
    wait "${pids[i]}" || true
    cat ../linked.log$i
    (cd "../linked$i" && head_is_right)
    [ "$(git rev-list --count "side$i")" = $((1 + (i + 1) % 2)) ]
  done
}

check_try_repo() {
  "$pre_commit" try-repo ../hooks meshfedc-check 2>&1 | tee said
  grep -q Failed said # nothing is in out/, where it looks by default
  rm said
  meshfedc build 2>/dev/null
  git add out
  "$pre_commit" try-repo ../hooks meshfedc-check
}

build_clean() {
  echo hello >notes && git add notes
  git commit -m 'Write notes'
  committed 2
}

build_stale() {
  set_port 8001
  git add federation.toml
  refused 'Failed' git commit -m x
  git diff --name-only | grep -qx "$host" # it wrote what is to be added
  git add --all .
  git commit -m 'Move the port'
  head_is_right
}

# pre-commit sees changes of tracked files only: a hook that makes a file and says nothing lets the commit pass without it.
build_new_file() {
  git rm -rq --cached clusters && rm -r clusters
  git commit -qm 'Publish nothing' --no-verify
  sed -i 's/meshfedc-build/meshfedc-build\n    entry: meshfedc build/' .pre-commit-config.yaml # without --exit-code
  git add .pre-commit-config.yaml
  git commit -qm 'This is the trap'
  [ -e "$host" ]
  [ -z "$(git ls-files clusters)" ]
  rm -r clusters
  sed -i '/^ *entry:/d' .pre-commit-config.yaml
  git add .pre-commit-config.yaml
  refused 'Failed' git commit -m x
  [ -e "$host" ]
  git add clusters
  git commit -m 'Publish'
  head_is_right
}

build_deleted_file() {
  git rm -q "$host"
  refused 'Failed' git commit -m x
  git add clusters
  git diff --cached --quiet # the file is back
}

build_edited_by_hand() {
  echo '# mine' >>"$host"
  git add "$host"
  refused 'MF0901' git commit -m x
}
