# For tests of meshfedc with Git: a directory of its own, $work, an empty home, and nothing of the caller's Git.
# To be sourced by scripts that run `set -eu`.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir -m 700 home
export HOME="$work/home" GIT_CONFIG_NOSYSTEM=1 LC_ALL=C.UTF-8
unset GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_AUTHOR_DATE GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL GIT_COMMITTER_DATE
unset SOURCE_DATE_EPOCH XDG_CONFIG_HOME EMAIL SSH_AUTH_SOCK SSH_AGENT_PID
git config --global init.defaultBranch main
git config --global advice.detachedHead false

fail() {
  echo "$1" >&2
  exit 1
}

# expect STATUS TEXT COMMAND…: exits so, and says that, on either stream; TEXT may be empty.
expect() {
  wanted=$1 text=$2 status=0
  shift 2
  "$@" >"$work/said" 2>&1 || status=$?
  [ "$status" = "$wanted" ] || { echo "$*: exit $status, not $wanted"; cat "$work/said"; exit 1; }
  grep -qF -- "$text" "$work/said" || { echo "$*: no '$text' in:"; cat "$work/said"; exit 1; }
}
