package lab_test

import (
	"testing"

	"meshfedc/lab/lab"
)

const routers = "testdata/router/federation.toml"

// Hosts behind routers that know only port 443 and server names without underscores: called directly, by a view of the gateway
// itself, and by each form of egress gateway; merged, and mixed with a source that has no router. A router, a real HAProxy,
// passes exactly what has a Route.
func TestRouter(t *testing.T) {
	running := byName{start(t, routers)}
	judge(t, running.Lab)
	for _, client := range []string{"direct", "view", "entry", "slice", "tls"} {
		for _, export := range []string{"routed", "ordinary", "plain"} {
			for _, port := range running.export(export).Ports {
				source := map[string]string{"routed": "r-1", "ordinary": "x-1", "plain": "p-1"}[export]
				const calls = 24
				if got := tallyPort(running.Lab, running.client(client), running.export(export), port, calls); got[source] != calls {
					t.Errorf("%s to %s:%d: %v; wanted %d from %s", client, export, port.Number, got, calls, source)
				}
			}
		}
	}
}

// What somebody would leave out by hand, each of which a router forgives as little as the lab does.
func TestControlRouter(t *testing.T) {
	for name, row := range map[string]struct {
		edit  edit
		finds string
	}{
		"no names at a gateway without a router": {edit{"p-1/istio-system/router.yaml",
			"        - mixed-5433.mesh.global\n", "        - nobody.mesh.global\n"}, "direct/stranger/stranger-stranger calls mixed.mesh.global:5433"},
		"no name in a rule": {edit{"direct/apps/routed.mesh.global.yaml",
			"        sni: routed-5432.mesh.global\n", ""}, "direct/stranger/stranger-stranger calls routed.mesh.global:5432"},
		"no Route": {edit{"r-1/istio-system/router.yaml",
			"  host: routed-5432.mesh.global\n", "  host: nobody.mesh.global\n"}, "direct/stranger/stranger-stranger calls routed.mesh.global:5432"},
		"a Route that ends TLS": {edit{"r-1/istio-system/router.yaml",
			"    termination: passthrough\n", "    termination: edge\n"}, "direct/stranger/stranger-stranger calls routed.mesh.global:8080"},
		"the gateway's port behind an egress gateway": {edit{"entry/istio-system/egress-to-net-r.yaml",
			"number: 443\n", "number: 15443\n"}, "entry/stranger/stranger-stranger calls routed.mesh.global:5432"},
		"the gateway's port": {edit{"direct/istio-system/network-net-x.yaml",
			"    port: 443\n", "    port: 15443\n"}, "direct/stranger/stranger-stranger calls ordinary.apps.svc.cluster.local:8080"},
	} {
		t.Run(name, func(t *testing.T) {
			trees := build(t, routers)
			row.edit.apply(t, trees)
			mustFind(t, lab.Start(t, plan(t, routers, trees), lab.Settings{}), row.finds)
		})
	}
}
