#!/bin/sh
# Makes the certificates of a federation with openssl: one root, and for each mesh an intermediate authority, which may issue
# identities of the mesh's own trust domain only. Usage: certificates.sh KEYS PUBLIC MESH=TRUST_DOMAIN…
#
#   KEYS/root/key.pem        the root's key, to be kept apart: no cluster needs it
#   KEYS/cacerts/MESH/       the four files of Istio's Secret `cacerts`, for each cluster of the mesh
#   PUBLIC/root.pem          what `root` names in federation.toml
#   PUBLIC/MESH.pem          what `intermediate` names
#
# What is in KEYS already is kept: call it again to add a mesh. With another KEYS for each mesh, each has a root of its own.
set -eu
umask 077

root_days=3650
mesh_days=730

fail() {
  echo "certificates.sh: $*" >&2
  exit 1
}

[ $# -ge 3 ] || fail "usage: certificates.sh KEYS PUBLIC MESH=TRUST_DOMAIN…"
keys=$1 public=$2
shift 2

for pair; do
  case $pair in
    *=*=* | =* | *=) fail "\`$pair\` is not of the form MESH=TRUST_DOMAIN" ;;
    *[!a-z0-9.=-]*) fail "\`$pair\`: names of meshes and trust domains consist of a-z, 0-9, \`-\` and \`.\`" ;;
    .* | -*) fail "\`$pair\`: the name of a mesh begins with a letter or a digit" ;;
    root=*) fail "a mesh cannot be named \`root\`: PUBLIC/root.pem is the root" ;;
    *=*) ;;
    *) fail "\`$pair\` is not of the form MESH=TRUST_DOMAIN" ;;
  esac
done

# Where `git add` could reach them is no place for keys.
mkdir -p "$keys"
keys=$(cd "$keys" && pwd -P)
if git -C "$keys" rev-parse --git-dir >/dev/null 2>&1; then
  rmdir "$keys" 2>/dev/null || true
  fail "$keys is in a Git repository: name a directory outside of it for the keys"
fi

# A directory appears when all of it is there, so one that was interrupted is made again.
work=$(mktemp -d "$keys/.work.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

new_key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }

make_root() {
  mkdir "$work/root"
  new_key "$work/root/key.pem"
  cat >"$work/root.cnf" <<END
[req]
prompt = no
distinguished_name = name
x509_extensions = authority
[name]
CN = Root of the federation
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
END
  openssl req -x509 -new -sha256 -days "$root_days" -config "$work/root.cnf" -key "$work/root/key.pem" \
    -out "$work/root/cert.pem"
  mv "$work/root" "$keys/root"
}

# The name constraint is what keeps meshes apart: without it, the authority of one mesh could issue identities of another.
make_mesh() { # MESH TRUST_DOMAIN
  mkdir "$work/$1"
  new_key "$work/$1/ca-key.pem"
  cat >"$work/$1.cnf" <<END
[req]
prompt = no
distinguished_name = name
[name]
O = $1
CN = Istio of $1
[authority]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, digitalSignature, keyCertSign, cRLSign
nameConstraints = critical, permitted;URI:$2
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
END
  openssl req -new -sha256 -config "$work/$1.cnf" -key "$work/$1/ca-key.pem" -out "$work/$1.csr"
  openssl x509 -req -sha256 -days "$mesh_days" -in "$work/$1.csr" -CA "$keys/root/cert.pem" -CAkey "$keys/root/key.pem" \
    -set_serial "0x$(openssl rand -hex 16)" -extfile "$work/$1.cnf" -extensions authority \
    -out "$work/$1/ca-cert.pem" 2>"$work/said" || fail "$(cat "$work/said")"
  cp "$work/$1/ca-cert.pem" "$work/$1/cert-chain.pem"
  cp "$keys/root/cert.pem" "$work/$1/root-cert.pem"
  mkdir -p "$keys/cacerts"
  mv "$work/$1" "$keys/cacerts/$1"
}

fits() { # MESH TRUST_DOMAIN: what was made before is what is asked for now
  openssl verify -CAfile "$keys/root/cert.pem" "$keys/cacerts/$1/ca-cert.pem" >/dev/null 2>&1 &&
    openssl x509 -in "$keys/cacerts/$1/ca-cert.pem" -noout -ext nameConstraints | tr -d ' ' | grep -qxF "URI:$2"
}

[ -d "$keys/root" ] || make_root
for pair; do
  mesh=${pair%%=*} domain=${pair#*=}
  [ -d "$keys/cacerts/$mesh" ] || make_mesh "$mesh" "$domain"
  fits "$mesh" "$domain" ||
    fail "$keys/cacerts/$mesh is of another root or trust domain: move it away to have another one made"
done

umask 022
mkdir -p "$public"
cat "$keys/root/cert.pem" >"$public/root.pem"
for pair; do
  mesh=${pair%%=*}
  cat "$keys/cacerts/$mesh/cert-chain.pem" >"$public/$mesh.pem"
done
