// Package kube reads what meshfedc writes the way Kubernetes tools read it.
package kube

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"strings"

	"sigs.k8s.io/yaml"
)

// Object is one document as its JSON: maps, lists, strings, numbers, booleans.
type Object = map[string]any

// Objects are the objects of a stream, a file or a tree by their id.
type Objects map[string]Object

// Decode reads a stream of documents, strictly: a key that stands twice, an empty document, an object without a name
// and an object that is there twice are errors.
func Decode(stream []byte) (Objects, error) {
	objects := Objects{}
	if strings.TrimSpace(string(stream)) == "" {
		return objects, nil
	}
	for i, document := range strings.Split("\n"+string(stream), "\n---\n") {
		var object Object
		if err := yaml.UnmarshalStrict([]byte(document), &object); err != nil {
			return nil, fmt.Errorf("document %d: %w", i+1, err)
		}
		id, err := ID(object)
		if err != nil {
			return nil, fmt.Errorf("document %d: %w", i+1, err)
		}
		if _, twice := objects[id]; twice {
			return nil, fmt.Errorf("document %d: %s is there twice", i+1, id)
		}
		objects[id] = object
	}
	return objects, nil
}

// ID names an object in its cluster: apiVersion, kind, namespace and name.
func ID(object Object) (string, error) {
	apiVersion, _ := object["apiVersion"].(string)
	kind, _ := object["kind"].(string)
	name, namespace := Field(object, "metadata", "name"), Field(object, "metadata", "namespace")
	if apiVersion == "" || kind == "" || name == "" {
		return "", fmt.Errorf("no apiVersion, kind or name in %v", object)
	}
	return fmt.Sprintf("%s %s %s/%s", apiVersion, kind, namespace, name), nil
}

// Field is the string at a path of keys, empty if there is none.
func Field(object Object, path ...string) string {
	var at any = object
	for _, key := range path {
		table, _ := at.(Object)
		at = table[key]
	}
	text, _ := at.(string)
	return text
}

// Add puts the objects of another stream in; an object that both have is an error.
func (o Objects) Add(other Objects) error {
	for id, object := range other {
		if _, twice := o[id]; twice {
			return fmt.Errorf("%s is there twice", id)
		}
		o[id] = object
	}
	return nil
}

// Files decodes every manifest below a directory, by path. Kustomizations and dot-files are left out.
func Files(dir string) (map[string]Objects, error) {
	files := map[string]Objects{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || entry.Name() == "kustomization.yaml" || strings.HasPrefix(entry.Name(), ".") {
			return err
		}
		bytes, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if files[relative], err = Decode(bytes); err != nil {
			return fmt.Errorf("%s: %w", relative, err)
		}
		return nil
	})
	return files, err
}

// Tree is every object below a directory.
func Tree(dir string) (Objects, error) {
	files, err := Files(dir)
	if err != nil {
		return nil, err
	}
	objects := Objects{}
	for path, file := range files {
		if err := objects.Add(file); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	return objects, nil
}

// Differences says in sorted lines how two sets of objects differ. Order of fields and quoting are no difference.
func Differences(want, got Objects) []string {
	var lines []string
	for id := range want {
		if _, there := got[id]; !there {
			lines = append(lines, id+" is missing")
		} else if !reflect.DeepEqual(want[id], got[id]) {
			lines = append(lines, fmt.Sprintf("%s differs:\n  want %s\n  got  %s", id, text(want[id]), text(got[id])))
		}
	}
	for id := range got {
		if _, there := want[id]; !there {
			lines = append(lines, id+" is there and should not be")
		}
	}
	sort.Strings(lines)
	return lines
}

func text(object Object) string {
	bytes, err := yaml.Marshal(object)
	if err != nil {
		return err.Error()
	}
	return strings.ReplaceAll(strings.TrimSpace(string(bytes)), "\n", "\n       ")
}
