package install

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"istio.io/istio/manifests"
)

// What `install` may say. The first is compared with all others.
var dialects = []string{
	`"helm"`,
	`{ by = "helm", apply = "argocd" }`,
	`{ by = "helm", apply = "flux" }`,
	`"sail"`,
	`"istioctl"`,
}

// A federation of two meshes that call each other: the cluster at hand is in east.
type federation struct {
	name     string
	version  string // of Istio; empty: that of the charts
	defaults string // further keys of [defaults]
	east     string // keys of [mesh.east-mesh]
	west     string
	trust    string                 // keys of [trust]
	expect   func(*Istiod) []string // what is wrong with east's istiod
}

func (f federation) text(install string) string {
	version := f.version
	if version == "" {
		version = release()
	}
	trust := ""
	if f.trust != "" {
		trust = "[trust]\n" + f.trust
	}
	return fmt.Sprintf(`version = 1
[federation]
name = "lab"
[defaults]
istio = "%s"
install = %s
dns_capture = true
%s
%s
[mesh.east-mesh]
%s
[mesh.west-mesh]
%s
[network.east-network]
[network.west-network]
[cluster.east-cluster]
mesh = "east-mesh"
network = "east-network"
gateway.addresses = ["192.0.2.1"]
[cluster.west-cluster]
mesh = "west-mesh"
network = "west-network"
gateway.addresses = ["192.0.2.2"]
[export.web]
namespace = "web"
selector = { app = "web" }
ports = [{ name = "http", number = 80 }]
from = ["west-mesh"]
to = ["east-mesh"]
service_accounts = ["web"]
[export.shop]
namespace = "shop"
selector = { app = "shop" }
ports = [{ name = "http", number = 80 }]
from = ["east-mesh"]
to = ["west-mesh"]
service_accounts = ["shop"]
`, version, install, f.defaults, trust, f.east, f.west)
}

// release is a version of the minor that Istio's charts belong to: they can behave as each one before it.
func release() string {
	profiles, err := fs.Glob(manifests.FS, "charts/"+istiodPath+"/files/profile-compatibility-version-*.yaml")
	if err != nil {
		panic(err)
	}
	latest := 0
	for _, profile := range profiles {
		minor := 0
		if _, err := fmt.Sscanf(filepath.Base(profile), "profile-compatibility-version-1.%d.yaml", &minor); err != nil {
			panic(err)
		}
		latest = max(latest, minor)
	}
	return fmt.Sprintf("1.%d.1", latest+1)
}

// build compiles the federation, and gives the directory of what installs east's istiod.
func (f federation) build(t *testing.T, install string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"east.pem", "west.pem"} {
		write(t, filepath.Join(dir, name), root(t, name))
	}
	file := filepath.Join(dir, "federation.toml")
	write(t, file, []byte(f.text(install)))
	run(t, "build", "-f", file, "-o", filepath.Join(dir, "out"))
	return filepath.Join(dir, "out-install", "east-cluster")
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func run(t *testing.T, arguments ...string) {
	t.Helper()
	binary := os.Getenv("MESHFEDC")
	if binary == "" {
		t.Fatal("MESHFEDC does not name the compiler")
	}
	if _, err := exec.Command(binary, arguments...).Output(); err != nil {
		var exit *exec.ExitError
		errors.As(err, &exit)
		t.Fatalf("meshfedc %v: %v\n%s", arguments, err, exit.Stderr)
	}
}

var roots = map[string][]byte{}

// root is a root certificate, whose key nobody keeps. Of one name there is one.
func root(t *testing.T, name string) []byte {
	t.Helper()
	if known := roots[name]; known != nil {
		return known
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(time.Now().UnixNano()),
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             time.Now(),
		NotAfter:              time.Now().Add(time.Hour),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	roots[name] = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return roots[name]
}
