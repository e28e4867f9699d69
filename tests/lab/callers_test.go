package lab_test

import (
	"os"
	"path/filepath"
	"testing"

	"meshfedc/lab/control"
	"meshfedc/lab/lab"
	"meshfedc/lab/world"
)

const callersSource = "testdata/callers/federation.toml"

// Callers are told apart by mesh, namespace and account wherever they are: where the export is served, merged, or only
// consumed. Some manifests are spoiled, to see what the compiler refuses to write.
func TestCallers(t *testing.T) {
	trees := build(t, callersSource)
	for _, spoil := range []edit{
		{"east-1/domain/domain.mesh.global.yaml", "east.example/ns/front/sa/web", "cluster.local/ns/front/sa/web"},
		{"east-1/whole-domain/whole-domain.mesh.global.yaml", "east.example/ns/front/sa/web", "cluster.local/*"},
	} {
		spoil.apply(t, trees)
	}
	policy := `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: bystander
  namespace: istio-system
spec:
  action: DENY
  selector:
    matchLabels:
      service.istio.io/canonical-name: bystander
  rules:
  - from:
    - source:
        notPrincipals:
        - cluster.local/ns/front/sa/nobody
    to:
    - operation:
        ports:
        - "8080"
`
	if err := os.WriteFile(filepath.Join(trees, "east-1/istio-system/policy.yaml"), []byte(policy), 0o644); err != nil {
		t.Fatal(err)
	}
	running := byName{lab.Start(t, plan(t, callersSource, trees), lab.Settings{})}

	t.Run("everything that is not spoiled", func(t *testing.T) { judge(t, running.Lab, "domain", "whole-domain", "bystander") })
	t.Run("cluster.local in an identity is the server's own domain", func(t *testing.T) {
		running.allOf(t, running.caller("plain-1", "front", "web"), "domain", "failed")
		running.allOf(t, running.caller("east-1", "front", "web"), "domain", "east-1")
	})
	t.Run("cluster.local for all of a domain is what it says", func(t *testing.T) {
		running.allOf(t, running.caller("plain-1", "front", "web"), "whole-domain", "east-1")
		running.allOf(t, running.client("plain-1"), "whole-domain", "east-1")
		running.allOf(t, running.caller("east-1", "front", "web"), "whole-domain", "failed")
	})
	t.Run("a policy in the root namespace holds in every namespace", func(t *testing.T) {
		running.all(t, "plain-1", "bystander", "failed")
	})
}

// Where the server's mesh takes other trust domains for aliases of its own, who is named is named in all of them.
func TestCallersByAlias(t *testing.T) {
	settings := lab.Settings{Options: func(site *world.Site, _ *control.Options) {
		if site.Cluster.Name == "east-1" {
			site.Istiod.Config.CaCertificates, site.Istiod.Config.TrustDomainAliases = nil, []string{"cluster.local", "west.example"}
		}
	}}
	running := byName{lab.Start(t, plan(t, callersSource, build(t, callersSource)), settings)}
	running.allOf(t, running.caller("east-1", "front", "web"), "domain", "east-1")
	running.allOf(t, running.caller("plain-1", "front", "web"), "domain", "east-1")
	running.allOf(t, running.caller("plain-1", "front", "another"), "domain", "failed")
}

// A caller that is named under another domain, or by less or more than it should be, is found.
func TestCallersSpoiled(t *testing.T) {
	for name, spoiled := range map[string]struct {
		edit   edit
		wanted string
	}{
		"another trust domain": {edit{"plain-1/at-plain/at-plain.mesh.global.yaml", "east.example/ns/batch", "cluster.local/ns/batch"},
			"calls at-plain.mesh.global"},
		"a whole namespace instead of an account": {edit{"east-1/at-others/at-others.mesh.global.yaml", "east.example/ns/front/sa/web", "east.example/ns/front/sa/*"},
			"east-1/front/front-another calls at-others.mesh.global"},
		"an account in any namespace": {edit{"east-1/at-others/at-others.mesh.global.yaml", "east.example/ns/front/sa/web", "\"*/sa/web\""},
			"calls at-others.mesh.global"},
		"no policy where it is merged": {edit{"west-1/at-others/at-others.mesh.global.yaml", "  action: DENY\n", "  action: AUDIT\n"},
			"not a listed caller"},
	} {
		t.Run(name, func(t *testing.T) {
			trees := build(t, callersSource)
			spoiled.edit.apply(t, trees)
			mustFind(t, lab.Start(t, plan(t, callersSource, trees), lab.Settings{}), spoiled.wanted)
		})
	}
}
