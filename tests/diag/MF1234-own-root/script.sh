openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.pem -subj '/CN=Root' -days 30 2>/dev/null
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout tokyo.key -out tokyo.pem -subj '/CN=Root' -days 30 -addext nameConstraints=critical,permitted\;URI:tokyo.example 2>/dev/null
meshfedc validate
