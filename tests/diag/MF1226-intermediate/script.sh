openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout other.key -out other.pem -subj '/CN=Root' -days 30 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.csr -subj '/CN=Berlin' 2>/dev/null
printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n' >root.ext
openssl x509 -req -in root.csr -CA other.pem -CAkey other.key -CAcreateserial -days 20 -extfile root.ext -out root.pem 2>/dev/null
meshfedc validate
