package lab_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	meshconfig "istio.io/api/mesh/v1alpha1"

	"meshfedc/lab/control"
	"meshfedc/lab/lab"
	"meshfedc/lab/world"
)

const trust = "testdata/trust/federation.toml"

// The compiler says which settings a mesh needs that is called from another trust domain. Without them calls are
// refused, with either they are not.
func TestTrustDomains(t *testing.T) {
	said, _ := exec.Command(os.Getenv("MESHFEDC"), "validate", "-f", trust).CombinedOutput()
	for _, setting := range []string{`trustDomains: ["east.example"]`, `trustDomainAliases: ["east.example"]`} {
		if !strings.Contains(string(said), setting) {
			t.Errorf("the compiler does not name %s:\n%s", setting, said)
		}
	}
	for name, row := range map[string]struct {
		change func(*meshconfig.MeshConfig)
		wanted string
	}{
		"neither":        {func(config *meshconfig.MeshConfig) { config.CaCertificates = nil }, "failed"},
		"caCertificates": {func(*meshconfig.MeshConfig) {}, "west-1"}, // so it is installed
		"trustDomainAliases": {func(config *meshconfig.MeshConfig) {
			config.CaCertificates, config.TrustDomainAliases = nil, []string{"east.example"}
		}, "west-1"},
	} {
		t.Run(name, func(t *testing.T) {
			running := lab.Start(t, plan(t, trust, build(t, trust)), lab.Settings{Options: func(site *world.Site, _ *control.Options) {
				if site.Cluster.Mesh == "west" {
					row.change(site.Istiod.Config)
				}
			}})
			byName{running}.all(t, "east-1", "accounts", row.wanted)
		})
	}
}

// The client demands the exporter's trust domain, and refuses its own.
func TestTrustDomainInNames(t *testing.T) {
	trees := build(t, trust)
	edit{"east-1/accounts/accounts.mesh.global.yaml", "spiffe://west.example/", "spiffe://east.example/"}.apply(t, trees)
	byName{lab.Start(t, plan(t, trust, trees), lab.Settings{})}.all(t, "east-1", "accounts", "failed")
}
