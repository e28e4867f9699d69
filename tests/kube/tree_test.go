package kube

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// source is a federation.toml of the repository: an example or a golden case.
type source struct{ name, path string }

// compiler is the binary under test, named by the environment variable MESHFEDC.
func compiler(t *testing.T) string {
	binary := os.Getenv("MESHFEDC")
	if binary == "" {
		t.Fatal("MESHFEDC does not name the compiler")
	}
	return binary
}

func run(t *testing.T, args ...string) []byte {
	t.Helper()
	command := exec.Command(compiler(t), args...)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	stdout, err := command.Output()
	if err != nil {
		t.Fatalf("meshfedc %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return stdout
}

func sources(t *testing.T) []source {
	var all []source
	for _, folder := range []string{"../../examples", "../golden"} {
		paths, err := filepath.Glob(folder + "/*/federation.toml")
		if err != nil || len(paths) == 0 {
			t.Fatalf("no federation.toml in %s: %v", folder, err)
		}
		for _, path := range paths {
			name := filepath.Base(folder) + "/" + filepath.Base(filepath.Dir(path))
			all = append(all, source{name, path})
		}
	}
	return all
}

func directories(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		if entry.IsDir() {
			names = append(names, entry.Name())
		}
	}
	return names
}

func same(t *testing.T, what string, want, got Objects) {
	t.Helper()
	if lines := Differences(want, got); len(lines) > 0 {
		t.Errorf("%s:\n%s", what, strings.Join(lines, "\n"))
	}
}

func kustomize(t *testing.T, dir string) Objects {
	t.Helper()
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), dir)
	if err != nil {
		t.Fatalf("kustomize build %s: %v", dir, err)
	}
	stream, err := built.AsYaml()
	if err != nil {
		t.Fatal(err)
	}
	objects, err := Decode(stream)
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// Of every cluster of every example and golden case: the files, the stream for plugins, kustomize of the whole and
// kustomize of each namespace by itself are the same objects.
func TestEveryWayToReadAClusterGivesTheSameObjects(t *testing.T) {
	for _, source := range sources(t) {
		out := t.TempDir()
		run(t, "build", "-f", source.path, "-o", out)
		clusters := directories(t, out)
		if len(clusters) == 0 {
			t.Errorf("%s: no clusters", source.name)
		}
		for _, cluster := range clusters {
			t.Run(source.name+"/"+cluster, func(t *testing.T) {
				dir := filepath.Join(out, cluster)
				stream, err := Decode(run(t, "build", "-f", source.path, "-o", "-", "--cluster", cluster))
				if err != nil {
					t.Fatal(err)
				}
				if len(stream) == 0 {
					t.Fatal("no objects")
				}
				files, err := Tree(dir)
				if err != nil {
					t.Fatal(err)
				}
				same(t, "files", stream, files)
				if exists(filepath.Join(dir, "kustomization.yaml")) {
					same(t, "kustomize", stream, kustomize(t, dir))
					byNamespace(t, dir, stream)
				}
			})
		}
	}
}

// A namespace's directory can be applied by itself; together they are the cluster, the namespaces' own objects aside.
func byNamespace(t *testing.T, dir string, stream Objects) {
	t.Helper()
	want, got := Objects{}, Objects{}
	for id, object := range stream {
		if object["kind"] != "Namespace" {
			want[id] = object
		}
	}
	for _, namespace := range directories(t, dir) {
		if err := got.Add(kustomize(t, filepath.Join(dir, namespace))); err != nil {
			t.Errorf("%s: %v", namespace, err)
		}
	}
	same(t, "kustomize by namespace", want, got)
}

// Trees that ran on real Istio stand in tests/golden/<case>/reference: objects, names, files and values are binding,
// order of fields and quoting are not.
func TestGoldenTreesEqualTheReference(t *testing.T) {
	references, err := filepath.Glob("../golden/*/reference")
	if err != nil || len(references) == 0 {
		t.Fatalf("no reference trees: %v", err)
	}
	for _, reference := range references {
		expected := filepath.Join(filepath.Dir(reference), "expected")
		for _, cluster := range directories(t, reference) {
			t.Run(filepath.Base(filepath.Dir(reference))+"/"+cluster, func(t *testing.T) {
				want, err := Files(filepath.Join(reference, cluster))
				if err != nil {
					t.Fatal(err)
				}
				got, err := Files(filepath.Join(expected, cluster))
				if err != nil {
					t.Fatal(err)
				}
				for path := range got {
					if _, there := want[path]; !there {
						t.Errorf("%s is there and should not be", path)
					}
				}
				for path := range want {
					same(t, path, want[path], got[path])
				}
			})
		}
	}
}

// References are applied as they stand, so kustomize must read them too.
func TestKustomizeReadsTheReference(t *testing.T) {
	clusters, err := filepath.Glob("../golden/*/reference/*")
	if err != nil || len(clusters) == 0 {
		t.Fatalf("no reference trees: %v", err)
	}
	for _, dir := range clusters {
		t.Run(strings.TrimPrefix(dir, "../golden/"), func(t *testing.T) {
			want, err := Tree(dir)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "kustomize", want, kustomize(t, dir))
		})
	}
}
