openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.pem -subj '/CN=Root' -days 30 2>/dev/null
openssl pkcs8 -topk8 -in root.key -passout pass:secret >>root.pem
meshfedc validate
