package cluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	v1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/dynamic"
)

// Object is one of any kind.
type Object = unstructured.Unstructured

// What a server refuses at first may be accepted soon: a kind that it has just learned, or what a webhook must look at.
const acceptedIn = 30 * time.Second

// Argo CD's order of kinds, as far as it matters here; all others come after these.
var early = []string{"Namespace", "CustomResourceDefinition", "ServiceAccount", "Secret", "ConfigMap", "ClusterRole", "ClusterRoleBinding",
	"Role", "RoleBinding", "Service", "Deployment"}

// Apply applies objects as Argo CD does with ServerSideApply=true, as the field manager of the given name, strictly.
func (c *Cluster) Apply(ctx context.Context, manager string, objects []Object) error {
	ordered := slices.Clone(objects)
	slices.SortStableFunc(ordered, func(a, b Object) int { return rank(a.GetKind()) - rank(b.GetKind()) })
	for _, object := range ordered {
		if err := c.applyOne(ctx, manager, object); err != nil {
			return fmt.Errorf("%s: %s %s/%s: %w", c.Name, object.GetKind(), object.GetNamespace(), object.GetName(), err)
		}
	}
	return nil
}

func rank(kind string) int {
	if i := slices.Index(early, kind); i >= 0 {
		return i
	}
	return len(early)
}

func (c *Cluster) applyOne(ctx context.Context, manager string, object Object) error {
	text, err := object.MarshalJSON()
	if err != nil {
		return err
	}
	force := true
	options := v1.PatchOptions{FieldManager: manager, Force: &force, FieldValidation: v1.FieldValidationStrict}
	for deadline := time.Now().Add(acceptedIn); ; time.Sleep(pollsEvery) {
		resource, err := c.Resource(object.GroupVersionKind(), object.GetNamespace())
		if err == nil {
			_, err = resource.Patch(ctx, object.GetName(), types.ApplyPatchType, text, options)
		}
		if err == nil || time.Now().After(deadline) || ctx.Err() != nil {
			return err
		}
	}
}

// Resource is where objects of a kind are.
func (c *Cluster) Resource(kind schema.GroupVersionKind, namespace string) (dynamic.ResourceInterface, error) {
	mapping, err := c.mapper.RESTMapping(kind.GroupKind(), kind.Version)
	if err != nil {
		if meta.IsNoMatchError(err) {
			c.mapper.Reset()
		}
		return nil, err
	}
	resource := c.Dynamic.Resource(mapping.Resource)
	if mapping.Scope.Name() == meta.RESTScopeNameNamespace {
		return resource.Namespace(namespace), nil
	}
	return resource, nil
}

// ReadTree reads what a directory has for a cluster, and files that are named: kustomizations are not for the API server.
func ReadTree(directory string) ([]Object, error) {
	var objects []Object
	err := filepath.WalkDir(directory, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".yaml" || entry.Name() == "kustomization.yaml" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		read, err := Parse(text)
		objects = append(objects, read...)
		return err
	})
	return objects, err
}

// Parse reads the documents of a YAML text.
func Parse(text []byte) ([]Object, error) {
	var objects []Object
	decoder := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(text), 4096)
	for {
		var content map[string]any
		if err := decoder.Decode(&content); errors.Is(err, io.EOF) {
			return objects, nil
		} else if err != nil {
			return nil, err
		}
		if len(content) > 0 {
			objects = append(objects, Object{Object: content})
		}
	}
}
