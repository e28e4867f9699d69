package lab_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"meshfedc/lab/reach"
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
			planned, table := reachOfCharts(t, source, filepath.Join("testdata/charts", way))
			for _, pod := range planned.Pods() {
				if pod.Role == world.Client {
					answered(t, table, pod, planned.Federation.Exports[0], "reached", map[string][]string{
						"east-cluster": {"east-cluster", "west-cluster"}, "west-cluster": {"west-cluster"}}[pod.Cluster.Name]...)
				}
			}
		})
	}
}

func reachOfCharts(t *testing.T, source, trees string) (*world.World, *reach.Table) {
	t.Helper()
	planned := plan(t, source, trees)
	comparison := compareWith(t, planned, source, trees)
	report(t, comparison)
	if comparison.Unknown > 0 {
		t.Errorf("%d answers are unknown: %v", comparison.Unknown, comparison.Fields)
	}
	return planned, comparison.Table
}

const behindRouters = "testdata/charts/router/federation.toml"

// byRouters is what becomes of calls by routers: a client, a host and a port, and the verdict with who answers.
var byRouters = map[string]string{
	"central-cluster/httpbin httpbin:8000":  "reached west-cluster:80",
	"central-cluster/ledger ledger:9000":    "reached west-cluster:9000",
	"central-cluster/ledger ledger:9001":    "reached west-cluster:9000", // of two rules the older one names the port
	"central-cluster/stranger httpbin:8000": "unreachable",               // no rule of other namespaces gives it a name
	"central-cluster/stranger ledger:9000":  "unreachable",
	"east-cluster/httpbin httpbin:8000":     "reached east-cluster:80 west-cluster:80",
	"east-cluster/quotes quotes:8000":       "reached south-cluster:8000 west-cluster:8000",
	"east-cluster/stranger httpbin:8000":    "partly east-cluster:80",
	"east-cluster/stranger quotes:8000":     "unreachable",
}

// So it is of the charts' form with OpenShift routers, and of mistakes in it; and calls through real routers end as `trace` says.
func TestReachOfChartsByRouters(t *testing.T) {
	for name, row := range map[string]struct {
		edits   []edit
		refused int // objects, by Istio's webhook
		calls   bool
		instead map[string]string
	}{
		"no mistake": {calls: true},
		"a name that no router knows": {calls: true,
			edits:   []edit{{"central-cluster/all.yaml", "sni: httpbin-8000.", "sni: httpbin-80."}},
			instead: map[string]string{"central-cluster/httpbin httpbin:8000": "unreachable"}},
		"a name that the egress gateway does not know": {
			edits:   []edit{{"east-cluster/all.yaml", "sni: quotes-8000.", "sni: quotes-80."}},
			instead: map[string]string{"east-cluster/quotes quotes:8000": "unreachable"}},
		"a Route to a port that the Service calls otherwise": {
			edits:   []edit{{"south-cluster/all.yaml", "targetPort: tls", "targetPort: tls-passthrough"}},
			instead: map[string]string{"east-cluster/quotes quotes:8000": "partly west-cluster:8000"}},
		"a filter for a listener that is not there": {
			edits:   []edit{{"south-cluster/all.yaml", "name: 0.0.0.0_15443", "name: 0.0.0.0_8443"}},
			instead: map[string]string{"east-cluster/quotes quotes:8000": "partly west-cluster:8000"}},
		"a rule whose TLS is not Istio's": {
			edits:   []edit{{"east-cluster/all.yaml", "mode: ISTIO_MUTUAL", "mode: SIMPLE"}},
			instead: map[string]string{"east-cluster/httpbin httpbin:8000": "refused", "east-cluster/quotes quotes:8000": "unreachable"}},
		"hosts of the egress gateway as the charts have them": { // beside the routers' names in sniHosts
			edits: []edit{
				{"east-cluster/all.yaml", "hosts: [httpbin-8000.mesh.global, quotes-8000.mesh.global]", `hosts: ["*.httpbin.mesh.global", "*.quotes.mesh.global"]`},
				{"east-cluster/all.yaml", "hosts: [httpbin-8000.mesh.global]", `hosts: ["*.httpbin.mesh.global"]`},
				{"east-cluster/all.yaml", "hosts: [quotes-8000.mesh.global]", `hosts: ["*.quotes.mesh.global"]`}},
			refused: 2,
			instead: map[string]string{"east-cluster/httpbin httpbin:8000": "partly east-cluster:80",
				"east-cluster/quotes quotes:8000": "unreachable"}},
	} {
		t.Run(name, func(t *testing.T) {
			directory := t.TempDir()
			if err := os.CopyFS(directory, os.DirFS(filepath.Dir(behindRouters))); err != nil {
				t.Fatal(err)
			}
			for _, one := range row.edits {
				one.apply(t, directory)
			}
			trees, refused := readApplied(t, behindRouters, directory).Admitted()
			if len(refused) != row.refused {
				t.Errorf("refused: %v", refused)
			}
			t.Run("configuration", func(t *testing.T) {
				admitted := t.TempDir()
				if err := trees.Write(admitted); err != nil {
					t.Fatal(err)
				}
				planned, table := reachOfCharts(t, behindRouters, admitted)
				byRouter(t, planned, table, row.instead)
			})
			if row.calls {
				t.Run("calls", func(t *testing.T) { callAll(t, behindRouters, trees) })
			}
		})
	}
}

// byRouter expects what is known of calls by routers, but for some.
func byRouter(t *testing.T, planned *world.World, table *reach.Table, instead map[string]string) {
	t.Helper()
	left := len(byRouters)
	for _, client := range planned.Pods() {
		for _, export := range planned.Federation.Exports {
			for _, port := range export.Ports {
				asked := fmt.Sprintf("%s/%s %s:%d", client.Cluster.Name, client.Namespace, export.Name, port.Number)
				wanted, known := byRouters[asked]
				if client.Role != world.Client || !known {
					continue
				}
				left--
				if other, changed := instead[asked]; changed {
					wanted = other
				}
				if got := toldBriefly(table.Answer(client, export.Host, port.Number)); got != wanted {
					t.Errorf("%s: %s; wanted %s", asked, got, wanted)
				}
			}
		}
	}
	if left != 0 {
		t.Errorf("%d calls are not made", left)
	}
}

// toldBriefly is an answer's verdict, and which ports of which clusters answer.
func toldBriefly(answer *reach.Answer) string {
	if answer == nil {
		return "no answer"
	}
	var ends []string
	for _, end := range answer.Ends {
		ends = append(ends, fmt.Sprintf("%s:%d", end.Cluster, end.Port))
	}
	slices.Sort(ends)
	return strings.Join(append([]string{answer.Verdict}, slices.Compact(ends)...), " ")
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
