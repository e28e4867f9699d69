git init -q .
git config user.name mesh && git config user.email mesh@example.com
git remote add origin https://git.example.com/mesh.git
meshfedc build --commit --branch rendered --dry-run >/dev/null
