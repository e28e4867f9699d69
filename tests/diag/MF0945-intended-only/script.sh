git init -q .
meshfedc build 2>/dev/null
git add federation.toml out && git rm -q --cached out/eu-1/kustomization.yaml && git add -N out/eu-1/kustomization.yaml
meshfedc check --against index
