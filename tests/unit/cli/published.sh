# A repository with a federation in prod/ and what it compiles to in clusters/, committed; the working directory is its top.
# To be sourced by scripts that run `set -eu`; $meshfedc is the program.
. "$(dirname "$(realpath "$0")")/git.sh"

mkdir -p repository/prod && cd repository
git init -q .
git config user.name nobody && git config user.email nobody@example.com
(cd prod && "$meshfedc" init 2>/dev/null && sed -i 's/^# mtls/mtls/' federation.toml && "$meshfedc" build -o ../clusters 2>/dev/null)
git add --all . && git commit -qm 'Publish'
