package lab_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"meshfedc/lab/analyze"
	"meshfedc/lab/lab"
)

// The one key that the lab cannot carry: Istio's fake has its cluster domain built in.
var clusterDomain = regexp.MustCompile(`(?m)^cluster_domain = .*\n`)

// randomFederation writes one, and returns its main file.
func randomFederation(t testing.TB, seed int) string {
	t.Helper()
	directory := t.TempDir()
	if said, err := exec.Command(os.Getenv("RANDOM_FEDERATION"), fmt.Sprint(seed), directory).CombinedOutput(); err != nil {
		t.Fatalf("seed %d: %v\n%s", seed, err, said)
	}
	source := filepath.Join(directory, "federation.toml")
	text, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(source, clusterDomain.ReplaceAll(text, nil), 0o644); err != nil {
		t.Fatal(err)
	}
	return source
}

// Random federations do what they say, and Istio's own validation has nothing to say of them. LAB_RANDOM is how many.
func TestRandom(t *testing.T) {
	seed := number(t, "LAB_SEED", 1)
	for i := range number(t, "LAB_RANDOM", 25) {
		t.Run(fmt.Sprint(seed+i), func(t *testing.T) {
			source := randomFederation(t, seed+i)
			trees := build(t, source)
			validate(t, trees)
			judge(t, lab.Start(t, plan(t, source, trees), lab.Settings{}))
		})
	}
}

// validate shows every cluster's tree to Istio's webhook and analyzers.
func validate(t *testing.T, trees string) {
	t.Helper()
	clusters, err := filepath.Glob(filepath.Join(trees, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, cluster := range clusters {
		messages, err := analyze.Directory(cluster)
		if err != nil {
			t.Fatal(err)
		}
		for _, finding := range analyze.Findings(messages) {
			t.Errorf("%s: %s", filepath.Base(cluster), finding)
		}
	}
}
