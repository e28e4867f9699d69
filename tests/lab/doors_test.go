package lab_test

import (
	"os"
	"path/filepath"
	"testing"

	"meshfedc/lab/lab"
	"meshfedc/lab/oracle"
	"meshfedc/lab/world"
)

const doors = "testdata/doors/federation.toml"

// One of a network's two gateways dies. Who dials them, the client or its egress gateway, finds that out by failures and
// goes on with the other, by every way that the compiler has.
func TestDeadGateway(t *testing.T) {
	running := byName{start(t, doors)}
	t.Run("before", func(t *testing.T) { judge(t, running.Lab) })
	running.Shut(running.gateway("s-1"))
	for _, client := range []string{"direct", "entry-route", "slice-route", "entry-tls", "slice-tls"} {
		for _, export := range running.Federation.Exports {
			for _, port := range export.Ports {
				t.Run(client+" "+export.Name+" "+port.Name, func(t *testing.T) { running.recovers(t, client, export, port) })
			}
		}
	}
}

// recovers expects that five failures in a row of one address take it out, and one more at most that was on its way. Of 60
// calls about 30 try the dead one first if nothing does.
func (n byName) recovers(t *testing.T, client string, export *oracle.Export, port oracle.Port) {
	const calls = 60
	first := tallyPort(n.Lab, n.client(client), export, port, calls)
	after := tallyPort(n.Lab, n.client(client), export, port, calls)
	if first["failed"] > 6 || after["failed"] > 0 {
		t.Errorf("%v, then %v; wanted 6 failures at most, then none", first, after)
	}
	t.Logf("%d of %d calls fail, then %d of %d", first["failed"], calls, after["failed"], calls)
}

// All gateways of a network are away for a moment. To a client behind an egress gateway they are one address, and if it took
// that out it would have none: for 30 seconds after they are back. So there must be no rule for such a host.
func TestGatewaysComeBack(t *testing.T) {
	for name, row := range map[string]struct {
		rule   string
		failed int
	}{
		"as compiled": {"", 0},
		"with outlier detection for the only address": {`apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: host.mesh.global, namespace: apps}
spec:
  host: host.mesh.global
  trafficPolicy:
    outlierDetection: {consecutive5xxErrors: 5, interval: 10s, baseEjectionTime: 30s, maxEjectionPercent: 100}
`, 20},
	} {
		t.Run(name, func(t *testing.T) {
			trees := build(t, doors)
			if err := os.WriteFile(filepath.Join(trees, "entry-route", "apps", "rule.yaml"), []byte(row.rule), 0o644); err != nil {
				t.Fatal(err)
			}
			running := byName{lab.Start(t, plan(t, doors, trees), lab.Settings{})}
			gateways := []*world.Pod{running.gateway("s-1"), running.gateway("s-2")}
			client, export := running.client("entry-route"), running.export("host")
			for _, gateway := range gateways {
				running.Shut(gateway)
			}
			if got := tallyPort(running.Lab, client, export, export.Ports[1], 5); got["failed"] != 5 {
				t.Fatalf("%v; no gateway is there", got)
			}
			if row.failed > 0 {
				running.Ejects(client)
			}
			for _, gateway := range gateways {
				running.Open(gateway)
			}
			if got := tallyPort(running.Lab, client, export, export.Ports[1], 20); got["failed"] != row.failed {
				t.Errorf("%v; wanted %d failures", got, row.failed)
			}
		})
	}
}
