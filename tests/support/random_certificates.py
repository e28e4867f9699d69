#!/usr/bin/env python3
"""Certificates for random federations: random_certificates.py > random_certificates.cpp

They are the same for the same seed on every machine, so they are made once. Their keys are thrown away: nothing is ever
signed with them again. Of each of the meshes 0 to 4 there are authorities below one common root and below a root of its
own, which may issue every identity, those of Istio's default trust domain, or those of the mesh's own trust domain.
"""
import pathlib
import subprocess
import tempfile

MESHES = 5
HEADER = '''// Written by random_certificates.py.
#include "support/random_certificates.hpp"

#include <map>
#include <stdexcept>

namespace meshfed::testing {
namespace {

/// DER in base64, by name.
const std::map<std::string, std::string, std::less<>> kCertificates = {
'''
FOOTER = '''};

}  // namespace

std::string certificate(std::string_view name) {
  const auto found = kCertificates.find(name);
  if (found == kCertificates.end()) throw std::out_of_range("no certificate: " + std::string(name));
  std::string pem = "-----BEGIN CERTIFICATE-----\\n";
  for (std::size_t i = 0; i < found->second.size(); i += 64) pem += found->second.substr(i, 64) + "\\n";
  return pem + "-----END CERTIFICATE-----\\n";
}

}  // namespace meshfed::testing
'''


def run(directory, *arguments):
    subprocess.run(arguments, cwd=directory, check=True, capture_output=True)


def make(directory, name, domain, issuer=None):
    """A certificate and its key, as files of that name."""
    directory.joinpath("extensions").write_text(
        "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n"
        + (f"nameConstraints=critical,permitted;URI:{domain}\n" if domain else "")
    )
    run(directory, "openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
        "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", "request")
    signer = ["-CA", f"{issuer}.pem", "-CAkey", f"{issuer}.key"] if issuer else ["-signkey", f"{name}.key"]
    run(directory, "openssl", "x509", "-req", "-in", "request", *signer, "-days", "27000", "-sha256",
        "-extfile", "extensions", "-out", f"{name}.pem")


def main():
    with tempfile.TemporaryDirectory() as made:
        directory = pathlib.Path(made)
        make(directory, "common", "")
        for mesh in range(MESHES):
            for form, domain in (("free", ""), ("default", "cluster.local"), ("own", f"td{mesh}.example")):
                make(directory, f"below-common-{mesh}-{form}", domain, "common")
                make(directory, f"root-{mesh}-{form}", domain)
                make(directory, f"below-root-{mesh}-{form}", domain, f"root-{mesh}-{form}")
        print(HEADER, end="")
        for path in sorted(directory.glob("*.pem")):
            text = "".join(line for line in path.read_text().splitlines() if not line.startswith("-----"))
            pieces = [f'     "{text[i : i + 108]}"' for i in range(0, len(text), 108)]
            print(f'    {{"{path.stem}",\n' + "\n".join(pieces) + "},")
        print(FOOTER, end="")


main()
