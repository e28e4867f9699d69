printf 'version = 1\n\n[federation]\nname = "shop\000"\n' > federation.toml
meshfedc validate
