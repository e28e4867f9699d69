{ printf 'version = 1\ninclude'; for i in $(seq 65); do printf '.x'; done; printf ' = 1\n'; } > federation.toml
meshfedc validate
