echo 'out/ is a directory' > out
meshfedc build
