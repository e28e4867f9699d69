package lab_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"meshfedc/lab/lab"
	"meshfedc/lab/oracle"
	"meshfedc/lab/world"
)

// The compiler, from the environment.
func compiler() string { return os.Getenv("MESHFEDC") }

// compile runs the compiler over a federation, and reads the federation and what was written.
func compile(t testing.TB, source string) *world.World {
	t.Helper()
	trees := t.TempDir()
	if said, err := exec.Command(compiler(), "build", "-f", source, "-o", trees).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", source, err, said)
	}
	return plan(t, source, trees)
}

func plan(t testing.TB, source, trees string) *world.World {
	t.Helper()
	federation, err := oracle.Load(source)
	if err != nil {
		t.Fatal(err)
	}
	planned, err := world.Plan(federation, trees)
	if err != nil {
		t.Fatal(err)
	}
	return planned
}

// judge fails the test for each difference from the oracle.
func judge(t testing.TB, running *lab.Lab) {
	t.Helper()
	start := time.Now()
	verdict := running.Judge()
	for i, wrong := range verdict.Wrong {
		if i == 20 {
			t.Errorf("and %d more", len(verdict.Wrong)-i)
			break
		}
		t.Error(wrong)
	}
	t.Logf("%d pods, %d comparisons in %.1f s", len(running.Pods()), verdict.Compared, time.Since(start).Seconds())
}

// Every example does what its federation says, on real Envoys.
func TestExamples(t *testing.T) {
	sources, err := filepath.Glob(filepath.Join("..", "..", "examples", "*", "federation.toml"))
	if err != nil || len(sources) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, source := range sources {
		t.Run(filepath.Base(filepath.Dir(source)), func(t *testing.T) {
			judge(t, lab.Start(t, compile(t, source), lab.Settings{}))
		})
	}
}
