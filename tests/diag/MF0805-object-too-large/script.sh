cp shop.toml federation.toml
cat >> federation.toml <<EOF
callers = [
  "us/*",
$(seq -f '  "eu/customer-%05.0f/web",' 25000)
]
EOF
meshfedc validate
