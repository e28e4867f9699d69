mkdir teams
ln -s /etc/hostname teams/pay.toml
meshfedc validate
