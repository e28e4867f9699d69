git init -q .
meshfedc build 2>/dev/null && git add --all .
git update-index --assume-unchanged federation.toml && echo '# new' >>federation.toml
meshfedc check --against index
