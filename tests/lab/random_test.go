package lab_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"meshfedc/lab/lab"
	"meshfedc/lab/world"
)

// number is a whole number from the environment.
func number(t testing.TB, name string, absent int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return absent
	}
	value, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return value
}

// firstSeed is LAB_SEED, or one of its own for every run; it is printed, so that a run can be repeated.
func firstSeed(t testing.TB) int {
	seed := number(t, "LAB_SEED", int(rand.Uint32()))
	t.Logf("LAB_SEED=%d", seed)
	return seed
}

// The one key that the lab cannot carry: Istio's fake has its cluster domain built in.
var clusterDomain = regexp.MustCompile(`(?m)^cluster_domain = .*\n`)

// random writes one random federation, and compiles and plans it.
func random(t testing.TB, seed int) *world.World {
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
	return compile(t, source)
}

// Random federations do what they say, on real Envoys.
func TestRandom(t *testing.T) {
	seed := firstSeed(t)
	for i := range number(t, "LAB_RANDOM", 5) {
		t.Run(fmt.Sprint(seed+i), func(t *testing.T) {
			judge(t, lab.Start(t, random(t, seed+i), lab.Settings{}))
		})
	}
}
