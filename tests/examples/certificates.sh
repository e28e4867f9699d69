# shellcheck shell=sh
# What examples/kind/certificates.sh makes. Read by run.sh, whose `verdict` and `work` it uses.

certificates=$PWD/examples/kind/certificates.sh
keys=$work/keys public=$work/certificates

certify() { "$certificates" "$keys" "$public" "$@" >"$work/said" 2>&1; }
state() { find "$keys" "$public" -type f -exec sha256sum {} + | sort; }

only_its_owner_reads_keys() {
  [ "$(find "$keys" ! -type d ! -perm 0600 -o -type d ! -perm 0700)" = "" ] && ! grep -rl 'PRIVATE KEY' "$public"
}

keeps_what_is_there() {
  state >"$work/before"
  certify east=east.example west=west.example && state | cmp - "$work/before"
}

adds_a_mesh() {
  certify north=north.example && state >"$work/after" && [ "$(wc -l <"$work/after")" -eq $(($(wc -l <"$work/before") + 5)) ] &&
    [ "$(comm -23 "$work/before" "$work/after")" = "" ] && cmp "$public/root.pem" "$keys/root/cert.pem"
}

leaf() { # MESH SPIFFE_ID: a certificate as that mesh's istiod would issue it leads to the root
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/leaf.key" -subj / \
    -addext "subjectAltName=critical,URI:$2" -out "$work/leaf.csr" 2>/dev/null &&
    openssl x509 -req -in "$work/leaf.csr" -copy_extensions copy -CA "$keys/cacerts/$1/ca-cert.pem" \
      -CAkey "$keys/cacerts/$1/ca-key.pem" -out "$work/leaf.pem" 2>/dev/null &&
    openssl verify -CAfile "$public/root.pem" -untrusted "$public/$1.pem" "$work/leaf.pem" >"$work/said" 2>&1
}

refuses_forgery() { ! leaf west spiffe://east.example/ns/web/sa/web && grep -q 'permitted subtree violation' "$work/said"; }

refuses() { # WORDS ARGUMENT…: says so in one line, and leaves no trace
  words=$1
  shift
  state >"$work/before"
  ! certify "$@" && [ "$(wc -l <"$work/said")" -eq 1 ] && grep -qF -e "$words" "$work/said" && state | cmp - "$work/before"
}

refuses_repository() {
  git init -q "$work/repository" && ! "$certificates" "$work/repository/keys" "$public" east=east.example 2>"$work/said" &&
    grep -q 'is in a Git repository' "$work/said" && [ ! -e "$work/repository/keys" ]
}

# The copy of openssl in PATH fails at the COUNTth call, as if the script had been interrupted there.
mends_interruption() { # COUNT
  mkdir -p "$work/bin" && rm -rf "$work/interrupted" && echo "$1" >"$work/left" || return
  cat >"$work/bin/openssl" <<END
#!/bin/sh
left=\$(cat "$work/left")
echo \$((left - 1)) >"$work/left"
[ "\$left" -ne 0 ] || exit 1
exec $(command -v openssl) "\$@"
END
  chmod +x "$work/bin/openssl"
  PATH=$work/bin:$PATH "$certificates" "$work/interrupted" "$work/interrupted.public" east=east.example >/dev/null 2>&1
  [ "$(find "$work/interrupted" -name '.work.*')" = "" ] &&
    "$certificates" "$work/interrupted" "$work/interrupted.public" east=east.example &&
    [ "$(find "$work/interrupted" -type f | wc -l)" -eq 6 ]
}

verdict "certificates: made" certify east=east.example west=west.example
verdict "certificates: modes" only_its_owner_reads_keys
verdict "certificates: a second time" keeps_what_is_there
verdict "certificates: another mesh" adds_a_mesh
verdict "certificates: an honest identity" leaf west spiffe://west.example/ns/web/sa/web
verdict "certificates: a forged identity" refuses_forgery
verdict "certificates: another domain" refuses "another root or trust domain" west=other.example
verdict "certificates: a similar domain" refuses "another root or trust domain" west=westxexample
verdict "certificates: no domain" refuses "not of the form" west
verdict "certificates: two domains" refuses "not of the form" west=a=b
verdict "certificates: a path" refuses "names of meshes" ../west=west.example
verdict "certificates: an option" refuses "begins with" -west=west.example
verdict "certificates: a configuration" refuses "names of meshes" "west=west.example,URI:east.example"
verdict "certificates: a mesh named root" refuses "cannot be named" root=west.example
verdict "certificates: no mesh" refuses "usage:"
verdict "certificates: in a repository" refuses_repository
for count in 0 1 2 3 4 5; do
  verdict "certificates: interrupted at call $count of openssl" mends_interruption "$count"
done
