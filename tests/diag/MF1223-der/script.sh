openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.pem -subj '/CN=Root' -days 30 -outform DER 2>/dev/null
meshfedc validate
