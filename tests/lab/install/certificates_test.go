package install

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"istio.io/istio/security/pkg/pki/ca"
	"istio.io/istio/security/pkg/pki/util"
)

// istiod starts with the four files of the Secret `cacerts`, as it reads them itself.
func istiod(directory string) (*ca.IstioCA, error) {
	file := func(name string) string { return filepath.Join(directory, name) }
	options, err := ca.NewPluggedCertIstioCAOptions(ca.SigningCAFileBundle{RootCertFile: file("root-cert.pem"),
		CertChainFiles: []string{file("cert-chain.pem")}, SigningCertFile: file("ca-cert.pem"), SigningKeyFile: file("ca-key.pem")},
		time.Hour, 2*time.Hour, 2048)
	if err != nil {
		return nil, err
	}
	return ca.NewIstioCA(options)
}

// issue is what istiod answers to an agent, and whether it leads to the root.
func issue(authority *ca.IstioCA, identity string) error {
	request, _, err := util.GenCSR(util.CertOptions{Host: identity, RSAKeySize: 2048})
	if err != nil {
		return err
	}
	chain, err := authority.Sign(request, ca.CertOpts{SubjectIDs: []string{identity}, TTL: time.Hour})
	if err != nil {
		return err
	}
	return verify(authority, chain)
}

func verify(authority *ca.IstioCA, chain []byte) error {
	bundle := authority.GetCAKeyCertBundle()
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	roots.AppendCertsFromPEM(bundle.GetRootCertPem())
	between.AppendCertsFromPEM(bundle.GetCertChainPem())
	block, _ := pem.Decode(chain)
	leaf, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return err
	}
	_, err = leaf.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	return err
}

// What the walk-through's script makes is what istiod takes: workloads and istiod itself get certificates that lead to the
// root, and an identity of another mesh does not.
func TestIstiodTakesTheScriptsCertificates(t *testing.T) {
	keys := filepath.Join(t.TempDir(), "keys")
	script := exec.Command("../../../examples/kind/certificates.sh", keys, t.TempDir(), "east-mesh=east.example", "west-mesh=west.example")
	if said, err := script.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	west, err := istiod(filepath.Join(keys, "cacerts", "west-mesh"))
	if err != nil {
		t.Fatal(err)
	}
	if err := issue(west, "spiffe://west.example/ns/httpbin/sa/httpbin"); err != nil {
		t.Errorf("an honest identity: %v", err)
	}
	if err := issue(west, "spiffe://east.example/ns/httpbin/sa/httpbin"); err == nil {
		t.Error("an identity of the other mesh leads to the root")
	}
	served, _, err := west.GenKeyCert([]string{"istiod.istio-system.svc"}, time.Hour, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := verify(west, served); err != nil {
		t.Errorf("istiod's own: %v", err)
	}
}

const authority = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n"

// What the compiler calls an error, istiod refuses; what it warns of, istiod takes.
func TestIstiodRefusesWhatTheCompilerDoes(t *testing.T) {
	for name, row := range map[string]struct {
		rootKey, rootDigest, key, digest, extensions string
		taken                                        bool
	}{
		"good":                           {"rsa:2048", "sha256", "rsa:2048", "sha256", authority, true},
		"MF1225 no authority":            {"rsa:2048", "sha256", "rsa:2048", "sha256", "basicConstraints=critical,CA:FALSE\n", false},
		"MF1231 SHA-1":                   {"rsa:2048", "sha256", "rsa:2048", "sha1", authority, false},
		"the root by itself, with SHA-1": {"rsa:2048", "sha1", "rsa:2048", "sha256", authority, true},
		"MF1231 RSA, 512 bits":           {"rsa:2048", "sha256", "rsa:512", "sha256", authority, false},
		"MF1231 the root, 512 bits":      {"rsa:512", "sha256", "rsa:2048", "sha256", authority, false},
		"MF1239 RSA, 1024":               {"rsa:2048", "sha256", "rsa:1024", "sha256", authority, true},
		"MF1239 the root, 1024":          {"rsa:1024", "sha256", "rsa:2048", "sha256", authority, true},
	} {
		t.Run(name, func(t *testing.T) {
			directory := t.TempDir()
			if err := os.WriteFile(filepath.Join(directory, "extensions"), []byte(row.extensions), 0o600); err != nil {
				t.Fatal(err)
			}
			command := exec.Command("sh", "-euc", `
				openssl req -x509 -newkey "$ROOT_KEY" "-$ROOT_DIGEST" -nodes -keyout root-key.pem -out root-cert.pem -subj /CN=Root -days 2
				openssl req -newkey "$KEY" -nodes -keyout ca-key.pem -out ca.csr -subj /CN=Authority
				openssl x509 -req -in ca.csr -CA root-cert.pem -CAkey root-key.pem -CAcreateserial -days 1 "-$DIGEST" \
				  -extfile extensions -out ca-cert.pem
				cp ca-cert.pem cert-chain.pem`)
			command.Dir, command.Env = directory, append(os.Environ(), "KEY="+row.key, "DIGEST="+row.digest, "ROOT_KEY="+row.rootKey, "ROOT_DIGEST="+row.rootDigest)
			if said, err := command.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, said)
			}
			signs, err := istiod(directory)
			if err == nil {
				err = issue(signs, "spiffe://west.example/ns/httpbin/sa/httpbin")
			}
			if (err == nil) != row.taken {
				t.Errorf("%v", err)
			}
			t.Log(err)
		})
	}
}
