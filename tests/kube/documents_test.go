package kube

import (
	"path/filepath"
	"testing"
)

// What holds for every object, whatever its kind.
func TestEveryObjectIsOursAndWhereItsNamespaceSays(t *testing.T) {
	for _, source := range sources(t) {
		t.Run(source.name, func(t *testing.T) {
			out := t.TempDir()
			run(t, "build", "-f", source.path, "-o", out)
			for _, cluster := range directories(t, out) {
				files, err := Files(filepath.Join(out, cluster))
				if err != nil {
					t.Fatal(err)
				}
				for path, objects := range files {
					for id, object := range objects {
						oursAndInPlace(t, cluster+"/"+path+": "+id, path, object)
					}
				}
			}
		})
	}
}

func oursAndInPlace(t *testing.T, where, path string, object Object) {
	t.Helper()
	if Field(object, "metadata", "labels", "app.kubernetes.io/managed-by") != "meshfedc" {
		t.Errorf("%s: not labelled as ours", where)
	}
	if Field(object, "metadata", "labels", "app.kubernetes.io/part-of") == "" {
		t.Errorf("%s: does not say which federation it is part of", where)
	}
	if _, there := object["status"]; there {
		t.Errorf("%s: has a status", where)
	}
	namespace := Field(object, "metadata", "namespace")
	if object["kind"] == "Namespace" {
		if namespace != "" || path != "namespaces.yaml" {
			t.Errorf("%s: a Namespace belongs into namespaces.yaml", where)
		}
	} else if filepath.Dir(path) != namespace {
		t.Errorf("%s: is of namespace %q", where, namespace)
	}
}
