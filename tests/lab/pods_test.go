package lab_test

import (
	"testing"

	"meshfedc/lab/lab"
)

const pods = "testdata/pods/federation.toml"

// Exports may select the same pods: under one port with the same callers, under ports of their own with others, all of them
// or some.
func TestSharedPods(t *testing.T) {
	running := byName{start(t, pods)}
	if one, other := running.workload("a-1", "web"), running.workload("a-1", "admin"); one != other {
		t.Errorf("%s and %s are not one pod", one.Key(), other.Key())
	}
	b := running.Federation.Cluster("b-1")
	if web, gold := running.Federation.Workloads(b, running.export("web")), running.Federation.Workloads(b, running.export("gold")); len(web) != 2 || len(gold) != 1 {
		t.Errorf("in b-1 web has %d pods, and gold %d; wanted 2, of which 1", len(web), len(gold))
	}
	judge(t, running.Lab)
}

// What the compiler refuses, or must not do, where exports meet. Each spoils the manifests as if it did.
func TestSharedPodsSpoiled(t *testing.T) {
	for name, spoiled := range map[string]struct {
		edit   edit
		wanted string
	}{
		// Callers on one port that are not the same: each list shuts out the other's.
		"lists that differ": {edit{"a-1/shop/legacy.mesh.global.yaml", "c.example/ns/front/sa/web", "c.example/ns/batch/sa/job"},
			"calls web.mesh.global:80: status 403"},
		"a list on the port of another export": {edit{"a-1/shop/admin.mesh.global.yaml", "        - \"9090\"\n", "        - \"8080\"\n"},
			"calls web.mesh.global:80: status 403"},
		"an entry that another export selects, too": {edit{"b-1/shop/web.mesh.global.yaml", "    security.istio.io/tlsMode: istio\n",
			"    security.istio.io/tlsMode: istio\n    app: silver\n"}, "of the calls to silver.mesh.global go to net-a"},
	} {
		t.Run(name, func(t *testing.T) {
			trees := build(t, pods)
			spoiled.edit.apply(t, trees)
			mustFind(t, lab.Start(t, plan(t, pods, trees), lab.Settings{}), spoiled.wanted)
		})
	}
}
