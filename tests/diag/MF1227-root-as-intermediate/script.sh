openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.pem -subj '/CN=Root' -days 30 -addext nameConstraints=critical,permitted\;URI:berlin.example 2>/dev/null
cp root.pem ca.pem
meshfedc validate
