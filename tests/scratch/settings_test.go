package scratch_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	meta "k8s.io/apimachinery/pkg/apis/meta/v1"

	"meshfedc/scratch/cluster"
	"meshfedc/scratch/procedure"
)

// Exactly these, in each cluster. Each is a setting without which Envoy, as it is published, refuses what istiod sends.
var three = []string{
	"Deployment.apps istio-system/istiod spec.template.spec.containers.discovery.env.PILOT_ENABLE_ALPN_FILTER",
	"Deployment.apps istio-system/istiod spec.template.spec.containers.discovery.env.PILOT_ENABLE_METADATA_EXCHANGE",
	"Telemetry.telemetry.istio.io istio-system/without-metrics",
}

func threeSettingsDiffer(t *testing.T, w *world) {
	for _, c := range []*cluster.Cluster{w.East, w.West} {
		objects, err := w.Direct.Installation(c.Name)
		w.must(t, err)
		differ, err := w.differences(c, objects)
		w.must(t, err)
		if !slices.Equal(differ, three) {
			t.Errorf("%s differs from what install wrote in\n%s", c.Name, strings.Join(differ, "\n"))
		}
		w.istiodHasNoOther(t, c)
	}
}

// What kubelets and runtimes give to every container.
var everywhere = []string{"HOME", "PATH", "KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT", "KUBERNETES_SERVICE_PORT_HTTPS"}

// istiodHasNoOther compares the variables with which istiod runs with those of its Deployment.
func (w *world) istiodHasNoOther(t *testing.T, c *cluster.Cluster) {
	t.Helper()
	deployment, err := c.Client.AppsV1().Deployments("istio-system").Get(w.ctx, "istiod", meta.GetOptions{})
	w.must(t, err)
	pods, err := procedure.Pods(w.ctx, c, "istio-system", "app=istiod")
	if err != nil || len(pods) != 1 {
		t.Fatal(len(pods), err)
	}
	variables, err := c.Kubelet.Environment("istio-system", pods[0].Name, "discovery")
	w.must(t, err)
	for _, variable := range deployment.Spec.Template.Spec.Containers[0].Env {
		value, found := variables[variable.Name]
		if !found || variable.ValueFrom == nil && value != variable.Value {
			t.Errorf("%s: istiod runs with %s=%q", c.Name, variable.Name, value)
		}
		delete(variables, variable.Name)
	}
	for name := range variables {
		if !slices.Contains(everywhere, name) {
			t.Errorf("%s: istiod runs with %s, of which its Deployment knows nothing", c.Name, name)
		}
	}
}

// If install wrote anything less or else, the lab's clusters would differ in that.
func fourthIsSeen(t *testing.T, w *world) {
	for _, change := range []struct {
		what string
		in   func(objects []cluster.Object) []cluster.Object
		seen string
	}{
		{"an argument", func(objects []cluster.Object) []cluster.Object {
			container, err := procedure.Container(*find(objects, "Deployment", "istiod"))
			w.must(t, err)
			container["args"] = container["args"].([]any)[1:]
			return objects
		}, "spec.template.spec.containers.discovery.args"},
		{"the mesh config", func(objects []cluster.Object) []cluster.Object {
			find(objects, "ConfigMap", "istio").Object["data"].(map[string]any)["mesh"] = "rootNamespace: istio-system"
			return objects
		}, "data.mesh"},
		{"an object", func(objects []cluster.Object) []cluster.Object {
			return slices.DeleteFunc(objects, func(object cluster.Object) bool { return object.GetKind() == "HorizontalPodAutoscaler" })
		}, "HorizontalPodAutoscaler.autoscaling istio-system/istiod"},
	} {
		objects, err := w.Direct.Installation(w.East.Name)
		w.must(t, err)
		differ, err := w.differences(w.East, change.in(objects))
		w.must(t, err)
		if len(differ) != len(three)+1 || !slices.ContainsFunc(differ, func(one string) bool { return strings.Contains(one, change.seen) }) {
			t.Errorf("%s that differs is not seen:\n%s", change.what, strings.Join(differ, "\n"))
		}
	}
}

func find(objects []cluster.Object, kind, name string) *cluster.Object {
	for i := range objects {
		if objects[i].GetKind() == kind && objects[i].GetName() == name {
			return &objects[i]
		}
	}
	return nil
}

// differences are the fields in which a cluster is not what it would be if only these objects had been installed, and the
// objects that it has in addition. Who else wrote to an object is a difference as well.
func (w *world) differences(c *cluster.Cluster, installed []cluster.Object) ([]string, error) {
	var differ []string
	known := map[string]bool{}
	for _, object := range installed {
		known[cluster.Name(object)] = true
		resource, err := c.Resource(object.GroupVersionKind(), object.GetNamespace())
		if err != nil {
			return nil, err
		}
		is, err := resource.Get(w.ctx, object.GetName(), meta.GetOptions{})
		if err != nil {
			return nil, err
		}
		would, err := c.Rehearse(w.ctx, procedure.Installer, object)
		if err != nil {
			return nil, err
		}
		for _, path := range compare("", plain(is), plain(would)) {
			if strings.HasSuffix(path, ".failurePolicy") { // istiod makes it stricter once it can answer
				continue
			}
			differ = append(differ, cluster.Name(object)+" "+path)
		}
		for _, manager := range cluster.Managers(*is) {
			if !slices.Contains(expectedManagers, manager) {
				differ = append(differ, cluster.Name(object)+" is written by "+manager)
			}
		}
	}
	owned, err := c.Owned(w.ctx, procedure.Installer)
	if err != nil {
		return nil, err
	}
	for _, object := range owned {
		if name := cluster.Name(object); !known[name] && !prerequisite(object) {
			differ = append(differ, name)
		}
	}
	slices.Sort(differ)
	return differ, nil
}

// What a person gives to a cluster before istiod is installed: the Gateway API, and the Secret `cacerts`.
func prerequisite(object cluster.Object) bool {
	return object.GetKind() == "CustomResourceDefinition" && strings.HasSuffix(object.GetName(), ".k8s.io") ||
		object.GetKind() == "Secret" && object.GetName() == "cacerts" ||
		strings.HasPrefix(object.GetName(), "safe-upgrades.") // the Gateway API's own policy
}

// istiod patches the certificates of its webhooks; controllers write what is theirs.
var expectedManagers = []string{procedure.Installer, "pilot-discovery", "kube-controller-manager", "kube-apiserver", "kube-scheduler"}

// plain is an object without what the API server counts.
func plain(object *cluster.Object) map[string]any {
	copied := object.DeepCopy().Object
	metadata := copied["metadata"].(map[string]any)
	for _, key := range []string{"managedFields", "resourceVersion", "generation"} {
		delete(metadata, key)
	}
	return copied
}

// compare gives the paths at which two values differ. Elements of a list that have names are compared by them.
func compare(path string, a, b any) []string {
	first, second := byName(a), byName(b)
	if first == nil || second == nil {
		if reflect.DeepEqual(a, b) {
			return nil
		}
		return []string{path}
	}
	var differ []string
	for _, key := range sorted(first) {
		differ = append(differ, compare(join(path, key), first[key], second[key])...)
	}
	for _, key := range sorted(second) {
		if _, both := first[key]; !both {
			differ = append(differ, join(path, key))
		}
	}
	return differ
}

func byName(value any) map[string]any {
	switch value := value.(type) {
	case map[string]any:
		return value
	case []any:
		named := map[string]any{}
		for _, element := range value {
			one, _ := element.(map[string]any)
			name, isNamed := one["name"].(string)
			if !isNamed {
				return nil
			}
			named[name] = element
		}
		return named
	}
	return nil
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return fmt.Sprintf("%s.%s", path, key)
}
