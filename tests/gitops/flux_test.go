package gitops

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fluxcd/pkg/kustomize"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"meshfedc/tests/kube"
)

// fluxBuild is what Flux's kustomize-controller makes of a directory of a source, before it applies it.
func fluxBuild(t *testing.T, root, path string) kube.Objects {
	t.Helper()
	var kustomization unstructured.Unstructured
	if err := yaml.Unmarshal(documents(t, "flux/east-cluster.yaml")[1], &kustomization.Object); err != nil {
		t.Fatal(err)
	}
	if kustomization.GetKind() != "Kustomization" {
		t.Fatalf("a %s is no Kustomization", kustomization.GetKind())
	}
	if err := unstructured.SetNestedField(kustomization.Object, "./"+path, "spec", "path"); err != nil {
		t.Fatal(err)
	}
	directory := filepath.Join(root, path)
	action, err := kustomize.NewGenerator(root, kustomization).WriteFile(directory)
	if err != nil {
		t.Fatal(err)
	}
	resources, err := kustomize.SecureBuild(root, directory, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := kustomize.CleanDirectory(directory, action); err != nil {
		t.Fatal(err)
	}
	stream, err := resources.AsYaml()
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, stream)
}

func TestFluxAppliesExactlyTheObjects(t *testing.T) {
	for _, example := range examples(t) {
		root, clusters := clustersOf(t, federationOf(example))
		for _, cluster := range clusters {
			t.Run(example+"/"+cluster, func(t *testing.T) {
				same(t, "Flux", stream(t, federationOf(example), cluster), fluxBuild(t, root, cluster))
			})
		}
	}
}

// Without a kustomization.yaml Flux takes every manifest that it finds, and fails over any that is none.
func TestFluxAppliesExactlyTheObjectsWithoutKustomizations(t *testing.T) {
	federation := filepath.Join(t.TempDir(), "federation.toml")
	write(t, federation, strings.Replace(read(t, federationOf("seed-egress")), "[defaults]", "[defaults]\nkustomization = false\n", 1))
	root, clusters := clustersOf(t, federation)
	for _, cluster := range clusters {
		t.Run(cluster, func(t *testing.T) {
			if _, err := os.Stat(filepath.Join(root, cluster, "kustomization.yaml")); err == nil {
				t.Fatal("there is one")
			}
			same(t, "Flux", stream(t, federation, cluster), fluxBuild(t, root, cluster))
		})
	}
}
