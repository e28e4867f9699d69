package scratch_test

import (
	"context"
	"crypto/x509"
	"debug/buildinfo"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"

	"meshfedc/scratch/cluster"
	"meshfedc/scratch/procedure"
)

// held says, of each requirement by its name, what is wrong with it in a cluster.
var held = map[string]func(*world, *cluster.Cluster, procedure.Requirement) error{
	"istio-version": istioIsNew,
	"gateway-api":   definitionsAreOf,
	"cacerts":       rootIsShared,
	"service-entry-visibility": func(w *world, c *cluster.Cluster, _ procedure.Requirement) error {
		return w.meshLacks(c, "serviceEntryVisibility")
	},
	"discovery-selectors": func(w *world, c *cluster.Cluster, _ procedure.Requirement) error {
		return w.meshLacks(c, "discoverySelectors")
	},
	"sidecars":      noSidecars,
	"compatibility": notCompatible,
	"connection":    gatewayIsReached,
	"egress-gateway": func(*world, *cluster.Cluster, procedure.Requirement) error {
		return nil // the case that applies the egress gateway violates it, and then keeps to it
	},
}

func requirementsHold(t *testing.T, w *world) {
	for _, trees := range []procedure.Trees{w.Direct, w.Egress} {
		for _, c := range []*cluster.Cluster{w.East, w.West} {
			all, err := trees.Requirements(c.Name)
			w.must(t, err)
			for _, requirement := range all {
				if check := held[requirement.Name]; check == nil {
					t.Errorf("nobody knows how to look at %s: %s", requirement.Name, requirement.Text)
				} else if err := check(w, c, requirement); err != nil {
					t.Errorf("%s: %s: %v", c.Name, requirement.Text, err)
				}
			}
		}
	}
}

// The module proxy has one version of Istio only, which is one of the development towards what the federation says.
func istioIsNew(w *world, _ *cluster.Cluster, requirement procedure.Requirement) error {
	info, err := buildinfo.ReadFile(filepath.Join(w.Programs, "pilot-discovery"))
	if err != nil {
		return err
	}
	if version := info.Main.Version; info.Main.Path == "istio.io/istio" && strings.Contains(requirement.Text, procedure.Istio) {
		return nil
	} else {
		return fmt.Errorf("it is %s %s", info.Main.Path, version)
	}
}

func definitionsAreOf(w *world, c *cluster.Cluster, requirement procedure.Requirement) error {
	definitions, err := c.Resource(schema.GroupVersionKind{Group: "apiextensions.k8s.io", Version: "v1", Kind: "CustomResourceDefinition"}, "")
	if err != nil {
		return err
	}
	gateways, err := definitions.Get(w.ctx, "gateways.gateway.networking.k8s.io", meta.GetOptions{})
	if err != nil {
		return err
	}
	version, channel := gateways.GetAnnotations()["gateway.networking.k8s.io/bundle-version"], gateways.GetAnnotations()["gateway.networking.k8s.io/channel"]
	minor := strings.TrimPrefix(version[:strings.LastIndex(version, ".")], "v")
	if !strings.Contains(requirement.Text, fmt.Sprintf("those of %s, channel %s;", minor, channel)) {
		return fmt.Errorf("they are of %s, channel %s", version, channel)
	}
	return nil
}

// The files of the Secret: the root is the same in both, and istiod's authority leads to it.
func rootIsShared(w *world, c *cluster.Cluster, _ procedure.Requirement) error {
	var roots []string
	for _, one := range []*cluster.Cluster{w.East, w.West} {
		secret, err := one.Client.CoreV1().Secrets("istio-system").Get(w.ctx, "cacerts", meta.GetOptions{})
		if err != nil {
			return err
		}
		roots = append(roots, string(secret.Data["root-cert.pem"]))
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(secret.Data["root-cert.pem"])
		certificate, err := w.presented(one, "istio-system", "app=istiod", 15012)
		if err != nil {
			return err
		}
		between := x509.NewCertPool()
		between.AppendCertsFromPEM(secret.Data["ca-cert.pem"])
		if _, err := certificate.Verify(x509.VerifyOptions{Roots: pool, Intermediates: between}); err != nil {
			return err
		}
	}
	if roots[0] != roots[1] {
		return fmt.Errorf("the roots differ")
	}
	return nil
}

func (w *world) meshLacks(c *cluster.Cluster, key string) error {
	found, err := c.Client.CoreV1().ConfigMaps("istio-system").Get(w.ctx, "istio", meta.GetOptions{})
	if err != nil {
		return err
	}
	config := map[string]any{}
	if err := yaml.Unmarshal([]byte(found.Data["mesh"]), &config); err != nil {
		return err
	}
	if value, set := config[key]; set {
		return fmt.Errorf("it is %v", value)
	}
	return nil
}

func noSidecars(w *world, c *cluster.Cluster, _ procedure.Requirement) error {
	sidecars, err := c.Resource(sidecarKind, "")
	if err != nil {
		return err
	}
	list, err := sidecars.List(w.ctx, meta.ListOptions{})
	if err == nil && len(list.Items) > 0 {
		err = fmt.Errorf("there are %d", len(list.Items))
	}
	return err
}

// An older version is a list of variables of istiod. The chart's own are those below.
func notCompatible(w *world, c *cluster.Cluster, _ procedure.Requirement) error {
	found, err := c.Client.AppsV1().Deployments("istio-system").Get(w.ctx, "istiod", meta.GetOptions{})
	if err != nil {
		return err
	}
	own := []string{"REVISION", "PILOT_CERT_PROVIDER", "POD_NAME", "POD_NAMESPACE", "SERVICE_ACCOUNT", "KUBECONFIG", "CA_TRUSTED_NODE_ACCOUNTS",
		"PILOT_TRACE_SAMPLING", "PILOT_ENABLE_ANALYSIS", "CLUSTER_ID", "GOMAXPROCS", "PLATFORM", "PILOT_ENABLE_METADATA_EXCHANGE", "PILOT_ENABLE_ALPN_FILTER"}
	for _, variable := range found.Spec.Template.Spec.Containers[0].Env {
		if !slices.Contains(own, variable.Name) {
			return fmt.Errorf("istiod has %s", variable.Name)
		}
	}
	return nil
}

// A pod of the network connects, with nothing of Istio between.
func gatewayIsReached(w *world, c *cluster.Cluster, requirement procedure.Requirement) error {
	if !strings.Contains(requirement.Text, gateway) {
		return fmt.Errorf("it is not about %s", gateway)
	}
	pods, err := procedure.Pods(w.ctx, c, "kube-system", "k8s-app=kube-dns")
	if err != nil || len(pods) == 0 {
		return fmt.Errorf("%d pods: %w", len(pods), err)
	}
	space, err := c.Kubelet.Space("kube-system", pods[0].Name)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(w.ctx, 5*time.Second)
	defer cancel()
	connection, err := space.Dial(ctx, "tcp", gateway+":15443")
	if err != nil {
		return err
	}
	return connection.Close()
}

// broken breaks requirements in turn, each in the cluster where it matters to the call. What it gives back mends it again.
var broken = map[string]func(*testing.T, *world) (mend func()){
	"connection": func(t *testing.T, w *world) func() { return w.closeFirewall(t) },
	"sidecars": func(t *testing.T, w *world) func() {
		w.must(t, procedure.ApplyFiles(w.ctx, w.East, "team", "testdata/sidecar.yaml"))
		return func() {
			sidecars, err := w.East.Resource(sidecarKind, "sleep")
			w.must(t, err)
			w.must(t, sidecars.Delete(w.ctx, "only-here", meta.DeleteOptions{}))
		}
	},
	"service-entry-visibility": func(t *testing.T, w *world) func() {
		return w.configure(t, "serviceEntryVisibility:\n  defaultVisibility: NAMESPACE\n  applyToSidecars: true\n")
	},
	"discovery-selectors": func(t *testing.T, w *world) func() {
		return w.configure(t, "discoverySelectors:\n- matchExpressions:\n  - {key: kubernetes.io/metadata.name, operator: NotIn, values: [httpbin]}\n")
	},
	"cacerts": func(t *testing.T, w *world) func() {
		others, err := procedure.Certify(filepath.Join(w.Examples, "kind", "certificates.sh"), filepath.Join(w.Directory, "other-keys"),
			"west-mesh="+trustDomain)
		w.must(t, err)
		w.must(t, w.newRoot(others))
		return func() { w.must(t, w.newRoot(w.Authorities)) }
	},
}

var sidecarKind = schema.GroupVersionKind{Group: "networking.istio.io", Version: "v1", Kind: "Sidecar"}

func (w *world) configure(t *testing.T, lines string) (mend func()) {
	undo, err := procedure.ConfigureMesh(w.ctx, w.East, lines)
	w.must(t, err)
	return func() { w.must(t, undo()) }
}

// renewCaller gives the caller a pod whose Envoy has ejected nothing: each time, it would keep out what failed for longer.
func (w *world) renewCaller(t *testing.T) {
	w.must(t, procedure.Restart(w.ctx, w.East, "sleep", "sleep"))
}

// newRoot gives the control plane and the application of west certificates of another root.
func (w *world) newRoot(authorities procedure.Authorities) error {
	if err := procedure.SetAuthority(w.ctx, w.West, authorities); err != nil {
		return err
	}
	for _, replicas := range []int32{0, 1} { // two of different roots would keep each other from becoming ready
		if err := procedure.Scale(w.ctx, w.West, "istio-system", "istiod", replicas); err != nil {
			return err
		}
	}
	return procedure.Restart(w.ctx, w.West, "httpbin", "httpbin")
}

// Only the other cluster serves here, so that a call needs all that is required.
func requirementsAreNeeded(t *testing.T, w *world) {
	w.must(t, procedure.Scale(w.ctx, w.East, "httpbin", "httpbin", 0))
	w.expectOnly(t, w.West, soon)
	for _, requirement := range slices.Sorted(maps.Keys(broken)) {
		t.Run(requirement, func(t *testing.T) {
			mend := broken[requirement](t, w)
			w.expect(t, soon, "missing", w.none)
			mend()
			w.renewCaller(t)
			w.expectOnly(t, w.West, soon)
		})
	}
	w.must(t, procedure.Scale(w.ctx, w.East, "httpbin", "httpbin", 1))
	w.expectBoth(t, soon)
}
