for i in $(seq 10001); do echo "apps/$i"; done | xargs mkdir -p
for i in $(seq 10001); do echo "apps/$i/mesh.toml"; done | xargs touch
meshfedc validate
