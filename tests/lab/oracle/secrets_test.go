package oracle

import (
	"slices"
	"strings"
	"testing"
)

const reading = `
version = 1
[federation]
name = "reading"
[mesh.m]
remote_secrets = true
[mesh.x]
[network.net-m]
[network.net-x]
[cluster.m-1]
mesh = "m"
network = "net-m"
gateway.addresses = ["192.0.2.1"]
[cluster.m-2]
mesh = "m"
network = "net-m"
gateway.addresses = ["192.0.2.2"]
[cluster.x-1]
mesh = "x"
network = "net-x"
gateway.addresses = ["192.0.2.3"]
gateway.deploy = false
gateway.selector = { a = "b" }
gateway.passes = ["*.local"]
[export.pay]
namespace = "pay"
selector = { app = "pay" }
ports = [{ name = "http", number = 8080 }]
service_accounts = ["server"]
visible_to = ["viewers"]
`

// What is merged beside an importer is its own if it is a Service, which is one in the whole mesh.
func TestMergedBeside(t *testing.T) {
	const roles = "from = [\"x\"]\nmerge = [\"m-1\"]\nto = [\"m-2\"]\n"
	global := load(t, reading+roles)
	if got := describeAnswers(global, "m-2", "pay"); strings.Contains(got, "m-1") {
		t.Errorf("%s; an importer's entry has no selector", got)
	}
	service := load(t, reading+"naming = \"service\"\nalias = [\"pay.shop.example\"]\n"+roles)
	for _, export := range service.Exports {
		if found := service.Found(service.Cluster("m-2"), export); !slices.Equal(found, []*Cluster{service.Cluster("m-1")}) {
			t.Errorf("%s: found in %v; wanted m-1", export.Name, found)
		}
	}
}

// What is merged beside those that serve answers callers of other meshes, with its own account, by any of the hosts.
func TestMergedBesideServers(t *testing.T) {
	const roles = "from = [\"m-1\"]\nmerge = [\"m-2\"]\nto = [\"x\"]\n"
	oneDoor := strings.Replace(reading, "gateway.addresses = [\"192.0.2.2\"]\n", "", 1)
	federation := load(t, oneDoor+roles+"at.x.alias = [\"pay.x.example\"]\nat.m-2.service_accounts = [\"own\"]\n")
	wanted := []string{"spiffe://cluster.local/ns/pay/sa/own", "spiffe://cluster.local/ns/pay/sa/server"}
	for _, export := range federation.Exports {
		client := Client{Cluster: federation.Cluster("x-1"), Namespace: "viewers"}
		if accepted := federation.Accepted(client.Cluster, export); !slices.Equal(accepted, wanted) {
			t.Errorf("%s: accepted are %v; wanted %v", export.Name, accepted, wanted)
		}
		answers := federation.Answers(client, export)
		if len(answers) != 2 || answers[1].Cluster.Name != "m-2" || answers[1].Share != 0.5 {
			t.Errorf("%s: answers are %v; wanted half by m-2", export.Name, answers)
		}
	}
}

// Pods of other clusters on the own network are no import to who has pods.
func TestPodsOfTheOwnNetwork(t *testing.T) {
	served := load(t, reading+"from = [\"m\"]\nto = [\"m\", \"x\"]\n")
	own, export := served.Cluster("m-1"), served.Exports[0]
	if accepted := served.Accepted(own, export); accepted != nil {
		t.Errorf("%v; istiod knows whom to accept", accepted)
	}
	if !served.Visible(Client{Cluster: own, Namespace: "stranger"}, export) {
		t.Error("pods of its own are not visible to m-1")
	}
	beside := load(t, reading+"from = [\"m-1\"]\nto = [\"m-2\"]\n")
	other, export := beside.Cluster("m-2"), beside.Exports[0]
	if accepted := beside.Accepted(other, export); len(accepted) != 1 {
		t.Errorf("%v; wanted the one of m-1", accepted)
	}
	if beside.Visible(Client{Cluster: other, Namespace: "stranger"}, export) {
		t.Error("what m-2 imports is visible to strangers")
	}
}

// Others pass what the gateway's cluster imports, unless the gateway has a view.
func TestPassedOn(t *testing.T) {
	hidden := load(t, reading+"naming = \"service\"\nfrom = [\"m-1\"]\nto = [\"x\"]\n")
	if host := hidden.Exports[0].Host; hidden.Exposed(hidden.Cluster("x-1"), host, 8080) {
		t.Errorf("%s passes, though the gateway does not see it", host)
	}
	federation := load(t, strings.Replace(reading, "viewers", "istio-system", 1)+"naming = \"service\"\nfrom = [\"m-1\"]\nto = [\"m-2\", \"x\"]\n")
	gateway := federation.Cluster("x-1")
	if host := federation.Exports[0].Host; !federation.Exposed(gateway, host, 8080) {
		t.Errorf("%s does not pass", host)
	}
	gateway.Gateway.View = true
	if host := federation.Exports[0].Host; federation.Exposed(gateway, host, 8080) {
		t.Errorf("%s passes", host)
	}
	beside := federation.Cluster("m-2").Gateway
	beside.Passes, beside.View = []string{"*.local"}, true
	if host := federation.Exports[0].Host; !federation.Exposed(federation.Cluster("m-2"), host, 8080) {
		t.Errorf("%s does not pass beside its pods", host)
	}
}

// Entries of all clusters of a mesh count, for they read each other: for a Service each, for another host the own and one more.
func TestEntriesOfOthers(t *testing.T) {
	const roles = "from = [\"m\", \"x\"]\nto = [\"m\"]\nweight = 3\n"
	const more = "[cluster.m-3]\nmesh = \"m\"\nnetwork = \"net-m\"\ngateway.addresses = [\"192.0.2.4\"]\n"
	for naming, wanted := range map[string]int{"service": 9, "global": 6} {
		federation := load(t, reading+roles+"naming = \""+naming+"\"\n"+more)
		if got := federation.counts(federation.Cluster("m-1"), federation.Exports[0], "net-x"); got != wanted {
			t.Errorf("%s: net-x counts %d; wanted %d", naming, got, wanted)
		}
	}
	alone := load(t, reading+"from = [\"x\"]\nto = [\"m\"]\n")
	if got := alone.counts(alone.Cluster("m-1"), alone.Exports[0], "net-x"); got != 1 {
		t.Errorf("net-x counts %d; an entry of a host without pods is in its ServiceEntry", got)
	}
}
