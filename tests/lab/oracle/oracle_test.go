package oracle

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func load(t *testing.T, text string) *Federation {
	t.Helper()
	path := filepath.Join(t.TempDir(), "federation.toml")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	federation, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return federation
}

const shop = `
version = 1
[federation]
name = "shop"
[defaults]
egress = { default = "gateway", net-b = "direct" }
[mesh.a]
[mesh.b]
[mesh.c]
egress = "direct"
[network.net-a]
[network.net-b]
[network.net-c]
[cluster.a-1]
mesh = "a"
network = "net-a"
locality = "r1/z1"
gateway.addresses = ["192.0.2.1", "192.0.2.9"]
[cluster.a-2]
mesh = "a"
network = "net-a"
locality = "r1/z2"
gateway.addresses = ["192.0.2.2"]
[cluster.b-1]
mesh = "b"
network = "net-b"
locality = "r2/z1"
gateway.addresses = ["192.0.2.3"]
[cluster.c-1]
mesh = "c"
network = "net-c"
locality = "r1/z9"
imports = ["pay"]
[export.pay]
namespace = "pay"
canonical_name = "pay"
ports = [{ name = "grpc-api", number = 90 }]
service_accounts = ["x", "y"]
`

func describeAnswers(f *Federation, cluster, export string) string {
	var rows []string
	for _, e := range f.Exports {
		if e.Name != export {
			continue
		}
		for _, answer := range f.Answers(Client{f.Cluster(cluster), "web", "shop"}, e) {
			rows = append(rows, fmt.Sprintf("%s %s %.4g", answer.Cluster.Name, answer.Way, answer.Share*100))
		}
	}
	return strings.Join(rows, ", ")
}

func TestAnswers(t *testing.T) {
	for _, row := range []struct{ roles, client, wanted string }{
		{`from = ["a"]` + "\n" + `to = ["c"]`, "c-1", "a-1 direct 66.67, a-2 direct 33.33"}, // three doors of one network
		{`from = ["a"]` + "\n" + `to = ["b"]`, "c-1", ""},
		{`from = ["a"]` + "\n" + `to = ["b"]`, "a-1", "a-1 home 100"},
		{`from = ["a"]` + "\n" + `to = ["*"]`, "b-1", "a-1 egress 66.67, a-2 egress 33.33"},
		{`from = ["b"]` + "\n" + `merge = ["a"]`, "a-1", "a-1 home 50, b-1 direct 50"}, // defaults, by network
		{`from = ["b"]` + "\n" + `merge = ["a"]` + "\n" + `weight = 3`, "a-1", "a-1 home 25, b-1 direct 75"},
		{`from = ["b"]` + "\n" + `merge = ["a"]` + "\n" + `prefer = "local"`, "a-1", "a-1 home 100, b-1 direct 0"},
		{`from = ["a", "b"]` + "\n" + `to = ["c"]` + "\n" + `prefer = "nearest"`, "c-1", "a-1 direct 66.67, a-2 direct 33.33, b-1 direct 0"},
		{`from = ["a", "b"]` + "\n" + `to = ["a"]`, "a-2", "a-2 home 50, b-1 direct 50"}, // not the other cluster of the own network
	} {
		if got := describeAnswers(load(t, shop+row.roles), row.client, "pay"); got != row.wanted {
			t.Errorf("%s: %s gets %q; wanted %q", row.roles, row.client, got, row.wanted)
		}
	}
}

func TestAcceptedIdentities(t *testing.T) {
	federation := load(t, strings.Replace(shop, "[mesh.b]\n", "[mesh.b]\ntrust_domain = \"td.b\"\n", 1)+"from = [\"b\"]\nmerge = [\"a\"]\n")
	wanted := []string{"spiffe://cluster.local/ns/pay/sa/x", "spiffe://cluster.local/ns/pay/sa/y", "spiffe://td.b/ns/pay/sa/x", "spiffe://td.b/ns/pay/sa/y"}
	if got := federation.Accepted(federation.Cluster("a-1"), federation.Exports[0]); !reflect.DeepEqual(got, wanted) {
		t.Errorf("%v; wanted %v", got, wanted)
	}
	if got := federation.Accepted(federation.Cluster("b-1"), federation.Exports[0]); got != nil {
		t.Errorf("%v; the exporter itself demands nothing", got)
	}
	aliases := load(t, strings.Replace(shop, "[mesh.b]\n", "[trust]\ndomains = \"aliases\"\n[mesh.b]\ntrust_domain = \"td.b\"\n", 1)+
		"from = [\"a\", \"b\"]\nto = [\"a\", \"b\"]\nat.b.service_accounts = [\"z\"]\n")
	wanted = append(wanted[:2:2], "spiffe://td.b/ns/pay/sa/x", "spiffe://td.b/ns/pay/sa/y", "spiffe://td.b/ns/pay/sa/z")
	if got := aliases.Accepted(aliases.Cluster("a-1"), aliases.Exports[0]); !reflect.DeepEqual(got, wanted) {
		t.Errorf("%v; wanted %v", got, wanted)
	}
	if got := federation.ForeignDomains("b"); !reflect.DeepEqual(got, []string{"cluster.local"}) {
		t.Errorf("%v; wanted what b is called from", got)
	}
}

// Aliases of a consumer take the place of the export's own; who serves others has all of them.
func TestAliasesOfPlaces(t *testing.T) {
	federation := load(t, shop+`from = ["a-1"]
merge = ["b"]
to = ["c"]
alias = ["one.example"]
at.b.alias = ["two.example"]
`)
	var got []string
	for _, cluster := range federation.Clusters {
		for _, export := range federation.Exports {
			if export.Alias && (federation.Local(cluster, export) || federation.Consumes(cluster, export)) {
				got = append(got, cluster.Name+" "+export.Host)
			}
		}
	}
	wanted := []string{"a-1 one.example", "a-1 two.example", "b-1 two.example", "c-1 one.example"}
	if !reflect.DeepEqual(got, wanted) {
		t.Errorf("%v; wanted %v", got, wanted)
	}
}

// A cluster's table wins over its mesh's, key by key, and either over the export's own.
func TestPlaces(t *testing.T) {
	federation := load(t, shop+`from = ["a"]
merge = ["b"]
to = ["c"]
at.a.namespace = "pay-a"
at.a.service_accounts = ["z"]
at.a-2.canonical_name = "pay-2"
at.a-2.targets = { grpc-api = 91 }
at.b.namespace = "pay-b"
at.b.share = { local = 80, net-a = 20 }
at.b.selector = { "service.istio.io/canonical-name" = "pay-of-b" }
at.c.share = { net-a = 100 }
`)
	export := federation.Exports[0]
	wanted := []string{"spiffe://cluster.local/ns/pay-a/sa/z", "spiffe://cluster.local/ns/pay-b/sa/x", "spiffe://cluster.local/ns/pay-b/sa/y"}
	if got := federation.Accepted(federation.Cluster("b-1"), export); !reflect.DeepEqual(got, wanted) {
		t.Errorf("%v; wanted %v", got, wanted)
	}
	if got := federation.Accepted(federation.Cluster("c-1"), export); !reflect.DeepEqual(got, wanted[:1]) {
		t.Errorf("%v; wanted %v", got, wanted[:1])
	}
	if got := describeAnswers(federation, "b-1", "pay"); got != "a-1 egress 13.33, a-2 egress 6.667, b-1 home 80" {
		t.Errorf("b: %s", got)
	}
	if got := describeAnswers(federation, "c-1", "pay"); got != "a-1 direct 66.67, a-2 direct 33.33" {
		t.Errorf("c: %s", got)
	}
	second := federation.Running(federation.Cluster("a-2"))[0]
	if second.Namespace != "pay-a" || second.Account != "z" || second.Labels[canonicalName] != "pay-2" || second.Ports()[1].Target != 91 {
		t.Errorf("%+v", second)
	}
	if third := federation.Workloads(federation.Cluster("b-1"), export); len(third) != 1 || third[0].Labels[canonicalName] != "pay-of-b" {
		t.Errorf("%+v", third)
	}
	if first := federation.Running(federation.Cluster("a-1"))[0]; first.Labels[canonicalName] != "pay" || first.Ports()[1].Target != 90 {
		t.Errorf("%+v", first)
	}
}

func TestCallers(t *testing.T) {
	federation := load(t, strings.Replace(shop, "[mesh.b]\n", "[mesh.b]\ntrust_domain = \"td.b\"\n", 1)+
		"from = [\"a\"]\nto = [\"*\"]\ncallers = [\"a/web/shop\", \"b/batch/*\"]\n")
	for _, row := range []struct {
		cluster, namespace, account string
		wanted                      bool
	}{
		{"a-1", "web", "shop", true},
		{"c-1", "web", "shop", true}, // of a's trust domain
		{"b-1", "web", "shop", false},
		{"b-1", "batch", "anyone", true},
		{"a-1", "batch", "anyone", false},
	} {
		client := Client{federation.Cluster(row.cluster), row.namespace, row.account}
		if got := federation.Allowed(client, federation.Exports[0]); got != row.wanted {
			t.Errorf("%s: %t; wanted %t", client.Identity(), got, row.wanted)
		}
	}
}

func TestExposed(t *testing.T) {
	federation := load(t, shop+"from = [\"a\"]\nmerge = [\"c\"]\nto = [\"b\"]\n")
	for _, row := range []struct {
		cluster, host string
		port          int
		wanted        bool
	}{
		{"a-1", "pay.mesh.global", 90, true},
		{"a-1", "pay.mesh.global", AdminPort.Number, false},
		{"a-1", "pay.pay.svc.cluster.local", 90, false},
		{"c-1", "pay.mesh.global", 90, false}, // has workloads, for itself only
	} {
		if got := federation.Exposed(federation.Cluster(row.cluster), row.host, row.port); got != row.wanted {
			t.Errorf("%s:%d at %s: %t; wanted %t", row.host, row.port, row.cluster, got, row.wanted)
		}
	}
}

// A client without a locality is as far from every place that has one, and nearest to what has none: its own workloads.
func TestNowhere(t *testing.T) {
	nowhere := strings.Replace(shop, "locality = \"r1/z9\"\n", "", 1) + "prefer = \"nearest\"\nfrom = [\"a\", \"b\"]\n"
	if got := describeAnswers(load(t, nowhere+"merge = [\"c\"]\n"), "c-1", "pay"); got != "a-1 direct 0, a-2 direct 0, b-1 direct 0, c-1 home 100" {
		t.Errorf("with workloads of its own: %s", got)
	}
	if got := describeAnswers(load(t, nowhere+"to = [\"c\"]\n"), "c-1", "pay"); got != "a-1 direct 33.33, a-2 direct 16.67, b-1 direct 50" {
		t.Errorf("without any: %s", got)
	}
}

// The gateways of a and b send on what arrives where they have no view; c has no gateway.
func TestViews(t *testing.T) {
	source := strings.ReplaceAll(shop, "gateway.addresses", "gateway.deploy = false\ngateway.selector = { istio = \"x\" }\ngateway.addresses")
	source = strings.Replace(source, "192.0.2.1\", \"192.0.2.9", "192.0.2.1", 1) + "from = [\"a-1\", \"a-2\", \"b\"]\nto = [\"b\", \"c\"]\n"
	federation := load(t, source)
	for name, wanted := range map[string]bool{"a-1": false, "a-2": false, "b-1": true} {
		cluster := federation.Cluster(name)
		if got := federation.NeedsView(cluster); got != wanted || cluster.Gateway.View != wanted {
			t.Errorf("%s: %t, %t; wanted %t", name, got, cluster.Gateway.View, wanted)
		}
	}
	if got := describeAnswers(federation, "c-1", "pay"); got != "a-1 direct 25, a-2 direct 25, b-1 direct 50" {
		t.Errorf("with views where they must be: %s", got)
	}
	federation.Cluster("b-1").Gateway.View = false
	if got := describeAnswers(federation, "c-1", "pay"); got != "a-1 direct 25, a-1 direct 12.5, a-2 direct 25, a-2 direct 12.5, b-1 direct 25" {
		t.Errorf("without a view in b: %s", got)
	}
}

func TestWorkloads(t *testing.T) {
	federation := load(t, shop+`from = ["a-1"]
to = ["c"]
[export.audit]
namespace = "pay"
selector = { app = "pay" }
ports = [{ name = "http", number = 80, target = 8080 }]
from = ["a-1"]
to = ["c"]
[export.part]
namespace = "pay"
selector = { app = "pay", tier = "part" }
ports = [{ name = "http", number = 80 }]
from = ["a-1"]
to = ["c"]
[export.elsewhere]
namespace = "elsewhere"
canonical_name = "pay"
ports = [{ name = "http", number = 80 }]
from = ["a-1"]
to = ["c"]
`)
	var rows []string
	for _, workload := range federation.Running(federation.Cluster("a-1")) {
		var exports []string
		for _, export := range workload.Exports {
			exports = append(exports, export.Name)
		}
		rows = append(rows, fmt.Sprintf("%s %s %v %d", workload.Key(), workload.Account, exports, len(workload.Ports())))
	}
	wanted := []string{"a-1/pay/audit x [audit pay] 3", "a-1/elsewhere/elsewhere default [elsewhere] 2", "a-1/pay/part x [audit part pay] 4"}
	if !reflect.DeepEqual(rows, wanted) {
		t.Errorf("%q; wanted %q", rows, wanted)
	}
	if got := federation.Running(federation.Cluster("c-1")); len(got) != 0 {
		t.Errorf("c only consumes, and has %d", len(got))
	}
}

// What [discover.*] finds is an export like any other; [export.*] of its name sets single keys.
func TestDiscovered(t *testing.T) {
	directory := t.TempDir()
	write := func(path, text string) {
		t.Helper()
		path = filepath.Join(directory, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("federation.toml", shop+`
[discover.apps]
manifests = ["k8s/**/*.yaml"]
selector = { shared = "yes" }
at = ["a"]
to = ["b"]
[export.web]
prefer = "local"
`)
	write("k8s/deep/web.yaml", `
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Service
  metadata: {name: web, namespace: shop, labels: {shared: "yes"}}
  spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: main}]}
- apiVersion: v1
  kind: Service
  metadata: {name: other, namespace: shop}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {serviceAccountName: clerk, containers: [{ports: [{name: main, containerPort: 8080}]}]}}}
`)
	federation, err := Load(filepath.Join(directory, "federation.toml"))
	if err != nil {
		t.Fatal(err)
	}
	web := federation.Exports[len(federation.Exports)-1]
	want := []Port{{Name: "http", Protocol: "http", Number: 80, Target: 8080}}
	if web.Host != "web.shop.svc.cluster.local" || web.Prefer != "local" || !reflect.DeepEqual(web.Ports, want) ||
		!reflect.DeepEqual(web.ServiceAccounts, []string{"clerk"}) || !reflect.DeepEqual(web.from, []string{"a"}) {
		t.Errorf("found %+v", web)
	}
}
