git init -q . && git config user.name mesh && git config user.email mesh@example.com
cp federation.toml right && sed -i 's/from = \["berlin"\]/from = ["brelin"]/' federation.toml
git add federation.toml && git commit -qm 'Share the cart' && mv right federation.toml
meshfedc graph --against HEAD
