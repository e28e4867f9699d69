git init -q .
git config user.name mesh && git config user.email mesh@example.com
touch .git/index.lock
meshfedc build --commit
