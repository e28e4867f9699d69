ln -s /etc/hostname root.pem
meshfedc validate
