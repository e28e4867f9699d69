// The lab's own tests: see README.md for what each proves, and run.sh for how they are run.
package lab_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"meshfedc/lab/lab"
	"meshfedc/lab/oracle"
	"meshfedc/lab/world"
)

// build compiles a federation to a directory of the test's own.
func build(t testing.TB, source string) string {
	t.Helper()
	trees := t.TempDir()
	if said, err := exec.Command(os.Getenv("MESHFEDC"), "build", "-f", source, "-o", trees).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", source, err, said)
	}
	return trees
}

// plan reads a federation and what it compiled to.
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

func start(t testing.TB, source string) *lab.Lab {
	t.Helper()
	return lab.Start(t, plan(t, source, build(t, source)), lab.Settings{})
}

func example(name string) string {
	return filepath.Join("..", "..", "examples", name, "federation.toml")
}

// edit is a change to a file of a tree, as a bug of the compiler would make it.
type edit struct {
	file     string
	from, to string
}

// apply fails the test where the text is not there: an edit that changes nothing would prove nothing.
func (e edit) apply(t testing.TB, trees string) {
	t.Helper()
	path := filepath.Join(trees, e.file)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), e.from) {
		t.Fatalf("%s has no %q", e.file, e.from)
	}
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(string(text), e.from, e.to)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// judge fails the test for each difference from the oracle.
func judge(t testing.TB, running *lab.Lab, except ...string) {
	t.Helper()
	verdict := running.Judge(except...)
	for i, wrong := range verdict.Wrong {
		if i == 20 {
			t.Errorf("and %d more", len(verdict.Wrong)-i)
			break
		}
		t.Error(wrong)
	}
	t.Logf("%d clusters, %d Envoys, %d comparisons", len(running.Sites), len(running.Pods()), verdict.Compared)
}

// tally makes calls, and counts who answered: clusters, or "failed".
func tally(running *lab.Lab, client *world.Pod, export *oracle.Export, calls int) map[string]int {
	answered := map[string]int{}
	for range calls {
		reply := running.Call(client, export, export.Ports[0])
		cluster, _, _ := strings.Cut(reply.Workload, "/")
		if reply.Status != 200 {
			cluster = "failed"
		}
		answered[cluster]++
	}
	return answered
}

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
