#!/bin/sh
# Whatever gives Git a setting gives it to `meshfedc build --commit`: the author, or the demand for a signature, is what
# `git config` says. Usage: config.sh MESHFEDC
set -eu
meshfedc=$(realpath "$1")
. "$(dirname "$(realpath "$0")")/git.sh"
git config --global user.name mesh
git config --global user.email mesh@example.com


made=0
# fresh: a repository with a commit; what it includes where it is told to is $work/other, with another author.
fresh() {
  made=$((made + 1))
  mkdir -p "$work/repos" && cd "$work/repos"
  git init -q "r$made"
  cd "r$made"
  "$meshfedc" init 2>/dev/null
  git add --all . && git commit -qm 'Begin'
}
printf '[user]\n\temail = other@example.com\n[commit]\n\tgpgsign = true\n[gpg]\n\tformat = ssh\n' >"$work/other"
cp "$work/other" "$HOME/other"

# agrees NAME MAIL: Git says that it is MAIL, and so does the commit; a signature is demanded as Git demands it.
agrees() {
  [ "$(git config user.email)" = "$2" ] || fail "$1: Git says $(git config user.email), not $2"
  if [ "$(git config --type=bool commit.gpgsign || true)" = true ]; then
    expect 3 'MF0924' "$meshfedc" build --commit --branch rendered
    git rev-parse -q --verify refs/heads/rendered >"$work/said" && fail "$1: refused, and yet a branch was made"
  fi
  expect 0 'committed' "$meshfedc" build --commit --branch rendered --unsigned
  [ "$(git log -1 --format=%ae rendered)" = "$2" ] || fail "$1: by $(git log -1 --format=%ae rendered), not $2"
  git branch -qD rendered
}

# condition CONDITION [MAIL]: of an includeIf in the user's file.
condition() {
  cp "$HOME/.gitconfig" "$work/kept"
  git config --global "includeIf.$1.path" "$work/other"
  agrees "$1" "${2-other@example.com}"
  mv "$work/kept" "$HOME/.gitconfig"
}
none=mesh@example.com

echo '- conditions'
fresh
agrees 'nothing' $none
condition 'hasconfig:remote.*.url:https://git.work.example/**' $none
git remote add origin https://git.work.example/mesh/config.git
git remote add fork git@git.work.example:mesh/config.git
condition 'hasconfig:remote.*.url:https://git.work.example/**'
condition 'hasconfig:remote.*.url:https://git.work.example/*' $none
condition 'hasconfig:remote.*.url:git@git.work.example:*/**'
condition 'hasconfig:remote.*.url:https://*.example/mesh/config.git'
condition 'hasconfig:remote.*.url:https://**'
condition 'hasconfig:remote.*.url:**'
condition "gitdir:$work/repos/"
condition "gitdir:$work/repos" $none
condition "gitdir:$work/repos/r1/.git"
condition "gitdir:repos/"
condition "gitdir:r?/.git"
condition "gitdir:r[0-9]/.git"
condition "gitdir:r[!0-9]/.git" $none
condition "gitdir:REPOS/" $none
condition "gitdir/i:REPOS/"
condition "gitdir:~/" $none
condition "gitdir:~/../repos/" $none
condition "gitdir:./" $none
condition 'onbranch:main'
condition 'onbranch:m*'
condition 'onbranch:side/' $none
git switch -qc side/one
condition 'onbranch:side/'
condition 'onbranch:**/one'
condition 'onbranch:*' $none
git switch -q --detach
condition 'onbranch:**' $none
git switch -q main
ln -s "$work/repos/r1" "$work/linked-repository"
(cd "$work/linked-repository" && condition "gitdir:$work/linked-repository/")
mkdir "$HOME/in" && git clone -q . "$HOME/in/home" 2>/dev/null
(cd "$HOME/in/home" && condition 'gitdir:~/in/' && condition 'gitdir:./in/')
git worktree add -q "$work/tree" side/one
(cd "$work/tree" && condition 'onbranch:side/' && condition 'gitdir:.git/worktrees/*' && condition "gitdir:$work/tree/" $none)
git config --global 'includeIf.from-later:x.path' "$work/other"
expect 4 'includeIf "from-later:x"' "$meshfedc" build --commit --branch rendered --unsigned
git config --global --remove-section 'includeIf.from-later:x'

echo '- included files'
fresh
git config include.path ../../../other
agrees 'a relative include' other@example.com
git config include.path '~/other'
agrees 'an include in the home directory' other@example.com
git config include.path nowhere
agrees 'an include of nothing' $none
printf '[include]\n\tpath = middle\n' >.git/first && printf '[include] path = "%s"\n' "$work/other" >.git/middle
git config include.path first
agrees 'an include of an include' other@example.com
git config user.email last@example.com
agrees 'what comes last' last@example.com
printf '[include]\n\tpath = first\n' >.git/middle
expect 4 'MF0940' "$meshfedc" build --commit --branch rendered --unsigned
printf '[user\n' >.git/middle
expect 4 'MF0940' "$meshfedc" build --commit --branch rendered --unsigned

echo '- the environment'
fresh
# shellcheck disable=SC2030,SC2031
(
  export GIT_CONFIG_COUNT=2 GIT_CONFIG_KEY_0=user.email GIT_CONFIG_VALUE_0=counted@example.com
  export GIT_CONFIG_KEY_1=commit.gpgSign GIT_CONFIG_VALUE_1=1
  git config gpg.format ssh
  agrees 'GIT_CONFIG_COUNT' counted@example.com
  GIT_CONFIG_COUNT=3 expect 4 'GIT_CONFIG_KEY_2' "$meshfedc" build --commit --branch rendered --unsigned
  GIT_CONFIG_COUNT=x expect 4 'GIT_CONFIG_COUNT' "$meshfedc" build --commit --branch rendered --unsigned
  GIT_CONFIG_COUNT='' && agrees 'no GIT_CONFIG_COUNT' $none
)
(
  export GIT_CONFIG_GLOBAL="$work/global"
  printf '[user]\n\tname = g\n\temail = global@example.com\n' >"$work/global"
  agrees 'GIT_CONFIG_GLOBAL' global@example.com
  unset GIT_CONFIG_NOSYSTEM
  export GIT_CONFIG_SYSTEM="$work/other"
  printf '[user]\n\tname = g\n' >"$work/global"
  agrees 'GIT_CONFIG_SYSTEM' other@example.com
  export GIT_CONFIG_NOSYSTEM=false
  agrees 'GIT_CONFIG_NOSYSTEM=false' other@example.com
)
(
  export XDG_CONFIG_HOME="$work/xdg"
  mkdir -p "$work/xdg/git" && printf '[author]\n\temail = xdg@example.com\n' >"$work/xdg/git/config"
  expect 0 'committed' "$meshfedc" build --commit --branch rendered
  [ "$(git log -1 --format=%ae,%ce rendered)" = xdg@example.com,mesh@example.com ] || fail 'XDG_CONFIG_HOME'
  git branch -qD rendered
)
(
  export GIT_CONFIG=/dev/null # which only `git config` reads
  expect 0 'committed' "$meshfedc" build --commit --branch rendered
  [ "$(git log -1 --format=%ae rendered)" = $none ] || fail 'GIT_CONFIG'
  git branch -qD rendered
)
GIT_COMMON_DIR=.git expect 0 'committed' "$meshfedc" build --commit --branch rendered
GIT_COMMON_DIR=../r1/.git expect 4 'GIT_COMMON_DIR' "$meshfedc" build --commit --branch rendered
GIT_OBJECT_DIRECTORY="$work" expect 4 'GIT_OBJECT_DIRECTORY' "$meshfedc" build --commit --branch rendered
mkdir -p sub/sub
GIT_CEILING_DIRECTORIES="$PWD" expect 4 'MF0911' "$meshfedc" build --commit --branch rendered -o sub/sub/out
git branch -qD rendered
git config alias.mesh "!$meshfedc"
git -c user.email=given@example.com -c "user.name=It's \"me\"!" mesh build --commit --branch rendered 2>/dev/null
[ "$(git log -1 --format='%an %ae' rendered)" = "It's \"me\"! given@example.com" ] || fail 'git -c'
git branch -qD rendered
git config gpg.format ssh
git -c commit.gpgSign mesh build --commit --branch rendered 2>"$work/said" && fail 'git -c commit.gpgSign'
grep -q MF0924 "$work/said" || fail 'git -c commit.gpgSign'
GIT_CONFIG_PARAMETERS="'user.email=old@example.com' 'commit.gpgsign'" agrees 'GIT_CONFIG_PARAMETERS of old' old@example.com
GIT_CONFIG_PARAMETERS="user.email" expect 4 'GIT_CONFIG_PARAMETERS' "$meshfedc" build --commit --branch rendered

echo '- a configuration per worktree'
fresh
git config extensions.worktreeConfig true
git config core.repositoryFormatVersion 0 # as Git itself leaves it
git config gpg.format ssh
git config --worktree user.email tree@example.com
git config --worktree commit.gpgsign yes
agrees 'config.worktree' tree@example.com
git worktree add -q "$work/second"
(cd "$work/second" && git config --worktree user.email second@example.com && agrees 'another config.worktree' second@example.com)
git config --worktree core.worktree "$PWD"
expect 4 'core.worktree' "$meshfedc" build --commit --branch rendered --unsigned

echo '- every form of a value'
for value in 'a@example.com' '"a@example.com" # a comment' 'a@exam\
ple.com ; another' '"a@example.com\
"' ' "a@"example.com  '; do
  fresh
  printf '[USER]\n\tName = m\n\teMail=%s\n' "$value" >>.git/config
  agrees "$value" a@example.com
done
for value in '' ' = true' '=on' '= 1' '= "yes"' '= 2k'; do
  fresh
  printf '[gpg] format = ssh\n[commit] gpgSign%s\n' "$value" >>.git/config
  [ "$(git config --type=bool commit.gpgsign)" = true ] || fail "$value: false"
  agrees "gpgSign$value" $none
done
printf '\357\273\277[user]\r\n\temail = dos@example.com\r\n' >.git/dos && git config include.path dos
agrees 'line breaks of Windows' dos@example.com
