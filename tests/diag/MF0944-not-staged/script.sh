git init -q .
git add -N federation.toml
meshfedc check --against index
