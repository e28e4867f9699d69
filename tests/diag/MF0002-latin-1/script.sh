printf '# die Tr\344ger\nversion = 1\n' > federation.toml
meshfedc validate
