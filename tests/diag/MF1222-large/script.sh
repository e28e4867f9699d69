openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.pem -subj '/CN=Root' -days 30 2>/dev/null
head -c 5000000 /dev/zero >>root.pem
meshfedc validate
