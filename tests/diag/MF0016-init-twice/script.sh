meshfedc init -f shop.toml
meshfedc init -f shop.toml
