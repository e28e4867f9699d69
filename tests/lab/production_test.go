package lab_test

import (
	"testing"
	"time"

	"meshfedc/lab/control"
	"meshfedc/lab/lab"
	"meshfedc/lab/oracle"
	"meshfedc/lab/world"
)

const production = "testdata/production/federation.toml"

// An application that answers is there, whatever it says; one that does not answer is left for others.
func TestFailures(t *testing.T) {
	f := failures{byName{start(t, production)}}
	t.Run("before", func(t *testing.T) { judge(t, f.Lab) })
	t.Run("500 to every call stays in", f.broken)
	t.Run("500 to every call is left where it counts", f.counted)
	t.Run("503 of everybody is everybody's own", f.overloaded)
	t.Run("a dead application is left", f.applicationDies)
	t.Run("a dead pod is left", f.podDies)
	t.Run("a dead application is not left without outlier detection", f.neverLeaves)
	t.Run("limits of connections are the proxy's", f.limited)
	t.Run("limits of connections are those of a gateway that has the rule, too", f.gatewayLimited)
	t.Run("a dead gateway is left", f.gatewayDies) // the last: it hurts the others
}

// A local pod that is not ready is left for the other networks, though it would answer.
func TestNotReady(t *testing.T) {
	planned := plan(t, production, build(t, production))
	there := byName{&lab.Lab{World: planned}}
	exports := []string{"unready", "unready-service"}
	for _, export := range exports {
		pod := there.workload("a-1", export)
		there.Site(pod.Cluster).Unready(pod)
	}
	f := failures{byName{lab.Start(t, planned, lab.Settings{})}}
	for _, export := range exports {
		if got := f.ended(export, 0, 40); got["a-1"][200] > 0 || got["b-1"][200]+got["c-1"][200] != 40 {
			t.Errorf("%s: %v; wanted 40 from b-1 and c-1", export, got)
		}
	}
}

// What is compiled says to whom it is visible, and does not leave that to the mesh. An application's own Service does:
// c-1, which serves one, does not hide.
func TestMeshThatHides(t *testing.T) {
	hides := lab.Settings{Options: func(site *world.Site, _ *control.Options) {
		if site.Cluster.Name != "c-1" {
			own, config := []string{"."}, site.Istiod.Config
			config.DefaultServiceExportTo, config.DefaultDestinationRuleExportTo, config.DefaultVirtualServiceExportTo = own, own, own
		}
	}}
	const everybody = "  exportTo:\n  - \"*\"\n"
	trees := build(t, production)
	edit{"a-1/apps/dies.mesh.global.yaml", everybody, ""}.apply(t, trees)
	f := failures{byName{lab.Start(t, plan(t, production, trees), hides)}}
	for _, export := range []string{"pod-dies", "limited", "renamed-service"} {
		if got := f.ended(export, 0, 20); got["a-1"][200]+got["b-1"][200]+got["c-1"][200] != 20 {
			t.Errorf("%s: %v; wanted 20 answers", export, got)
		}
	}
	if detection := f.Upstream(f.client("a-1"), f.export("pod-dies").Host, 8080).GetOutlierDetection(); detection == nil {
		t.Error("the DestinationRule is hidden")
	}
	f.all(t, "a-1", "dies", "failed")
}

type failures struct{ byName }

// ended counts how calls end: by status and cluster.
func (f failures) ended(export string, port, calls int) map[string]map[int]int {
	counts := map[string]map[int]int{"a-1": {}, "b-1": {}, "c-1": {}, "": {}}
	exported := f.export(export)
	for range calls {
		reply := f.Call(f.client("a-1"), exported, exported.Ports[port])
		cluster := ""
		if pod := f.pod(reply.Workload); pod != nil {
			cluster = pod.Cluster.Name
		}
		counts[cluster][reply.Status]++
		if reply.Status != 200 {
			letSettle()
		}
	}
	return counts
}

func (f failures) pod(key string) *world.Pod {
	for _, pod := range f.Pods() {
		if pod.Key() == key {
			return pod
		}
	}
	return nil
}

func (f failures) broken(t *testing.T) {
	f.Break(f.workload("b-1", "broken"), 500)
	for range 2 { // the second time after more failures than take an endpoint out
		got := f.ended("broken", 0, 100)
		if got["b-1"][500] < 20 || got["c-1"][200] < 20 || got["b-1"][500]+got["c-1"][200] != 100 {
			t.Errorf("%v; wanted about 50 times 500 from b-1 and the rest from c-1", got)
		}
	}
	if got := f.ended("neighbour", 0, 100); got["b-1"][200] < 20 || got["c-1"][200] < 20 {
		t.Errorf("%v; another host of that network is hurt", got)
	}
}

func (f failures) counted(t *testing.T) {
	f.Break(f.workload("b-1", "counted"), 500)
	if first := f.ended("counted", 0, 60); first["b-1"][500] > 6 {
		t.Errorf("%v; wanted 5 failures", first)
	}
	if after := f.ended("counted", 0, 20); after["c-1"][200] != 20 {
		t.Errorf("%v; wanted 20 from c-1", after)
	}
}

func (f failures) overloaded(t *testing.T) {
	f.Break(f.workload("b-1", "overloaded"), 503)
	f.Break(f.workload("c-1", "overloaded"), 503)
	f.ended("overloaded", 0, 30)
	if got := f.ended("overloaded", 0, 20); got["b-1"][503]+got["c-1"][503] != 20 {
		t.Errorf("%v; wanted the applications' own 503, 20 times", got)
	}
}

func (f failures) applicationDies(t *testing.T) {
	f.Kill(f.workload("b-1", "dies"))
	f.left(t, "dies", 0)
}

func (f failures) podDies(t *testing.T) {
	f.Bury(f.workload("b-1", "pod-dies"))
	for port := range f.export("pod-dies").Ports {
		f.left(t, "pod-dies", port)
	}
}

// left expects calls to leave b-1: five failures in a row take it out, and one more at most that was on its way.
func (f failures) left(t *testing.T, export string, port int) {
	t.Helper()
	if first := f.ended(export, port, 60); first["c-1"][200] < 54 {
		t.Errorf("port %d: %v; calls go on to who is dead", port, first)
	}
	if after := f.ended(export, port, 20); after["c-1"][200] != 20 {
		t.Errorf("port %d: %v; wanted 20 from c-1", port, after)
	}
}

// What the case above would be without: about half of the calls fail, for ever. Of those that are tried again some end
// well.
func (f failures) neverLeaves(t *testing.T) {
	f.Kill(f.workload("b-1", "never-leaves"))
	f.ended("never-leaves", 0, 40)
	client, host := f.client("a-1"), f.export("never-leaves")
	if detection := f.Upstream(client, host.Host, 8080).GetOutlierDetection(); detection != nil {
		t.Errorf("%v; wanted none", detection)
	}
}

func (f failures) limited(t *testing.T) {
	client, host := f.client("a-1"), f.export("limited")
	upstream := f.Upstream(client, host.Host, 8080)
	if upstream == nil {
		t.Fatalf("%s has no cluster of %s", client.Key(), host.Host)
	}
	if got := upstream.GetConnectTimeout().AsDuration(); got != 1500*time.Millisecond {
		t.Errorf("connect timeout %v; wanted 1.5s", got)
	}
	thresholds := upstream.GetCircuitBreakers().GetThresholds()
	if len(thresholds) == 0 || thresholds[0].GetMaxConnections().GetValue() != 7 || thresholds[0].GetMaxRequests().GetValue() != 11 {
		t.Errorf("%v; wanted 7 connections and 11 requests", thresholds)
	}
}

// b-1 serves the host and imports it, so its gateway gets the DestinationRule; c-1 serves it only.
func (f failures) gatewayLimited(t *testing.T) {
	host := f.export("limited-twice").Host
	for name, limited := range map[string]bool{"b-1": true, "c-1": false} {
		passed := f.PassedOn(f.gateway(name), host, 8080)
		if passed == nil {
			t.Errorf("the gateway of %s does not pass %s", name, host)
			continue
		}
		thresholds := passed.GetCircuitBreakers().GetThresholds()
		if got := len(thresholds) > 0 && thresholds[0].GetMaxConnections().GetValue() == 9; got != limited {
			t.Errorf("the gateway of %s: %v; wanted a limit of 9: %v", name, thresholds, limited)
		}
	}
}

// To a client behind the way to net-c nothing changes; of net-b, which it dials itself, the gateway goes. TCP is not tried
// again, so its callers see each failure.
func (f failures) gatewayDies(t *testing.T) {
	f.Shut(f.gateway("b-1"))
	for port := range f.export("gateway-dies").Ports {
		f.left(t, "gateway-dies", port)
	}
}

// The forms of manifests that the tests above are for, each spoiled.
func TestFailuresAreSeen(t *testing.T) {
	for name, bug := range map[string]struct {
		edit edit
		test func(failures) bool // all is well
	}{
		"500 counts": {edit{"a-1/apps/broken.mesh.global.yaml", "consecutive5xxErrors: 0", "consecutive5xxErrors: 5"},
			func(f failures) bool {
				f.Break(f.workload("b-1", "broken"), 500)
				f.ended("broken", 0, 60)
				return f.ended("broken", 0, 20)["b-1"][500] > 0
			}},
		"no limit": {edit{"a-1/apps/limited.mesh.global.yaml", "maxConnections: 7", "maxConnections: 8"},
			func(f failures) bool {
				upstream := f.Upstream(f.client("a-1"), f.export("limited").Host, 8080)
				return upstream.GetCircuitBreakers().GetThresholds()[0].GetMaxConnections().GetValue() == 7
			}},
		"no alias at the gateway": {edit{"c-1/istio-system/eastwest-gateway.yaml", "    - service.shop.example\n", ""},
			func(f failures) bool {
				alias := f.aliasOf("renamed-service")
				return f.Call(f.client("a-1"), alias, alias.Ports[0]).Status == 200
			}},
	} {
		t.Run(name, func(t *testing.T) {
			trees := build(t, production)
			bug.edit.apply(t, trees)
			if bug.test(failures{byName{lab.Start(t, plan(t, production, trees), lab.Settings{})}}) {
				t.Error("the lab does not see it")
			}
		})
	}
}

func (f failures) aliasOf(export string) *oracle.Export {
	for _, one := range f.Federation.Exports {
		if one.Alias && one.Of == export {
			return one
		}
	}
	panic("no alias of " + export)
}
