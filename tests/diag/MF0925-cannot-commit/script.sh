git init -q .
git config user.name mesh && git config user.email mesh@example.com
meshfedc build --commit --branch rendered 2>/dev/null && git pack-refs --all
meshfedc build --commit --branch rendered/east
