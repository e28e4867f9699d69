// The lab's own tests: see README.md for what each proves, and run.sh for how they are run.
package lab_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"meshfedc/lab/install"
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

// installations are those of federations that were asked for, by file and text.
var installations = map[string]*install.Installation{}

// installed is what meshfedc writes to install the istiods of a federation.
func installed(t testing.TB, source string) *install.Installation {
	t.Helper()
	text, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	key := source + "\n" + string(text)
	if installations[key] == nil {
		installation, err := install.Of(source, t.TempDir(), nil)
		if err != nil {
			t.Fatalf("%s: %v", source, err)
		}
		installations[key] = installation
	}
	return installations[key]
}

// plan reads a federation, what it compiled to, and what installs its istiods. The existing gateways of the named clusters
// have no network view.
func plan(t testing.TB, source, trees string, viewless ...string) *world.World {
	t.Helper()
	federation, err := oracle.Load(source)
	if err != nil {
		t.Fatal(err)
	}
	for _, cluster := range viewless {
		federation.Cluster(cluster).Gateway.View = false
	}
	planned, err := world.Plan(federation, trees, installed(t, source))
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

// byName finds what a federation of a test declares.
type byName struct{ *lab.Lab }

// caller is a client of a cluster, by namespace and account.
func (n byName) caller(cluster, namespace, account string) *world.Pod {
	for _, pod := range n.Pods() {
		if pod.Cluster.Name == cluster && pod.Role == world.Client && pod.Namespace == namespace && pod.Account == account {
			return pod
		}
	}
	panic(fmt.Sprintf("no client %s/%s in %s", namespace, account, cluster))
}

// client is a cluster's client that nobody names.
func (n byName) client(cluster string) *world.Pod { return n.caller(cluster, "stranger", "stranger") }

func (n byName) export(name string) *oracle.Export {
	for _, export := range n.Federation.Exports {
		if export.Name == name {
			return export
		}
	}
	panic("no export " + name)
}

// workload is the first of a cluster's that an export selects.
func (n byName) workload(cluster, export string) *world.Pod {
	for _, pod := range n.Pods() {
		if pod.Cluster.Name == cluster && pod.Workload != nil && slices.Contains(pod.Workload.Exports, n.export(export)) {
			return pod
		}
	}
	panic("no workload of " + export + " in " + cluster)
}

// gateway is a cluster's east-west gateway.
func (n byName) gateway(cluster string) *world.Pod {
	return n.Site(n.Federation.Cluster(cluster)).EastWest
}

// all expects every call of a cluster's client to end alike.
func (n byName) all(t *testing.T, cluster, export, wanted string) {
	t.Helper()
	n.allOf(t, n.client(cluster), export, wanted)
}

// allOf expects every call of a client to end alike.
func (n byName) allOf(t *testing.T, client *world.Pod, export, wanted string) {
	t.Helper()
	const calls = 30
	if got := tally(n.Lab, client, n.export(export), calls); got[wanted] != calls {
		t.Errorf("%s to %s: %v; wanted %d from %s", client.Key(), export, got, calls, wanted)
	}
}

// tally makes calls to an export's first port, and counts who answered: clusters, or "failed".
func tally(running *lab.Lab, client *world.Pod, export *oracle.Export, calls int) map[string]int {
	return tallyPort(running, client, export, export.Ports[0], calls)
}

func tallyPort(running *lab.Lab, client *world.Pod, export *oracle.Export, port oracle.Port, calls int) map[string]int {
	answered := map[string]int{}
	for range calls {
		reply := running.Call(client, export, port)
		cluster, _, _ := strings.Cut(reply.Workload, "/")
		if reply.Status != 200 {
			cluster = "failed"
			letSettle()
		}
		answered[cluster]++
	}
	return answered
}

// letSettle waits a moment after a failure: the threads of a proxy agree a little later that an address is out, and calls in
// between would count as if they did not.
func letSettle() { time.Sleep(20 * time.Millisecond) }

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
