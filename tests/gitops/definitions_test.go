package gitops

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"sigs.k8s.io/yaml"
)

// argoCD is the folder of Argo CD's own source, which has its CRDs and manifests.
func argoCD(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/argoproj/argo-cd/v3").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// folderOf lets Go fetch a module of which only files are wanted, so that it is no dependency of this one.
func folderOf(t *testing.T, module string) string {
	t.Helper()
	out, err := exec.Command("go", "mod", "download", "-json", module).Output()
	if err != nil {
		t.Fatalf("go mod download %s: %v\n%s", module, err, out)
	}
	var found struct{ Dir string }
	if err := json.Unmarshal(out, &found); err != nil {
		t.Fatal(err)
	}
	return found.Dir
}

// validate is misfits by one of Argo CD's CRDs.
func validate(t *testing.T, crd string, object map[string]any) []string {
	t.Helper()
	return misfits(t, filepath.Join(argoCD(t), "manifests/crds", crd), object)
}

// misfits checks an object as an API server with the CRD does: its version, types, enumerations, required fields, and, as
// with strict validation, fields that are not known.
func misfits(t *testing.T, crd string, object map[string]any) []string {
	t.Helper()
	var definition apiextensionsv1.CustomResourceDefinition
	if err := yaml.UnmarshalStrict([]byte(read(t, crd)), &definition); err != nil {
		t.Fatal(err)
	}
	for _, version := range definition.Spec.Versions {
		if definition.Spec.Group+"/"+version.Name == object["apiVersion"] && definition.Spec.Names.Kind == object["kind"] {
			return misfitsOf(t, version.Schema.OpenAPIV3Schema, object)
		}
	}
	t.Fatalf("%s does not define %v %v", crd, object["apiVersion"], object["kind"])
	return nil
}

func misfitsOf(t *testing.T, openAPI *apiextensionsv1.JSONSchemaProps, object map[string]any) []string {
	t.Helper()
	var props apiextensions.JSONSchemaProps
	if err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(openAPI, &props, nil); err != nil {
		t.Fatal(err)
	}
	structural, err := schema.NewStructural(&props)
	if err != nil {
		t.Fatal(err)
	}
	validator, _, err := validation.NewSchemaValidator(&props)
	if err != nil {
		t.Fatal(err)
	}
	var wrong []string
	for _, problem := range validation.ValidateCustomResource(nil, object, validator) {
		wrong = append(wrong, problem.Error())
	}
	unknown := pruning.PruneWithOptions(object, structural, true, schema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true})
	for _, path := range unknown {
		wrong = append(wrong, "unknown field "+path)
	}
	return wrong
}
