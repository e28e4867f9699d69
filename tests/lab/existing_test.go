package lab_test

import (
	"strings"
	"testing"

	"meshfedc/lab/lab"
)

const existing = "testdata/existing/federation.toml"

// An existing gateway whose pods have a network view is like one of ours.
func TestExistingGateway(t *testing.T) {
	running := byName{start(t, existing)}
	judge(t, running.Lab)
	if passed := running.Passed(running.gateway("a-1")); passed > 0 {
		t.Errorf("the gateway sent %d connections on", passed)
	}
}

// Without the view it sends on what arrives for a host that its cluster serves and consumes, as a client there would: half of
// it, to the other source. What its cluster only serves, or prefers its own workloads of, stays.
func TestExistingGatewayWithoutView(t *testing.T) {
	planned := plan(t, existing, build(t, existing), "a-1")
	running := byName{lab.Start(t, planned, lab.Settings{})}
	judge(t, running.Lab)
	// Of 200 calls half come by a's gateway, and a quarter is answered there: 50, give or take 6.1.
	got := tally(running.Lab, running.client("c-1"), running.export("both"), 200)
	if got["a-1"] < 25 || got["a-1"] > 75 || got["a-1"]+got["b-1"] != 200 {
		t.Errorf("%v; wanted about 50 from a-1 and 150 from b-1", got)
	}
	before := running.Passed(running.gateway("a-1"))
	if before == 0 {
		t.Error("the gateway sent nothing on")
	}
	for _, export := range []string{"served", "local"} {
		tally(running.Lab, running.client("c-1"), running.export(export), 20)
	}
	if after := running.Passed(running.gateway("a-1")); after != before {
		t.Errorf("the gateway sent on %d connections to hosts that it should keep", after-before)
	}
}

// A view that is believed to be there, and is not, is found.
func TestControlExistingGatewayLostItsView(t *testing.T) {
	planned := plan(t, existing, build(t, existing))
	for _, site := range planned.Sites {
		if site.Cluster.Name == "a-1" {
			site.EastWest.NetworkView = ""
		}
	}
	running := byName{lab.Start(t, planned, lab.Settings{})}
	// The judge calls until both have answered, which two calls may do; of 60 calls every fourth is sent on.
	tally(running.Lab, running.client("c-1"), running.export("both"), 60)
	verdict := running.Judge()
	if !strings.Contains(strings.Join(verdict.Wrong, "\n"), "both.mesh.global") {
		t.Errorf("the lab does not find that calls are sent on; it found %q", verdict.Wrong)
	}
}
