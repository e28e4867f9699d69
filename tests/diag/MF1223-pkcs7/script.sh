openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.pem -subj '/CN=Root' -days 30 2>/dev/null
openssl crl2pkcs7 -nocrl -certfile root.pem -out root.p7b && mv root.p7b root.pem
meshfedc validate
