package lab_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"meshfedc/lab/control"
	"meshfedc/lab/lab"
	"meshfedc/lab/network"
	"meshfedc/lab/pki"
	"meshfedc/lab/reach"
	"meshfedc/lab/world"
)

// What `trace` and `exposure` say of every example is what istiod generates.
func TestReachOfExamples(t *testing.T) {
	sources, err := filepath.Glob(example("*"))
	if err != nil || len(sources) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, source := range sources {
		t.Run(filepath.Base(filepath.Dir(source)), func(t *testing.T) { compareReach(t, source) })
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
		table, err := reach.Ask(planned, source, from, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		comparison := &reach.Comparison{World: planned, Planes: planes, Table: table, Meant: true}
		comparison.Run()
		for i, wrong := range comparison.Wrong {
			if i == 20 {
				t.Errorf("and %d more", len(comparison.Wrong)-i)
				break
			}
			t.Error(wrong)
		}
		t.Logf("%d clusters, %d comparisons", len(planned.Sites), comparison.Compared)
	}
}

// startPlanes starts an istiod for each cluster, without proxies.
func startPlanes(t *testing.T, planned *world.World) map[*world.Site]*control.Plane {
	t.Helper()
	fabric, err := network.New() // istiod looks up names at an address of its own
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fabric.Close)
	root, err := pki.NewRoot()
	if err != nil {
		t.Fatal(err)
	}
	planes := map[*world.Site]*control.Plane{}
	for _, site := range planned.Sites {
		planes[site] = startPlane(t, planned, site, root)
	}
	return planes
}

func startPlane(t *testing.T, planned *world.World, site *world.Site, root *pki.Authority) *control.Plane {
	t.Helper()
	mesh, err := root.Intermediate(site.Cluster.Mesh)
	if err != nil {
		t.Fatal(err)
	}
	options := control.Options{Root: mesh.Root, AcceptDomains: planned.Federation.ForeignDomains(site.Cluster.Mesh)}
	lab.ReadOthers(planned, site, &options)
	return control.Start(t, site, options)
}
