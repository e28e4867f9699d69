mkdir ../elsewhere 2>/dev/null
ln -s /etc/hostname root.pem
meshfedc validate
