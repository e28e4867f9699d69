package lab_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
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

// Random federations do what they say. LAB_RANDOM is how many.
func TestRandom(t *testing.T) {
	seed := firstSeed(t)
	for i := range number(t, "LAB_RANDOM", 25) {
		t.Run(fmt.Sprint(seed+i), func(t *testing.T) {
			judge(t, start(t, randomFederation(t, seed+i)))
		})
	}
}
