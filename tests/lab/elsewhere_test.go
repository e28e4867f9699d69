package lab_test

import (
	"strings"
	"testing"

	"meshfedc/lab/lab"
)

const elsewhere = "testdata/elsewhere/federation.toml"

// Gateways of their own namespaces, deployed and existing ones, and an egress gateway that was there before: who is called,
// by whom, and by which way is as if they were all where they are by default.
func TestGatewaysElsewhere(t *testing.T) {
	running := byName{start(t, elsewhere)}
	judge(t, running.Lab)
	// Of 200 calls 160 end in s, give or take 5.7.
	got := tally(running.Lab, running.client("c-1"), running.export("uneven"), 200)
	if got["s-1"] < 130 || got["s-1"] > 185 || got["s-1"]+got["t-1"] != 200 {
		t.Errorf("%v; wanted about 160 from s-1 and 40 from t-1", got)
	}
	t.Logf("%d of 200 calls end in s, %d in t", got["s-1"], got["t-1"])
}

// Objects that stand where the gateways are not do nothing, and the lab sees it.
func TestControlGatewaysElsewhere(t *testing.T) {
	for name, row := range map[string]struct {
		edit edit
		host string // that is then found to be wrong
	}{
		"a host that its gateway does not see": {edit{"s-1/hidden/hidden.mesh.global.yaml", "- istio-ingress\n", "- istio-system\n"}, "hidden"},
		"routes for another egress gateway":    {edit{"c-1/istio-egress/egress-to-net-s.yaml", "istio: egressgateway", "istio: other"}, "guarded"},
		"the way by a Service that is not there": {edit{"c-1/istio-system/network-net-t.yaml",
			"istio-egressgateway.istio-egress", "egress-gateway-istio.istio-egress"}, "uneven"},
		"a port that leads to another network": {edit{"c-1/istio-system/network-net-t.yaml", "15444", "15443"}, "uneven"},
	} {
		t.Run(name, func(t *testing.T) {
			trees := build(t, elsewhere)
			row.edit.apply(t, trees)
			verdict := lab.Start(t, plan(t, elsewhere, trees), lab.Settings{}).Judge()
			if !strings.Contains(strings.Join(verdict.Wrong, "\n"), row.host+".mesh.global") {
				t.Errorf("nothing is found to be wrong with %s: %q", row.host, verdict.Wrong)
			}
		})
	}
}
