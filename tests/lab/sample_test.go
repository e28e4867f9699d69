package lab_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"meshfedc/lab/oracle"
	"meshfedc/lab/reach"
	"meshfedc/lab/world"
)

// sample is a file below Istio's samples, as its Go module has them.
func sample(t *testing.T, path string) []world.Object {
	t.Helper()
	module, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "istio.io/istio").Output()
	if err != nil {
		t.Fatal(err)
	}
	directory := t.TempDir()
	text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(module)), "samples", path))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(directory, "sample.yaml"), text, 0o644); err != nil {
		t.Fatal(err)
	}
	objects, err := world.ReadTree(directory)
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

// sampleSource is the federation that Istio's multi-primary sample on two networks is: the Service of its application in both
// clusters, which read each other, behind gateways that were there before.
const sampleSource = `version = 1
[federation]
name = "sample"
[defaults]
istio = "1.31"
mtls = "strict"
[mesh.mesh1]
remote_secrets = true
[network.network1]
[network.network2]
[cluster.cluster1]
mesh = "mesh1"
network = "network1"
gateway = { addresses = ["192.0.2.1"], deploy = false, name = "istio-eastwestgateway", selector = { istio = "eastwestgateway" }, view = true }
[cluster.cluster2]
mesh = "mesh1"
network = "network2"
gateway = { addresses = ["192.0.2.2"], deploy = false, name = "istio-eastwestgateway", selector = { istio = "eastwestgateway" }, view = true }
[export.%s]
naming = "service"
namespace = "sample"
selector = { app = "%s" }
ports = [{ name = "%s", number = %v }]
from = ["mesh1"]
to = ["mesh1"]
service_accounts = ["server"]
`

// What `trace` says of Istio's own multicluster sample is what istiod generates for it: both clusters answer both, by the
// gateways that expose-services.yaml opens; without that file each is left with its own pods.
func TestReachOfMulticlusterSample(t *testing.T) {
	var service world.Object
	for _, object := range sample(t, "helloworld/helloworld.yaml") {
		if object.Kind() == "Service" {
			service = object
		}
	}
	spec := service["spec"].(map[string]any)
	port := spec["ports"].([]any)[0].(map[string]any)
	app := spec["selector"].(map[string]any)["app"]
	source := filepath.Join(t.TempDir(), "federation.toml")
	text := fmt.Sprintf(sampleSource, service.Name(), app, port["name"], port["port"])
	if err := os.WriteFile(source, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	exposed := sample(t, "multicluster/expose-services.yaml")
	for _, object := range exposed { // the guide applies it there
		object["metadata"].(map[string]any)["namespace"] = "istio-system"
	}
	for name, objects := range map[string][]world.Object{"exposed": exposed, "not exposed": {}} {
		t.Run(name, func(t *testing.T) {
			trees := t.TempDir()
			if err := (reach.Trees{"cluster1": objects, "cluster2": objects}).Write(trees); err != nil {
				t.Fatal(err)
			}
			planned := plan(t, source, trees)
			comparison := compareWith(t, planned, source, trees)
			report(t, comparison)
			verdict := map[string]string{"exposed": "reached", "not exposed": "partly"}[name]
			ends := map[string][]string{"exposed": {"cluster1", "cluster2"}}
			for _, pod := range planned.Pods() {
				if pod.Role == world.Client {
					answered(t, comparison.Table, pod, planned.Federation.Exports[0], verdict, ends[name]...)
				}
			}
		})
	}
}

// answered expects a verdict, and an answer from each of these clusters.
func answered(t *testing.T, table *reach.Table, client *world.Pod, export *oracle.Export, verdict string, clusters ...string) {
	t.Helper()
	answer := table.Answer(client, export.Host, export.Ports[0].Number)
	if answer == nil || answer.Verdict != verdict {
		t.Fatalf("%s calls %s: %+v; wanted %s", client.Key(), export.Host, answer, verdict)
	}
	for _, cluster := range clusters {
		if !slices.ContainsFunc(answer.Ends, func(end reach.End) bool { return end.Cluster == cluster }) {
			t.Errorf("%s calls %s: nobody of %s answers: %+v", client.Key(), export.Host, cluster, answer.Ends)
		}
	}
}
