git init -q .
git config user.name mesh && git config user.email mesh@example.com && git config commit.gpgsign true
git config gpg.format ssh && git config user.signingKey .git/no-such-key
meshfedc build --commit --branch rendered
