git init -q .
git config user.name mesh && git config user.email mesh@example.com && git config commit.gpgsign true
meshfedc build --commit --branch rendered
