package lab_test

import (
	"testing"

	"meshfedc/lab/lab"
	"meshfedc/lab/oracle"
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

// All gateways of a network are away for a moment. A proxy that has only one address left, its egress gateway's, must not do
// without it for half a minute afterwards.
func TestGatewaysComeBack(t *testing.T) {
	running := byName{lab.Start(t, plan(t, doors, build(t, doors)), lab.Settings{})}
	for _, gateway := range []string{"s-1", "s-2"} {
		running.Shut(running.gateway(gateway))
	}
	client, export := running.client("entry-route"), running.export("host")
	if got := tallyPort(running.Lab, client, export, export.Ports[1], 5); got["failed"] != 5 {
		t.Fatalf("%v; no gateway is there", got)
	}
	for _, gateway := range []string{"s-1", "s-2"} {
		running.Open(running.gateway(gateway))
	}
	if got := tallyPort(running.Lab, client, export, export.Ports[1], 20); got["failed"] > 0 {
		t.Errorf("%v; the gateways are there again", got)
	}
}
