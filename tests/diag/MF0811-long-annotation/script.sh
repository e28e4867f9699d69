text=$(printf '%4097s' '' | tr ' ' x)
sed "/^gateway.addresses/a gateway.annotations = { \"example.com/note\" = \"$text\" }" federation.toml > long.toml
meshfedc validate -f long.toml
