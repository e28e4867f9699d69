package apiserver

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// One API server holds both clusters: each has a root namespace of its own.
const deployments = `
version = 1
[federation]
name = "deployments"
[defaults]
istio = "1.31"
dns_capture = true
mtls = "strict"
[mesh.steady]
root_namespace = "steady"
[mesh.elastic]
root_namespace = "elastic"
[network.steady-net]
[network.elastic-net]
[cluster.steady-1]
mesh = "steady"
network = "steady-net"
gateway = { addresses = ["198.51.100.10"], replicas = 3 }
[cluster.elastic-1]
mesh = "elastic"
network = "elastic-net"
gateway = { addresses = ["203.0.113.7"], replicas = { min = 2, max = 5 } }
egress = "gateway"
egress_gateway.replicas = 2
[export.cart]
namespace = "cart"
canonical_name = "cart"
ports = [{ name = "http", number = 8080 }]
from = ["steady", "elastic"]
to = ["elastic", "steady"]
service_accounts = ["cart"]
`

// Istiod's own controller makes of the Gateways what was asked for, and an autoscaler's decision holds.
func TestGatewaysAreDeployed(t *testing.T) {
	d := deploy(t, deployments)

	t.Run("a number sets replicas and a budget", func(t *testing.T) {
		d.becomes(t, "Deployment", "steady", "eastwest-gateway", 3.0, "spec", "replicas")
		d.becomes(t, "PodDisruptionBudget", "steady", "eastwest-gateway", 1.0, "spec", "maxUnavailable")
		d.isMissing(t, "HorizontalPodAutoscaler", "steady", "eastwest-gateway")
	})
	t.Run("so does that of an egress gateway", func(t *testing.T) {
		d.becomes(t, "Deployment", "elastic", "egress-gateway", 2.0, "spec", "replicas")
		d.becomes(t, "PodDisruptionBudget", "elastic", "egress-gateway", 1.0, "spec", "maxUnavailable")
	})
	t.Run("a range sets an autoscaler and a budget", func(t *testing.T) {
		d.becomes(t, "HorizontalPodAutoscaler", "elastic", "eastwest-gateway", 2.0, "spec", "minReplicas")
		d.becomes(t, "HorizontalPodAutoscaler", "elastic", "eastwest-gateway", 5.0, "spec", "maxReplicas")
		d.becomes(t, "PodDisruptionBudget", "elastic", "eastwest-gateway", 1.0, "spec", "maxUnavailable")
	})
	t.Run("what the autoscaler decides holds", d.scaledAlone)
	t.Run("replicas beside a range would not", d.scaledBack)
	t.Run("annotations that others add do not restart pods", d.annotated)
	t.Run("without its ConfigMap a Gateway is not deployed", d.orphan)
}

type deployed struct{ objects []Object }

// deploy applies the trees of a federation, with the controller running.
func deploy(t *testing.T, federation string) deployed {
	t.Helper()
	source := filepath.Join(t.TempDir(), "federation.toml")
	if err := os.WriteFile(source, []byte(federation), 0o600); err != nil {
		t.Fatal(err)
	}
	clusters := compile(t, "deployments", source)
	use(t, clusters[0].Bundle)
	deployer, err := lab.server.StartDeployer(os.Getenv("DEPLOYER"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		deployer.stop()
		if t.Failed() {
			t.Log(deployer.failure("said"))
		}
	})
	var d deployed
	for _, namespace := range []string{"istio-system", "steady", "elastic"} {
		d.store(t, "apiVersion: v1\nkind: Namespace\nmetadata: {name: "+namespace+"}\n")
	}
	for _, cluster := range clusters {
		for _, object := range cluster.Objects {
			if object.Kind == "Gateway" || object.Kind == "ConfigMap" {
				d.objects = append(d.objects, object)
				d.store(t, string(object.Text))
			}
		}
	}
	return d
}

func (d deployed) store(t *testing.T, text string) {
	t.Helper()
	object, err := ParseObject([]byte(text))
	if err == nil {
		err = lab.server.Store(object)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// text is what was compiled of one kind for a namespace.
func (d deployed) text(t *testing.T, kind, namespace, name string) string {
	t.Helper()
	for _, object := range d.objects {
		if strings.HasPrefix(object.APIVersion, groupOf[kind]) && object.Kind == kind && object.Namespace == namespace && object.Name == name {
			return string(object.Text)
		}
	}
	t.Fatalf("no %s %s/%s was compiled", kind, namespace, name)
	return ""
}

var groupOf = map[string]string{"ConfigMap": "v1", "Gateway": "gateway.networking.k8s.io/",
	"Deployment": "apps/v1", "HorizontalPodAutoscaler": "autoscaling/v2", "PodDisruptionBudget": "policy/v1"}

func (d deployed) stored(t *testing.T, kind, namespace, name string) map[string]any {
	t.Helper()
	content, err := lab.server.Stored(Object{APIVersion: groupOf[kind], Kind: kind, Namespace: namespace, Name: deployedName(name)})
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// deployedName is how Istio names what it makes of a Gateway of class istio.
func deployedName(gateway string) string { return gateway + "-istio" }

func field(content map[string]any, path ...string) any {
	var value any = content
	for _, key := range path {
		inner, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = inner[key]
	}
	return value
}

// becomes waits until a field of what the controller makes has a value.
func (d deployed) becomes(t *testing.T, kind, namespace, name string, wanted any, path ...string) {
	t.Helper()
	var seen any
	for deadline := time.Now().Add(settlesIn); time.Now().Before(deadline); time.Sleep(pollsEvery) {
		if seen = field(d.stored(t, kind, namespace, name), path...); seen == wanted {
			return
		}
	}
	t.Errorf("%s %s/%s: %s is %v; wanted %v", kind, namespace, name, strings.Join(path, "."), seen, wanted)
}

func (d deployed) isMissing(t *testing.T, kind, namespace, name string) {
	t.Helper()
	if content := d.stored(t, kind, namespace, name); content != nil {
		t.Errorf("there is a %s %s/%s: %v", kind, namespace, name, content["spec"])
	}
}

const autoscaled = 4.0

// scale is what an autoscaler does, and waits until it is done.
func (d deployed) scale(t *testing.T) {
	t.Helper()
	gateway := Object{APIVersion: "apps/v1", Kind: "Deployment", Namespace: "elastic", Name: deployedName("eastwest-gateway")}
	if err := lab.server.Scale(gateway, int(autoscaled)); err != nil {
		t.Fatal(err)
	}
	d.becomes(t, "Deployment", "elastic", "eastwest-gateway", autoscaled, "spec", "replicas")
}

// parameters puts a text in the place of another in the ConfigMap of an east-west gateway.
func (d deployed) parameters(t *testing.T, namespace, old, replacement string) {
	t.Helper()
	text := d.text(t, "ConfigMap", namespace, "eastwest-gateway-parameters")
	if !strings.Contains(text, old) {
		t.Fatalf("%q is not in\n%s", old, text)
	}
	d.store(t, strings.Replace(text, old, replacement, 1))
}

// The controller writes the deployment before the autoscaler: once it has written another maximum, it has had its say.
func (d deployed) scaledAlone(t *testing.T) {
	d.scale(t)
	d.parameters(t, "elastic", "maxReplicas: 5", "maxReplicas: 6")
	d.becomes(t, "HorizontalPodAutoscaler", "elastic", "eastwest-gateway", 6.0, "spec", "maxReplicas")
	d.becomes(t, "Deployment", "elastic", "eastwest-gateway", autoscaled, "spec", "replicas")
}

func (d deployed) scaledBack(t *testing.T) {
	d.scale(t)
	d.parameters(t, "elastic", "\ndata:\n", "\ndata:\n  deployment: |\n    spec:\n      replicas: 2\n")
	d.becomes(t, "Deployment", "elastic", "eastwest-gateway", 2.0, "spec", "replicas")
}

// Istio copies a Gateway's own annotations to its pods, which would restart them, unless it names some for them.
func (d deployed) annotated(t *testing.T) {
	const tracked = "metadata:\n  annotations:\n    example.com/tracked: \"1\"\n"
	text := strings.Replace(d.text(t, "Gateway", "steady", "eastwest-gateway"), "metadata:\n", tracked, 1)
	d.store(t, text)
	text = renamed(text, "copied")
	d.store(t, strings.Replace(text, "    annotations:\n      meshfedc.io/gateway: east-west\n", "", 1))
	path := []string{"spec", "template", "metadata", "annotations", "example.com/tracked"}
	d.becomes(t, "Deployment", "steady", "copied", "1", path...)

	d.parameters(t, "steady", "replicas: 3", "replicas: 4")
	d.becomes(t, "Deployment", "steady", "eastwest-gateway", 4.0, "spec", "replicas")
	d.becomes(t, "Deployment", "steady", "eastwest-gateway", nil, path...)
}

func renamed(gateway, name string) string {
	return strings.Replace(gateway, "  name: eastwest-gateway\n", "  name: "+name+"\n", 1)
}

// The control of all above: the same Gateway by another name, whose ConfigMap is not there, and one that needs none.
func (d deployed) orphan(t *testing.T) {
	text := d.text(t, "Gateway", "elastic", "eastwest-gateway")
	d.store(t, strings.Replace(renamed(text, "orphan"), "eastwest-gateway-parameters", "nowhere", 1))
	d.store(t, renamed(text, "sibling"))
	d.becomes(t, "Deployment", "elastic", "sibling", "sibling-istio", "metadata", "name")
	d.isMissing(t, "Deployment", "elastic", "orphan")
}
