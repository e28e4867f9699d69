package lab_test

import (
	"testing"

	"meshfedc/lab/lab"
)

// What the compiler's design rests on, each on a host of its own. Some hosts' manifests are spoiled first, to see what
// the compiler's form of them is for.
func TestSettled(t *testing.T) {
	const source = "testdata/settled/federation.toml"
	trees := build(t, source)
	for _, spoil := range []edit{
		{"a-1/no-locality-setting/no-locality-setting.mesh.global.yaml",
			"    loadBalancer:\n      localityLbSetting:\n        enabled: false\n", ""},
		{"d-1/region-priority/region-priority.mesh.global.yaml",
			"        enabled: true\n", "        enabled: true\n        failoverPriority: [topology.kubernetes.io/region]\n"},
		{"d-1/wrong-identity/wrong-identity.mesh.global.yaml", "sa/server", "sa/somebody"},
		{"a-1/app-label/app-label.mesh.global.yaml",
			"    security.istio.io/tlsMode: istio\n", "    security.istio.io/tlsMode: istio\n    app: app-label\n"},
	} {
		spoil.apply(t, trees)
	}
	s := settled{byName{lab.Start(t, plan(t, source, trees), lab.Settings{})}}

	t.Run("everything that is not spoiled", func(t *testing.T) {
		judge(t, s.Lab, "no-locality-setting", "region-priority", "wrong-identity", "app-label")
	})
	t.Run("weights split calls", s.weights)
	t.Run("sources of a spread host share alike", s.spread)
	t.Run("without a locality setting calls stay in their zone", func(t *testing.T) { s.all(t, "a-1", "no-locality-setting", "a-1") })
	t.Run("nearest stays in the region", func(t *testing.T) { s.all(t, "d-1", "nearest", "b-1") })
	t.Run("failoverPriority by region does not", s.regionPriority)
	t.Run("who is nowhere stays at home", func(t *testing.T) { s.all(t, "e-1", "at-home", "e-1") })
	t.Run("who is nowhere and has none at home is equally near to all", s.nowhere)
	t.Run("a wrong identity is refused", func(t *testing.T) { s.all(t, "d-1", "wrong-identity", "failed") })
	t.Run("without names any identity passes", func(t *testing.T) { s.all(t, "d-1", "unnamed", "b-1") })
	t.Run("an app label lets the ordinary Service swallow the entry", s.appLabel)
	t.Run("calls leave a dead local workload", func(t *testing.T) { s.workloadDies(t, "local-dies") })
	t.Run("calls leave a dead workload among equals", func(t *testing.T) { s.workloadDies(t, "half-dies") })
	t.Run("a dead network's share moves", s.networkDies)
}

type settled struct{ byName }

// Of 200 calls at 9 to 1, 180 are expected, give or take 4.2; the bounds are exceeded less often than once in a
// million times, as are all of these tests.
func (s settled) weights(t *testing.T) {
	got := tally(s.Lab, s.client("a-1"), s.export("weighted"), 200)
	if got["b-1"] < 155 || got["b-1"] > 198 || got["b-1"]+got["a-1"] != 200 {
		t.Errorf("%v; wanted about 180 from b-1 and 20 from a-1", got)
	}
}

func (s settled) spread(t *testing.T) {
	got := tally(s.Lab, s.client("a-1"), s.export("spread"), 300)
	for _, cluster := range []string{"a-1", "b-1", "c-1"} {
		if got[cluster] < 58 || got[cluster] > 146 { // 100, give or take 8.2
			t.Errorf("%v; wanted about 100 from %s", got, cluster)
		}
	}
}

// Endpoints behind a gateway carry no region label, so none is preferred.
func (s settled) regionPriority(t *testing.T) {
	got := tally(s.Lab, s.client("d-1"), s.export("region-priority"), 60)
	if got["b-1"] < 10 || got["c-1"] < 10 {
		t.Errorf("%v; expected calls to both regions", got)
	}
}

// A client without a locality differs from each source alike.
func (s settled) nowhere(t *testing.T) {
	got := tally(s.Lab, s.client("e-1"), s.export("nearest"), 60)
	if got["b-1"] < 10 || got["c-1"] < 10 {
		t.Errorf("%v; expected calls to both regions", got)
	}
}

func (s settled) appLabel(t *testing.T) {
	client := s.client("a-1")
	spoiled, whole := s.export("app-label"), s.export("spread")
	if shares := s.Shares(client, spoiled.OrdinaryHost(), 8080); shares["net-b"] == 0 {
		t.Errorf("the spoiled entry is not an endpoint of %s: %v", spoiled.OrdinaryHost(), shares)
	}
	if shares := s.Shares(client, whole.OrdinaryHost(), 8080); shares["home"] != 1 {
		t.Errorf("%s leaves home: %v", whole.OrdinaryHost(), shares)
	}
}

// workloadDies kills the workload in a-1. Five failures in a row take it out, and each call that fails was tried three
// times.
func (s settled) workloadDies(t *testing.T, export string) {
	s.Kill(s.workload("a-1", export))
	client := s.client("a-1")
	first := tally(s.Lab, client, s.export(export), 60)
	if first["failed"] > 6 {
		t.Errorf("%v; calls go on to a dead workload", first)
	}
	if after := tally(s.Lab, client, s.export(export), 20); after["b-1"] != 20 {
		t.Errorf("%v; wanted 20 from b-1", after)
	}
}

func (s settled) networkDies(t *testing.T) {
	client, export := s.client("d-1"), s.export("network-dies")
	if before := tally(s.Lab, client, export, 60); before["b-1"] < 10 || before["c-1"] < 10 {
		t.Fatalf("%v; wanted calls to both networks", before)
	}
	for _, site := range s.Sites {
		if site.Cluster.Name == "b-1" {
			s.Shut(site.EastWest)
		}
	}
	if during := tally(s.Lab, client, export, 40); during["failed"] > 6 {
		t.Errorf("%v; calls go on to a dead network", during)
	}
	if after := tally(s.Lab, client, export, 20); after["c-1"] != 20 {
		t.Errorf("%v; wanted 20 from c-1", after)
	}
}
