package lab_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"meshfedc/lab/control"
	"meshfedc/lab/lab"
	"meshfedc/lab/network"
	"meshfedc/lab/reach"
	"meshfedc/lab/world"
)

// What `trace` and `exposure` say of every example, and of the lab's own federations, is what istiod generates.
func TestReachOfExamples(t *testing.T) {
	for _, pattern := range []string{example("*"), "testdata/*/federation.toml", "testdata/*/*/federation.toml"} {
		sources, err := filepath.Glob(pattern)
		if err != nil || len(sources) == 0 {
			t.Fatalf("no federations: %v", err)
		}
		for _, source := range sources {
			t.Run(filepath.Base(filepath.Dir(source)), func(t *testing.T) { compareReach(t, source) })
		}
	}
}

// So it is of manifests that were written by hand, without us. Their gateway passes every Service of its cluster.
func TestReachOfManifestsByHand(t *testing.T) {
	const source = "testdata/seed/federation.toml"
	for _, trees := range []string{"testdata/seed/direct", "testdata/seed/egress"} {
		t.Run(filepath.Base(trees), func(t *testing.T) {
			planned := plan(t, source, trees)
			comparison := compareWith(t, planned, source, trees)
			report(t, comparison)
			const secret = "outbound_.80_._.secret.secret.svc.cluster.local"
			if !comparison.Table.Passes("west-cluster", secret) {
				t.Errorf("the gateway is not said to pass %s", secret)
			}
		})
	}
}

// So it is of mistakes that random mutants rarely make.
func TestReachOfMistakes(t *testing.T) {
	const (
		payments  = "mumbai-1/payments/payments.mesh.example.com.yaml"
		frankfurt = "mumbai-1/istio-system/network-frankfurt.yaml"
		gateway   = "mumbai-1/istio-system/eastwest-gateway.yaml"
	)
	preferring := func(label string) []edit {
		return []edit{{payments, "- topology.istio.io/network\n", "- " + label + "\n"}}
	}
	source := example("three-regions")
	for name, edits := range map[string][]edit{
		"failover by cluster": preferring("topology.istio.io/cluster"),
		"failover by region":  preferring("topology.kubernetes.io/region"),
		"failover by zone":    preferring("topology.kubernetes.io/zone"),
		"an entry that selects all pods of a gateway's namespace": {
			{payments, "workloadSelector:\n    labels:\n      service.istio.io/canonical-name: payments\n", "workloadSelector: {}\n"},
			{payments, "namespace: payments\n", "namespace: istio-system\n"},
		},
		"a remote gateway with two addresses, of a class that is deployed": {
			{frankfurt, "gatewayClassName: istio-remote\n", "gatewayClassName: istio\n"},
			{gateway, "- cart.mesh.example.com\n", "- \"*.local\"\n"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			trees := build(t, source)
			for _, one := range edits {
				one.apply(t, trees)
			}
			report(t, compareWith(t, plan(t, source, trees), source, trees))
		})
	}
}

// So it is of random federations. LAB_REACH is how many.
func TestReachOfRandom(t *testing.T) {
	seed := number(t, "LAB_SEED", 1)
	for i := range number(t, "LAB_REACH", 25) {
		t.Run(fmt.Sprint(seed+i), func(t *testing.T) { compareReach(t, randomFederation(t, seed+i)) })
	}
}

// compareReach asks for what is published and for what is compiled in memory: they are the same objects.
func compareReach(t *testing.T, source string) {
	t.Helper()
	trees := build(t, source)
	planned := plan(t, source, trees)
	planes := startPlanes(t, planned)
	for _, from := range []string{trees, ""} {
		comparison := &reach.Comparison{World: planned, Planes: planes, Table: ask(t, planned, source, from), Meant: true}
		comparison.Run()
		if comparison.Unknown > 0 {
			t.Errorf("%d answers are unknown: %v", comparison.Unknown, comparison.Fields)
		}
		report(t, comparison)
	}
}

func ask(t *testing.T, planned *world.World, source, trees string) *reach.Table {
	t.Helper()
	table, err := reach.Ask(planned, source, trees, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// compareWith runs istiods of trees that are not what the source compiles to.
func compareWith(t *testing.T, planned *world.World, source, trees string) *reach.Comparison {
	t.Helper()
	for _, site := range planned.Sites {
		reach.Default(site.Objects)
	}
	comparison := &reach.Comparison{World: planned, Planes: startPlanes(t, planned), Table: ask(t, planned, source, trees)}
	comparison.Run()
	return comparison
}

func report(t *testing.T, comparison *reach.Comparison) {
	t.Helper()
	for i, wrong := range comparison.Wrong {
		if i == 20 {
			t.Errorf("and %d more", len(comparison.Wrong)-i)
			break
		}
		t.Error(wrong)
	}
	t.Logf("%d clusters, %d comparisons", len(comparison.World.Sites), comparison.Compared)
}

// startPlanes starts an istiod for each cluster, without proxies.
func startPlanes(t *testing.T, planned *world.World) map[*world.Site]*control.Plane {
	t.Helper()
	fabric, err := network.New() // istiod looks up names at an address of its own
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fabric.Close)
	planes := map[*world.Site]*control.Plane{}
	for _, site := range planned.Sites {
		planes[site] = startPlane(t, planned, site)
	}
	return planes
}

func startPlane(t *testing.T, planned *world.World, site *world.Site) *control.Plane {
	t.Helper()
	options := control.Options{}
	lab.ReadOthers(planned, site, &options)
	return control.Start(t, site, options)
}
