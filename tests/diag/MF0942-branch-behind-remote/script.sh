git init -q .
git config user.name mesh && git config user.email mesh@example.com
git commit -q --allow-empty -m Begin && git branch rendered && git commit -q --allow-empty -m More
git remote add origin https://git.example.com/mesh.git && git update-ref refs/remotes/origin/rendered HEAD
meshfedc build --commit --branch rendered --dry-run >/dev/null
