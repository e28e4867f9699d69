package cluster

import (
	"context"
	"slices"

	v1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
)

// Name says which object an object is.
func Name(object Object) string {
	return object.GroupVersionKind().GroupKind().String() + " " + object.GetNamespace() + "/" + object.GetName()
}

// Everything is every object of the cluster that can be written by somebody.
func (c *Cluster) Everything(ctx context.Context) ([]Object, error) {
	lists, err := c.Client.Discovery().ServerPreferredResources()
	if err != nil {
		return nil, err
	}
	lists = discovery.FilteredBy(discovery.SupportsAllVerbs{Verbs: []string{"list", "patch"}}, lists)
	var all []Object
	for _, list := range lists {
		version, err := schema.ParseGroupVersion(list.GroupVersion)
		if err != nil {
			return nil, err
		}
		for _, resource := range list.APIResources {
			found, err := c.Dynamic.Resource(version.WithResource(resource.Name)).List(ctx, v1.ListOptions{})
			if err != nil {
				return nil, err
			}
			all = append(all, found.Items...)
		}
	}
	return all, nil
}

// Managers are who wrote fields of an object, but for its status.
func Managers(object Object) []string {
	var names []string
	for _, entry := range object.GetManagedFields() {
		if entry.Subresource == "" && !slices.Contains(names, entry.Manager) {
			names = append(names, entry.Manager)
		}
	}
	slices.Sort(names)
	return names
}

// Owned are the objects of which a manager wrote a part.
func (c *Cluster) Owned(ctx context.Context, manager string) ([]Object, error) {
	all, err := c.Everything(ctx)
	return slices.DeleteFunc(all, func(object Object) bool { return !slices.Contains(Managers(object), manager) }), err
}

// Prune deletes what a manager has applied before, and is not among the objects any more.
func (c *Cluster) Prune(ctx context.Context, manager string, keep []Object) error {
	owned, err := c.Owned(ctx, manager)
	if err != nil {
		return err
	}
	for _, object := range owned {
		if slices.ContainsFunc(keep, func(one Object) bool { return Name(one) == Name(object) }) {
			continue
		}
		resource, err := c.Resource(object.GroupVersionKind(), object.GetNamespace())
		if err != nil {
			return err
		}
		if err := resource.Delete(ctx, object.GetName(), v1.DeleteOptions{}); err != nil {
			return err
		}
	}
	return nil
}

// Rehearse is what an object would be if the manager applied this. Nothing is stored.
func (c *Cluster) Rehearse(ctx context.Context, manager string, object Object) (*Object, error) {
	resource, err := c.Resource(object.GroupVersionKind(), object.GetNamespace())
	if err != nil {
		return nil, err
	}
	return resource.Apply(ctx, object.GetName(), &object, v1.ApplyOptions{FieldManager: manager, Force: true, DryRun: []string{v1.DryRunAll}})
}
