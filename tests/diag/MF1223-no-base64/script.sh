printf -- '-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n' 'this is !not! base64' >root.pem
meshfedc validate
