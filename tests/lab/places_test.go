package lab_test

import (
	"testing"

	"meshfedc/lab/lab"
)

const placesSource = "testdata/places/federation.toml"

// What differs by place, each on a host of its own. Some hosts' manifests are spoiled first, to see what the compiler's
// form of them is for.
func TestPlaces(t *testing.T) {
	trees := build(t, placesSource)
	for _, spoil := range []edit{
		{"c-1/wrong/wrong-namespace.mesh.global.yaml", "/ns/wrong-a/", "/ns/wrong/"},
		{"c-1/wrong/wrong-namespace.mesh.global.yaml", "/ns/wrong-b/", "/ns/wrong/"},
		{"a-1/lost/lost.mesh.global.yaml", "region-1: 80", "region-of-no-node: 80"},
	} {
		spoil.apply(t, trees)
	}
	p := places{settled{byName{lab.Start(t, plan(t, placesSource, trees), lab.Settings{})}}}

	t.Run("everything that is not spoiled", func(t *testing.T) { judge(t, p.Lab, "wrong-namespace", "lost", "local-dies") })
	t.Run("workloads of three namespaces answer", p.threeNamespaces)
	t.Run("an identity of the wrong namespace is refused", p.wrongNamespace)
	t.Run("80 to 20 between local and remote", func(t *testing.T) {
		p.share(t, "a-1", "split", map[string]int{"a-1": 80, "b-1": 20})
	})
	t.Run("the same of a Service", func(t *testing.T) {
		p.share(t, "a-1", "split-service", map[string]int{"a-1": 70, "c-1": 30})
	})
	t.Run("50 to 50 for one consumer", func(t *testing.T) {
		p.share(t, "c-1", "two-ways", map[string]int{"a-1": 50, "b-1": 50})
	})
	t.Run("and 90 to 10 for another", func(t *testing.T) {
		p.share(t, "d-1", "two-ways", map[string]int{"a-1": 90, "b-1": 10})
	})
	t.Run("weights of one consumer's own", func(t *testing.T) {
		p.share(t, "c-1", "weighted", map[string]int{"a-1": 50, "b-1": 50})
		p.share(t, "d-1", "weighted", map[string]int{"a-1": 10, "b-1": 90})
	})
	t.Run("a local share of a region that no pod is in is lost", func(t *testing.T) { p.all(t, "a-1", "lost", "b-1") })
	t.Run("calls leave a dead local workload", func(t *testing.T) { p.workloadDies(t, "local-dies") })
}

type places struct{ settled }

// Until both remote endpoints are left out, a call fails if each of its attempts ends at one of them.
func (p places) wrongNamespace(t *testing.T) {
	got := tally(p.Lab, p.client("c-1"), p.export("wrong-namespace"), 30)
	if got["c-1"] < 24 || got["c-1"]+got["failed"] != 30 {
		t.Errorf("%v; wanted c-1, but for some that fail", got)
	}
}

func (p places) threeNamespaces(t *testing.T) {
	got := tally(p.Lab, p.client("c-1"), p.export("pay"), 60)
	for _, cluster := range []string{"a-1", "b-1", "c-1"} {
		if got[cluster] < 5 {
			t.Errorf("%v; wanted some of them from %s", got, cluster)
		}
	}
}

// share expects percentages, give or take more than four standard deviations of 300 calls.
func (p places) share(t *testing.T, cluster, export string, percent map[string]int) {
	t.Helper()
	const calls, bound = 300, 36
	got := tally(p.Lab, p.client(cluster), p.export(export), calls)
	for source, wanted := range percent {
		if expected := calls * wanted / 100; got[source] < expected-bound || got[source] > expected+bound {
			t.Errorf("%s to %s: %v; wanted about %d from %s", cluster, export, got, expected, source)
		}
	}
}

// A share holds for a cluster's gateway, too: without the local one it has no endpoint, and lets nobody reach what the
// cluster serves.
func TestShareAtGateway(t *testing.T) {
	trees := build(t, placesSource)
	edit{"a-1/shut/shut.mesh.global.yaml", "region-1: 50", "region-of-no-node: 50"}.apply(t, trees)
	running := byName{lab.Start(t, plan(t, placesSource, trees), lab.Settings{})}
	if got := tally(running.Lab, running.client("d-1"), running.export("shut"), 60); got["a-1"] > 0 || got["b-1"] < 40 {
		t.Errorf("%v; wanted all from b-1, but for calls that found nobody behind the gateway of a-1", got)
	}
}
