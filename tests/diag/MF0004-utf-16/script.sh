printf '\376\377\000v\000=\0001' > federation.toml
meshfedc validate
