git init -q .
git config user.name mesh && git config user.email mesh@example.com
printf '[includeIf "from-later:x"]\n\tpath = other\n' >>.git/config
meshfedc build --commit --branch rendered
