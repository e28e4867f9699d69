package lab_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"meshfedc/lab/lab"
)

const seedGateway = "west-cluster/istio-system/eastwest-gateway.yaml"

// What must go wrong, so that the lab is known to see it. Each is what somebody would write by hand.

// The procedure that meshfedc replaces has a listener for `*.local`: it leads to services that nobody exported.
func TestControlWildcardListenerExposes(t *testing.T) {
	trees := build(t, example("seed"))
	manifest := `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: eastwest-gateway
  namespace: istio-system
  labels:
    topology.istio.io/network: west-network
spec:
  gatewayClassName: istio
  listeners:
  - name: cross-network
    hostname: "*.local"
    port: 15443
    protocol: TLS
    tls:
      mode: Passthrough
      options:
        gateway.istio.io/listener-protocol: auto-passthrough
`
	if err := os.WriteFile(filepath.Join(trees, seedGateway), []byte(manifest), 0o644); err != nil {
		t.Fatal(err)
	}
	running := lab.Start(t, plan(t, example("seed"), trees), lab.Settings{})
	mustFind(t, running, "httpbin.httpbin.svc.cluster.local at")
}

// The network's label on the Gateway itself makes its listener pass hosts on its own account, and the same name on two
// servers of a port makes Envoy refuse the port.
func TestControlSameHostTwiceIsRejected(t *testing.T) {
	trees := build(t, example("seed"))
	edit{seedGateway, "  infrastructure:\n", "  infrastructure: # and once more, below\n"}.apply(t, trees)
	edit{seedGateway, "  name: eastwest-gateway\n  namespace: istio-system\n  labels:\n    app.kubernetes.io/managed-by: meshfedc\n    app.kubernetes.io/part-of: demo\nspec:\n  gatewayClassName",
		"  name: eastwest-gateway\n  namespace: istio-system\n  labels:\n    topology.istio.io/network: west-network\nspec:\n  gatewayClassName"}.apply(t, trees)
	running := lab.Start(t, plan(t, example("seed"), trees), lab.Settings{})
	mustFind(t, running, "refused configuration")
}

// An import from a network without a known gateway: Envoy refuses the endpoints.
func TestControlImportWithoutGatewayIsRejected(t *testing.T) {
	trees := build(t, example("seed"))
	if err := os.Remove(filepath.Join(trees, "east-cluster/istio-system/network-west-network.yaml")); err != nil {
		t.Fatal(err)
	}
	running := lab.Start(t, plan(t, example("seed"), trees), lab.Settings{})
	mustFind(t, running, "refused configuration")
}

func mustFind(t *testing.T, running *lab.Lab, wanted string) {
	t.Helper()
	verdict := running.Judge()
	for _, wrong := range verdict.Wrong {
		if strings.Contains(wrong, wanted) {
			t.Logf("found: %.200q", wrong)
			return
		}
	}
	t.Errorf("the lab does not find %q; it found %q", wanted, verdict.Wrong)
}

// Bugs that a compiler could have, one at a time. The lab must find each.
func TestMutations(t *testing.T) {
	for name, bug := range map[string]struct {
		example string
		edit    edit
	}{
		"no network label on a remote gateway": {"seed", edit{"east-cluster/istio-system/network-west-network.yaml",
			"    topology.istio.io/network: west-network\n", ""}},
		"no subjectAltNames": {"three-regions", edit{"virginia-1/payments/payments.mesh.example.com.yaml",
			"  subjectAltNames:\n  - \"spiffe://example.com/ns/payments/sa/payments\"\n", ""}},
		"a host pattern instead of exact hosts": {"seed", edit{seedGateway, "    - httpbin.mesh.global\n", "    - \"*\"\n"}},
		"no exact host":                         {"three-regions", edit{"mumbai-1/istio-system/eastwest-gateway.yaml", "    - cart.mesh.example.com\n", ""}},
		"no route": {"seed-egress", edit{"east-cluster/istio-system/egress-to-west-network.yaml",
			"      - outbound_.8000_._.httpbin.mesh.global\n", "      - outbound_.8001_._.httpbin.mesh.global\n"}},
		"no mTLS label on an entry": {"seed", edit{"east-cluster/httpbin/httpbin.mesh.global.yaml",
			"    security.istio.io/tlsMode: istio\n", ""}},
		"no weight": {"three-regions", edit{"mumbai-1/search/search.mesh.example.com.yaml", "  weight: 4\n", ""}},
		"no caller policy for a port": {"hub-and-spoke", edit{"hub-1/accounts/accounts.mesh.example.com.yaml",
			"        - \"8080\"\n", ""}},
		"no trust domain of a source": {"hub-and-spoke", edit{"hub-1/stock/stock.mesh.example.com.yaml",
			"  - \"spiffe://south.example.com/ns/stock/sa/stock\"\n", ""}},
		"a gateway's address lost": {"three-regions", edit{"mumbai-1/istio-system/network-frankfurt.yaml",
			"  - type: IPAddress\n    value: \"198.51.100.12\"\n", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			trees := build(t, example(bug.example))
			bug.edit.apply(t, trees)
			running := lab.Start(t, plan(t, example(bug.example), trees), lab.Settings{})
			verdict := running.Judge()
			if len(verdict.Wrong) == 0 {
				t.Fatalf("the lab compared %d things and found nothing", verdict.Compared)
			}
			t.Logf("found: %.200q", verdict.Wrong[0])
		})
	}
}
