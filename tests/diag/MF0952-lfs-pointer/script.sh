meshfedc build 2>/dev/null
printf 'version https://git-lfs.github.com/spec/v1\noid sha256:%064d\nsize 1\n' 0 > out/us-1/.meshfedc.lock
meshfedc build
