package kube

import (
	"os"
	"path/filepath"
	"testing"

	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// Kinds that only manifests by hand have.
var handwritten = map[string]func() any{
	"apps/v1 Deployment": func() any { return &apps.Deployment{} },
	"v1 ServiceAccount":  func() any { return &core.ServiceAccount{} },
	"v1 Namespace":       func() any { return &core.Namespace{} },
	"v1 Service":         func() any { return &core.Service{} },
}

// The workloads of the walk-through fit their types, and are what its federation exports.
func TestWorkloadsOfTheWalkThrough(t *testing.T) {
	for _, name := range []string{"httpbin.yaml", "sleep.yaml"} {
		stream, err := os.ReadFile(filepath.Join("../../examples/kind", name))
		if err != nil {
			t.Fatal(err)
		}
		objects, err := Decode(stream)
		if err != nil {
			t.Fatal(err)
		}
		for id, object := range objects {
			structure, known := handwritten[object["apiVersion"].(string)+" "+object["kind"].(string)]
			if !known {
				t.Errorf("%s: nothing is known of this kind", id)
				continue
			}
			whole, err := yaml.Marshal(object)
			if err != nil {
				t.Fatal(err)
			}
			if err := yaml.UnmarshalStrict(whole, structure()); err != nil {
				t.Errorf("%s: %v", id, err)
			}
		}
		if name != "httpbin.yaml" {
			continue
		}
		text, err := yaml.Marshal(objects["apps/v1 Deployment httpbin/httpbin"])
		if err != nil {
			t.Fatal(err)
		}
		var deployment apps.Deployment
		if err := yaml.Unmarshal(text, &deployment); err != nil {
			t.Fatal(err)
		}
		pod := deployment.Spec.Template
		if pod.Labels["app"] != "httpbin" || pod.Spec.ServiceAccountName != "httpbin" || pod.Spec.Containers[0].Ports[0].ContainerPort != 8080 {
			t.Errorf("the federation exports other pods: %+v", pod)
		}
	}
}
