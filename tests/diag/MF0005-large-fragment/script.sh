mkdir teams
head -c 4194305 /dev/zero | tr '\000' '\n' > teams/pay.toml
meshfedc validate
