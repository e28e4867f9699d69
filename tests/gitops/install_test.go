package gitops

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	source "github.com/fluxcd/source-controller/api/v1"
	"sigs.k8s.io/yaml"
)

// installation builds the golden case, and gives what installs the istiod of a cluster in it.
func installation(t *testing.T, golden string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out")
	run(t, "build", "-f", filepath.Join(repositoryRoot, "tests/golden", golden, "federation.toml"), "-o", out)
	return filepath.Join(out+"-install", "east-cluster")
}

// What Argo CD is to apply are Applications by its CRD and by its type, one chart each, for the cluster by name.
func TestArgoCDTakesTheApplicationsOfAnInstallation(t *testing.T) {
	dir := installation(t, "install-argocd")
	for file, chart := range map[string]string{"istio-base.yaml": "base", "istiod.yaml": "istiod"} {
		text := []byte(read(t, filepath.Join(dir, file)))
		var object map[string]any
		if err := yaml.UnmarshalStrict(text, &object); err != nil {
			t.Fatal(err)
		}
		if wrong := validate(t, "application-crd.yaml", object); len(wrong) > 0 {
			t.Errorf("%s: %s", file, strings.Join(wrong, "\n"))
		}
		var application v1alpha1.Application
		if err := yaml.UnmarshalStrict(text, &application); err != nil {
			t.Fatal(err)
		}
		if application.Spec.HasMultipleSources() || application.Spec.Source.Chart != chart {
			t.Errorf("%s: not the one chart %s", file, chart)
		}
		if application.Spec.Destination.Name != "east-cluster" || application.Spec.Destination.Server != "" {
			t.Errorf("%s: goes to %v", file, application.Spec.Destination)
		}
		if application.Spec.Source.Helm.ValuesIsEmpty() {
			t.Errorf("%s: Argo CD sees no values", file)
		}
	}
}

func TestFluxTakesTheRepositoryOfAnInstallation(t *testing.T) {
	dir := installation(t, "install-flux")
	var repository source.HelmRepository
	if err := yaml.UnmarshalStrict([]byte(read(t, filepath.Join(dir, "charts.yaml"))), &repository); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), "istio") &&
			!strings.Contains(read(t, filepath.Join(dir, entry.Name())), "name: "+repository.Name+"\n") {
			t.Errorf("%s refers to another repository", entry.Name())
		}
	}
}
