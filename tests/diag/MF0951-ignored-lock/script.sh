git init -q .
echo '*.lock' > .gitignore
meshfedc build
