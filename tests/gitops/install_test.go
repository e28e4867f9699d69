package gitops

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	helm "github.com/fluxcd/helm-controller/api/v2"
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

// Flux's source controller and helm controller read every field of what they are to apply: each chart from the repository
// beside it, base before istiod.
func TestFluxTakesTheReleasesOfAnInstallation(t *testing.T) {
	dir := installation(t, "install-flux")
	var repository source.HelmRepository
	if err := yaml.UnmarshalStrict([]byte(read(t, filepath.Join(dir, "charts.yaml"))), &repository); err != nil {
		t.Fatal(err)
	}
	for file, chart := range map[string]string{"istio-base.yaml": "base", "istiod.yaml": "istiod"} {
		var release helm.HelmRelease
		if err := yaml.UnmarshalStrict([]byte(read(t, filepath.Join(dir, file))), &release); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		spec := release.Spec.Chart.Spec
		if spec.Chart != chart || spec.SourceRef.Kind != "HelmRepository" || spec.SourceRef.Name != repository.Name {
			t.Errorf("%s: chart %s of %s %s", file, spec.Chart, spec.SourceRef.Kind, spec.SourceRef.Name)
		}
		if release.Namespace != repository.Namespace || len(release.GetValues()) == 0 {
			t.Errorf("%s: in namespace %s, with values %v", file, release.Namespace, release.GetValues())
		}
		if first := release.Spec.DependsOn; chart == "istiod" && (len(first) != 1 || first[0].Name != "istio-base") {
			t.Errorf("%s: depends on %v", file, first)
		}
	}
}

// What brings the Secret `cacerts` fits the CRDs that its operators publish.
func TestWhatBringsCacertsFitsItsDefinition(t *testing.T) {
	for _, one := range []struct{ kind, cacerts, module, crd string }{
		{"Certificate", `{ from = "cert-manager", issuer = "mesh-root" }`,
			"github.com/cert-manager/cert-manager@v1.21.2", "deploy/crds/cert-manager.io_certificates.yaml"},
		{"ExternalSecret", `{ from = "external-secret", store = "vault" }`,
			"github.com/external-secrets/external-secrets@v1.3.2", "config/crds/bases/external-secrets.io_externalsecrets.yaml"},
	} {
		t.Run(one.kind, func(t *testing.T) {
			golden := read(t, filepath.Join(repositoryRoot, "tests/golden/install-flux/federation.toml"))
			folder := t.TempDir()
			file := filepath.Join(folder, "federation.toml")
			text := strings.Replace(golden, "[mesh.east-mesh]\n", "[mesh.east-mesh]\ncacerts = "+one.cacerts+"\n", 1)
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			run(t, "build", "-f", file, "-o", filepath.Join(folder, "out"))
			written := read(t, filepath.Join(folder, "out-install/east-cluster/cacerts.yaml"))
			crd := filepath.Join(folderOf(t, one.module), one.crd)
			misfitsIn := func(text string) []string {
				var object map[string]any
				if err := yaml.UnmarshalStrict([]byte(text), &object); err != nil {
					t.Fatal(err)
				}
				if object["kind"] != one.kind {
					t.Fatalf("is a %v", object["kind"])
				}
				return misfits(t, crd, object)
			}
			if wrong := misfitsIn(written); len(wrong) > 0 {
				t.Error(strings.Join(wrong, "\n"))
			}
			// The check notices each field of `spec` that has another name.
			for _, field := range regexp.MustCompile(`(?m)^ {2,}(- )?\w+:`).FindAllStringIndex(written[strings.Index(written, "spec:"):], -1) {
				at := strings.Index(written, "spec:") + field[1] - 1
				if len(misfitsIn(written[:at]+"x"+written[at:])) == 0 {
					t.Errorf("not noticed: %q", written[:at]+"x")
				}
			}
		})
	}
}
