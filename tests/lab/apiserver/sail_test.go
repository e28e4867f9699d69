package apiserver

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const istioDefinition = "testdata/istios.yaml"

const sailed = `version = 1
[federation]
name = "sail"
[defaults]
istio = "1.30.3"
install = "sail"
dns_capture = true
[mesh.east]
root = "root.pem"
[mesh.west]
root = "root.pem"
[network.east]
[network.west]
[cluster.east-1]
mesh = "east"
network = "east"
gateway.addresses = ["192.0.2.1"]
[cluster.west-1]
mesh = "west"
network = "west"
gateway.addresses = ["192.0.2.2"]
[export.web]
namespace = "web"
selector = { app = "web" }
ports = [{ name = "http", number = 80 }]
from = ["west"]
to = ["east"]
service_accounts = ["web"]
`

// Keys that change what is written to install istiod, by what they are about.
var sailedKeys = map[string]string{
	"nothing more": "",
	"revision":     "[mesh.east]\nrevision = \"canary\"\n",
	"updates":      "install = { by = \"sail\", update = \"RevisionBased\" }\nrevision = \"prod-v1-30-3\"\n",
	"before 1.30":  "istio = \"1.29.6\"\nalpha_gateway_api = true\n",
	"namespace":    "[mesh.east]\nroot_namespace = \"mesh-system\"\n",
	"domain":       "cluster_domain = \"east.local\"\n",
	"trust domain": "[mesh.east]\ntrust_domain = \"east.example\"\n",
	"aliases":      "[mesh.east]\ntrust_domain = \"east.example\"\n[trust]\ndomains = \"aliases\"\n",
	"roots":        "[mesh.east]\ntrust_domain = \"east.example\"\n[trust]\nmode = \"roots\"\n",
	"istio-csr":    "[trust]\ncacerts = { from = \"istio-csr\", issuer = \"root\" }\n",
}

// withKeys adds keys to [defaults], and below a header to its table.
func withKeys(keys string) string {
	text, header := sailed, "[defaults]"
	for line := range strings.Lines(keys) {
		key, _, _ := strings.Cut(line, " = ")
		switch {
		case strings.HasPrefix(line, "["):
			header = strings.TrimSpace(line)
			if !strings.Contains(text, header) {
				text += header + "\n"
			}
		case header == "[defaults]" && strings.Contains(text, "\n"+key+" = "):
			before, rest, _ := strings.Cut(text, "\n"+key+" = ")
			_, after, _ := strings.Cut(rest, "\n")
			text = before + "\n" + line + after
		default:
			text = strings.Replace(text, header+"\n", header+"\n"+line, 1)
		}
	}
	return text
}

// sail compiles the federation, and gives the Istio object that installs a cluster's istiod.
func sail(t *testing.T, text, cluster string) Object {
	t.Helper()
	dir := t.TempDir()
	source, out := filepath.Join(dir, "federation.toml"), filepath.Join(dir, "out")
	if err := os.WriteFile(filepath.Join(dir, "root.pem"), root509(t), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(source, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Compile(os.Getenv("MESHFEDC"), "sail", source, out); err != nil {
		t.Fatal(err)
	}
	objects, err := ReadObjects(filepath.Join(out+"-install", cluster))
	if err != nil {
		t.Fatal(err)
	}
	for _, object := range objects {
		if object.Kind == "Istio" {
			return object
		}
	}
	t.Fatalf("no Istio object for %s", cluster)
	return Object{}
}

func root509(t *testing.T) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IsCA: true,
		BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// knowIstios installs the definition until the test ends.
func knowIstios(t *testing.T) {
	t.Helper()
	definitions, err := readDefinitions(istioDefinition)
	if err != nil {
		t.Fatal(err)
	}
	if err := lab.server.Install(definitions); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := lab.server.Uninstall(definitions); err != nil {
			t.Error(err)
		}
	})
}

// What is written for the Sail operator is accepted as it stands, whatever it says.
func TestIstioObjectsAreAccepted(t *testing.T) {
	for name, keys := range sailedKeys {
		for _, cluster := range []string{"east-1", "west-1"} {
			t.Run(name+" "+cluster, func(t *testing.T) {
				knowIstios(t) // anew: the namespace of an object cannot be changed
				accepted(t, []Object{sail(t, withKeys(keys), cluster)})
			})
		}
	}
}

// And what is wrong is refused.
func TestWrongIstioObjectsAreRefused(t *testing.T) {
	knowIstios(t)
	for name, row := range map[string]struct {
		path    string
		value   any
		finding string
	}{
		"version":   {"spec.version", "v1.30.99", "Unsupported value"},
		"strategy":  {"spec.updateStrategy", map[string]any{"type": "Recreate"}, "Unsupported value"},
		"namespace": {"spec.values.global.istioNamespace", "another", "must match spec.namespace"},
		"key":       {"spec.values.global.meshId", "east", "field not declared in schema"},
		"type":      {"spec.values.pilot", map[string]any{"env": map[string]any{"A": true}}, "expected string"},
		"two roots": {"spec.values.meshConfig.caCertificates", []any{map[string]any{"pem": "a", "spiffeBundleUrl": "b"}}, "At most one of"},
	} {
		t.Run(name, func(t *testing.T) {
			content := sail(t, sailed, "east-1").Content
			set(content, row.value, strings.Split(row.path, ".")...)
			text, err := json.Marshal(content)
			if err != nil {
				t.Fatal(err)
			}
			object, err := ParseObject(text)
			if err != nil {
				t.Fatal(err)
			}
			findings, err := lab.server.Findings([]Object{object})
			if err != nil {
				t.Fatal(err)
			}
			if said := fmt.Sprint(findings); len(findings) == 0 || !strings.Contains(said, row.finding) {
				t.Errorf("want %q, got %s", row.finding, said)
			}
		})
	}
}

func set(content map[string]any, value any, path ...string) {
	for _, key := range path[:len(path)-1] {
		if content[key] == nil {
			content[key] = map[string]any{}
		}
		content = content[key].(map[string]any)
	}
	content[path[len(path)-1]] = value
}
