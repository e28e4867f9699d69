#!/bin/bash
# What is installed and packaged: `cmake --install`, the Debian package, the manual page.
# Usage: run.sh BUILD_DIR, a Release build.
set -u
build=$(realpath "$1")
cd "$(dirname "$0")/../.." || exit 1
. tests/package/verdict.sh

says_nothing() { ! "$@" 2>&1 | grep .; }

installed() {
  DESTDIR=$work/root cmake --install "$build" --prefix /usr --strip >/dev/null || return
  (cd "$work/root" && find . -type f | sort) | diff "$work/expected" -
}
cat >"$work/expected" <<'FILES'
./usr/bin/meshfedc
./usr/share/bash-completion/completions/meshfedc
./usr/share/doc/meshfedc/LICENSE
./usr/share/doc/meshfedc/README.md
./usr/share/fish/vendor_completions.d/meshfedc.fish
./usr/share/man/man1/meshfedc.1.gz
./usr/share/meshfedc/federation.schema.json
./usr/share/zsh/vendor-completions/_meshfedc
FILES

compiles() { "$1" build -f examples/seed/federation.toml -o "$work/out" && diff -r out/seed "$work/out"; }

# What differs between two builds is where they were made; nothing of that may be left.
names_no_folder() { ! strings -a "$1" | grep -F -e "$PWD/" -e "$build"; }

manual_is_printed() { gzip -dc "$work/root/usr/share/man/man1/meshfedc.1.gz" | diff - <("$build/meshfedc" manual); }
manual_is_clean() { gzip -dc "$work/root/usr/share/man/man1/meshfedc.1.gz" | mandoc -T lint -W style; }
manual_reads() { mandoc -T utf8 "$work/root/usr/share/man/man1/meshfedc.1.gz" | col -bx | grep -F -e "$1"; }

pack() { # DIRECTORY, where the package goes
  cpack --config "$build/CPackConfig.cmake" -G DEB -B "$1" && rm -rf "$1/_CPack_Packages"
}
same_package() { pack "$work/again" && (cd "$work/deb" && sha256sum ./*.deb) | (cd "$work/again" && sha256sum -c -); }
unpacked() { dpkg-deb -x "$work"/deb/*.deb "$work/unpacked" && "$work/unpacked/usr/bin/meshfedc" version; }
depends() { dpkg-deb -f "$work"/deb/*.deb Depends | grep -E "$1"; }
has_changelog() { # of the version that it is
  local file=$work/unpacked/usr/share/doc/meshfedc/changelog.gz
  [ "$(gzip -dc "$file" | dpkg-parsechangelog -l- -S Version)" = "$("$program" version | cut -d' ' -f2)" ]
}
lint_package() { says_nothing lintian --allow-root --tag-display-limit 0 --suppress-tags "$(accepted)" "$work"/deb/*.deb; }
# What a package outside of Debian has no use for, each with its reason in tests/package/accepted.
accepted() { grep -v '^#' tests/package/accepted | cut -d' ' -f1 | paste -sd,; }

verdict "what is to be installed" cmake --build "$build" --target meshfed_package
verdict "what is installed" installed
program=$work/root/usr/bin/meshfedc
verdict "the installed program compiles" compiles "$program"
with strings "the program names no folder of its build" names_no_folder "$program"
verdict "the manual page is the compiler's" manual_is_printed
with mandoc "the manual page is clean" says_nothing manual_is_clean
with mandoc "the manual page reads well" manual_reads "meshfedc build --shard 2/8                     # the second of eight parts"
with mandoc "the manual page has the options" manual_reads "-f, --file PATH"

if command -v dpkg-shlibdeps >/dev/null; then
  verdict "the Debian package" pack "$work/deb"
  verdict "the same package again" same_package
  verdict "the packaged program runs" unpacked
  with dpkg-parsechangelog "the package's changelog is of this version" has_changelog
  verdict "the package depends on its libraries" depends 'libgit2-1\.[0-9]+.*libstdc\+\+6'
  with lintian "the package is clean" lint_package
else
  with dpkg-shlibdeps "the Debian package" false
fi

finish
