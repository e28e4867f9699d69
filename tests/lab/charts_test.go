package lab_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"meshfedc/lab/world"
)

var throughGateway = regexp.MustCompile(`(?m)^egress.*\n`)

// What `trace` says of manifests in the shape that the published federation charts render is what istiod generates for them:
// half of the calls leave the cluster, directly and by the egress gateway.
func TestReachOfCharts(t *testing.T) {
	for _, way := range []string{"direct", "egress"} {
		t.Run(way, func(t *testing.T) {
			source := "testdata/charts/federation.toml"
			if way == "direct" {
				text, err := os.ReadFile(source)
				if err != nil {
					t.Fatal(err)
				}
				source = filepath.Join(t.TempDir(), "federation.toml")
				if err := os.WriteFile(source, throughGateway.ReplaceAll(text, nil), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			trees := filepath.Join("testdata/charts", way)
			planned := plan(t, source, trees)
			comparison := compareWith(t, planned, source, trees)
			report(t, comparison)
			if comparison.Unknown > 0 {
				t.Errorf("%d answers are unknown: %v", comparison.Unknown, comparison.Fields)
			}
			for _, pod := range planned.Pods() {
				if pod.Role == world.Client {
					answered(t, comparison.Table, pod, planned.Federation.Exports[0], "reached", map[string][]string{
						"east-cluster": {"east-cluster", "west-cluster"}, "west-cluster": {"west-cluster"}}[pod.Cluster.Name]...)
				}
			}
		})
	}
}

// Trees that others made of federations: LAB_TREES is a directory of folders, each with federation.toml and the clusters' trees.
func TestReachOfTrees(t *testing.T) {
	trees := os.Getenv("LAB_TREES")
	if trees == "" {
		t.Skip("LAB_TREES is not set")
	}
	sources, err := filepath.Glob(filepath.Join(trees, "*", "federation.toml"))
	if err != nil || len(sources) == 0 {
		t.Fatalf("no federations below %s: %v", trees, err)
	}
	for _, source := range sources {
		trees := filepath.Dir(source)
		t.Run(filepath.Base(trees), func(t *testing.T) { report(t, compareWith(t, plan(t, source, trees), source, trees)) })
	}
}
