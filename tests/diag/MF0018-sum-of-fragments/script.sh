mkdir teams
for i in $(seq 10 26); do head -c 4000000 /dev/zero | tr '\000' '\n' > teams/$i.toml; done
meshfedc validate
