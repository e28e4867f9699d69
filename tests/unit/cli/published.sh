# A repository with a federation in prod/ and what it compiles to in clusters/, committed; the working directory is its top.
# To be sourced by scripts that run `set -eu`; $meshfedc is the program.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export HOME="$work" GIT_CONFIG_NOSYSTEM=1

# expect STATUS TEXT COMMAND…: exits so, and says that, on either stream; TEXT may be empty.
expect() {
  wanted=$1 text=$2 status=0
  shift 2
  "$@" >said 2>&1 || status=$?
  [ "$status" = "$wanted" ] || { echo "$*: exit $status, not $wanted"; cat said; exit 1; }
  grep -qF -- "$text" said || { echo "$*: no '$text' in:"; cat said; exit 1; }
}

mkdir -p repository/prod && cd repository
git init -q .
git config user.name nobody && git config user.email nobody@example.com
(cd prod && "$meshfedc" init 2>/dev/null && sed -i 's/^# mtls/mtls/' federation.toml && "$meshfedc" build -o ../clusters 2>/dev/null)
git add --all . && git commit -qm 'Publish'
