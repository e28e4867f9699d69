printf '[ca]\ndefault_ca=a\n[a]\ndatabase=db\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\nx509_extensions=e\n[p]\ncommonName=supplied\n[e]\nbasicConstraints=critical,CA:TRUE\n[req]\ndistinguished_name=d\n[d]\n' >conf && : >db && echo 01 >serial
openssl req -config conf -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.csr -subj /CN=Root 2>/dev/null
openssl ca -config conf -selfsign -keyfile root.key -in root.csr -startdate 200101000000Z -enddate 300101000000Z -batch -notext -out root.pem 2>/dev/null
meshfedc validate --at 2019-12-31
