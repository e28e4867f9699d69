package gitops

import (
	"encoding/json"
	"testing"

	"github.com/argoproj/argo-cd/gitops-engine/pkg/diff"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"meshfedc/tests/kube"
)

// applied is an object as the API server holds it after a first apply by Argo CD: with what the server writes itself.
func applied(t *testing.T, object kube.Object) *unstructured.Unstructured {
	t.Helper()
	config, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	live := (&unstructured.Unstructured{Object: object}).DeepCopy()
	live.SetUID("3c2d3a52-4c5e-4ad0-8d2f-6a7f0e6a2a11")
	live.SetResourceVersion("12345")
	live.SetGeneration(1)
	annotations := live.GetAnnotations()
	if annotations == nil {
		annotations = map[string]string{}
	}
	annotations["kubectl.kubernetes.io/last-applied-configuration"] = string(config)
	live.SetAnnotations(annotations)
	if live.GetKind() == "Service" {
		spec := live.Object["spec"].(map[string]any)
		for key, value := range map[string]any{"clusterIP": "10.96.0.17", "clusterIPs": []any{"10.96.0.17"},
			"ipFamilies": []any{"IPv4"}, "ipFamilyPolicy": "SingleStack", "internalTrafficPolicy": "Cluster", "sessionAffinity": "None"} {
			if _, given := spec[key]; !given {
				spec[key] = value
			}
		}
	}
	live.Object["status"] = map[string]any{"conditions": []any{}}
	return live
}

// Argo CD sees no difference between what is in Git and what it applied, and sees one where there is one.
func TestArgoCDSeesNoDriftAfterApplying(t *testing.T) {
	for _, example := range examples(t) {
		_, clusters := clustersOf(t, federationOf(example))
		for _, cluster := range clusters {
			t.Run(example+"/"+cluster, func(t *testing.T) {
				for id, object := range stream(t, federationOf(example), cluster) {
					live := applied(t, object)
					result, err := diff.Diff(&unstructured.Unstructured{Object: object}, live)
					if err != nil {
						t.Fatal(err)
					}
					if result.Modified {
						t.Errorf("%s: %s is not %s", id, result.NormalizedLive, result.PredictedLive)
					}
					changed := live.DeepCopy()
					changed.SetLabels(map[string]string{"app.kubernetes.io/part-of": "another"})
					result, err = diff.Diff(&unstructured.Unstructured{Object: object}, changed)
					if err != nil || !result.Modified {
						t.Errorf("%s: a changed label is not seen (%v)", id, err)
					}
				}
			})
		}
	}
}
