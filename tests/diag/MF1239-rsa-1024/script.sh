openssl req -x509 -newkey rsa:1024 -nodes -keyout root.key -out root.pem -subj '/CN=Root' -days 30 2>/dev/null
meshfedc validate
