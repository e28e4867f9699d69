package world

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// Object is a Kubernetes object.
type Object map[string]any

func (o Object) Kind() string      { return str(o["kind"]) }
func (o Object) API() string       { return str(o["apiVersion"]) }
func (o Object) Name() string      { return str(o.at("metadata", "name")) }
func (o Object) Namespace() string { return str(o.at("metadata", "namespace")) }

// Labels are those of its metadata.
func (o Object) Labels() map[string]string { return labelsOf(o.at("metadata", "labels")) }

// Istio says whether it is one of Istio's own objects.
func (o Object) Istio() bool { return strings.Contains(o.API(), ".istio.io/") }

// GatewayAPI says whether it is one of Gateway API's.
func (o Object) GatewayAPI() bool { return strings.HasPrefix(o.API(), "gateway.networking.k8s.io/") }

func (o Object) at(keys ...string) any {
	var value any = map[string]any(o)
	for _, key := range keys {
		level, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = level[key]
	}
	return value
}

func (o Object) spec() map[string]any     { s, _ := o["spec"].(map[string]any); return s }
func (o Object) metadata() map[string]any { m, _ := o["metadata"].(map[string]any); return m }

func str(value any) string { text, _ := value.(string); return text }

func list(value any) []map[string]any {
	items, _ := value.([]any)
	var found []map[string]any
	for _, item := range items {
		if level, ok := item.(map[string]any); ok {
			found = append(found, level)
		}
	}
	return found
}

func labelsOf(value any) map[string]string {
	labels := map[string]string{}
	level, _ := value.(map[string]any)
	for key, item := range level {
		labels[key] = str(item)
	}
	return labels
}

// ReadTree reads what one cluster applies, in the order of paths.
func ReadTree(directory string) ([]Object, error) {
	var paths []string
	err := filepath.WalkDir(directory, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".yaml") && entry.Name() != "kustomization.yaml" {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.Sort(paths)
	var objects []Object
	for _, path := range paths {
		bytes, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		for _, document := range strings.Split("\n"+string(bytes), "\n---\n") {
			object := Object{}
			if err := yaml.Unmarshal([]byte(document), &object); err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
			if len(object) > 0 {
				objects = append(objects, object)
			}
		}
	}
	return objects, nil
}
