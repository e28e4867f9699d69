#!/bin/sh
# `meshfedc check --against` in real repositories. Usage: check.sh MESHFEDC
set -eu
meshfedc=$(realpath "$1")
. "$(dirname "$(realpath "$0")")/published.sh"
check() { "$meshfedc" check -f prod/federation.toml -o clusters "$@"; }

expect 0 'all up to date' check
expect 0 'all up to date' check --against index
expect 0 'all up to date' check --against HEAD

# The source is changed and not built: the working tree differs; the index does as soon as the change is added.
sed -i 's/number = 8000/number = 8001/' prod/federation.toml
expect 1 'different clusters/east-cluster/httpbin/httpbin.mesh.global.yaml' check
expect 0 'all up to date' check --against index
git add prod
expect 1 'different clusters/east-cluster/httpbin/httpbin.mesh.global.yaml' check --against index
expect 0 'all up to date' check --against HEAD

# Built, and not added: now the working tree is right and the commit would be wrong.
"$meshfedc" build -f prod/federation.toml -o clusters 2>/dev/null
expect 0 'all up to date' check
expect 1 'different' check --against index
git add clusters
expect 0 'all up to date' check --against index
git commit -qm 'Move the port'
expect 0 'all up to date' check --against HEAD~1
expect 0 'all up to date' check --against HEAD

# A file that is left out of the commit is missing there, though it stands in the working tree.
git rm -q --cached clusters/east-cluster/istio-system/mesh.yaml
expect 1 'missing clusters/east-cluster/istio-system/mesh.yaml' check --against index
git add clusters

# From below, and by absolute paths.
cd prod
expect 0 'all up to date' "$meshfedc" check -o ../clusters --against index
expect 0 'all up to date' "$meshfedc" check -f "$PWD/federation.toml" -o "$work/repository/clusters" --against HEAD

# Services know files by where they are in the repository, whatever is compared and wherever from.
for against in worktree index HEAD; do
  expect 0 '::warning file=prod/federation.toml,' "$meshfedc" check -o ../clusters --against $against --format github
  expect 0 '"uri": "prod/federation.toml"' "$meshfedc" check -o ../clusters --against $against --format sarif
done

# Fragments are read from the same place, too.
mkdir apps
sed -n '/^\[export/,$p' federation.toml >apps/team.toml
sed -i -e '/^\[export/,$d' -e 's/^version = 1/version = 1\ninclude = ["apps\/*.toml"]/' federation.toml
printf '[fragment."apps/*.toml"]\n' >>federation.toml
expect 0 'all up to date' "$meshfedc" check -o ../clusters
git add federation.toml
expect 2 'MF0007' "$meshfedc" check -o ../clusters --against index
git add apps
expect 0 'all up to date' "$meshfedc" check -o ../clusters --against index

# Modes: of a file, executable or not is what Git keeps.
git commit -qam 'Split'
mesh=clusters/east-cluster/istio-system/mesh.yaml
cd ..
git update-index --chmod=+x "$mesh"
expect 1 "mode $mesh" check --against index
expect 1 '0 missing, 0 different, 0 extra, 1 executable in 2 clusters: remove' check --against index
expect 0 'all up to date' check
git reset -q
chmod a+x "$mesh"
expect 1 "mode $mesh" check
expect 0 'all up to date' check --against index
find clusters -type f -exec chmod a+x {} + # so it looks where a file system has no modes
expect 0 'all up to date' check
git add clusters
expect 1 "mode clusters/east-cluster/.meshfedc.lock" check --against index
find clusters -type f -exec chmod a-x {} +
git add clusters
rm "$mesh" && ln -s /dev/null "$mesh" && git add clusters
expect 3 'MF0903' check --against index
git checkout -q HEAD clusters

# A hook sees the commit that Git is about to make, whatever its form; the repository is then as Git says.
hook() { printf '#!/bin/sh\n%s check %s --against index\n' "$meshfedc" "$1" >"$2" && chmod +x "$2"; }
hook '-f prod/federation.toml -o clusters' .git/hooks/pre-commit
build() { "$meshfedc" build -f prod/federation.toml -o clusters 2>/dev/null; }
set_port() { sed -i "s/number = 80[0-9]*/number = $1/" prod/apps/team.toml; }
every_form() { # GIT…
  set_port 8002
  expect 1 'different' "$@" commit -am x
  git add prod
  expect 1 'different' "$@" commit -m x
  build
  expect 1 'different' "$@" commit -m x prod
  expect 0 '' "$@" commit -m 'Move the port' prod clusters
  set_port 8003
  build
  expect 0 '' "$@" commit -am 'Move it again'
}
every_form git
git worktree add -q ../linked && cd ../linked
every_form git
hook '-o ../clusters' ../repository/.git/hooks/pre-commit # one that changes its directory
sed -i '1a cd prod' ../repository/.git/hooks/pre-commit
set_port 8004
expect 1 'different' git commit -am x
build
expect 0 '' git commit -am 'Move it once more'
cd ../repository
hook '-f prod/federation.toml -o clusters' .git/hooks/pre-commit
git init -q --separate-git-dir ../git
set_port 8005 && build
expect 0 '' git commit -am 'Move it somewhere'
every_form git --git-dir=../git --work-tree=.
cd prod

# What is no repository, and no revision.
expect 4 'MF0912' "$meshfedc" check -o ../clusters --against v9
cd "$work" && mkdir plain && cp repository/prod/federation.toml plain && cd plain
expect 4 'MF0911' "$meshfedc" check --against index
