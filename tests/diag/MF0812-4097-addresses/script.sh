for i in $(seq 0 255); do
  addresses=$(seq -f "\"198.18.$i.%g\"" -s ', ' 16)
  printf '[cluster.c%d]\nmesh = "us"\nnetwork = "us-net"\ngateway.addresses = [%s]\n' "$i" "$addresses"
done >> federation.toml
meshfedc validate
