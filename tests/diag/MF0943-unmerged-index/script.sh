git init -q .
git config user.name mesh && git config user.email mesh@example.com
git add --all . && git commit -qm Begin && git switch -qc side
echo '# theirs' >>federation.toml && git commit -qam Theirs && git switch -q -
echo '# ours' >>federation.toml && git commit -qam Ours
git merge -q side >/dev/null 2>&1
meshfedc check --against index
