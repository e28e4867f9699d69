package procedure

import (
	"context"
	"slices"

	"meshfedc/scratch/cluster"
)

const (
	Installer = "helm"   // who applies what installs istiod
	federator = "argocd" // who applies what connects clusters
)

// Install brings a cluster from nothing to a running istiod: the Gateway API, the Namespace, the Secret `cacerts`, and
// Istio's charts with the values that meshfedc writes.
func (l *Lab) Install(ctx context.Context, c *cluster.Cluster) error {
	crds, err := cluster.ReadTree(l.CRDs)
	if err != nil {
		return err
	}
	if err := c.Apply(ctx, Installer, crds); err != nil {
		return err
	}
	objects, err := l.Direct.Installation(c.Name)
	if err != nil {
		return err
	}
	if err := Differ(objects); err != nil {
		return err
	}
	secret, err := l.Authorities.Secret(Mesh(c))
	if err != nil {
		return err
	}
	if err := c.Apply(ctx, Installer, append(objects, secret)); err != nil {
		return err
	}
	if err := ApplyFiles(ctx, c, Installer, "testdata/telemetry.yaml"); err != nil {
		return err
	}
	return Available(ctx, c, "istio-system", "istiod")
}

// Federate makes a cluster's part of the federation what the trees say: what they no longer have is pruned, as Argo CD does.
func Federate(ctx context.Context, c *cluster.Cluster, trees Trees) error {
	return federate(ctx, c, trees, func(cluster.Object) bool { return true }, true)
}

// FederateOnly applies those of its objects that have a name, and prunes nothing.
func FederateOnly(ctx context.Context, c *cluster.Cluster, trees Trees, name string) error {
	return federate(ctx, c, trees, func(object cluster.Object) bool { return object.GetName() == name }, false)
}

// FederateWithout does what Federate does, but for the objects that have a name.
func FederateWithout(ctx context.Context, c *cluster.Cluster, trees Trees, name string) error {
	return federate(ctx, c, trees, func(object cluster.Object) bool { return object.GetName() != name }, true)
}

func federate(ctx context.Context, c *cluster.Cluster, trees Trees, chosen func(cluster.Object) bool, prune bool) error {
	all, err := trees.Federation(c.Name)
	if err != nil {
		return err
	}
	objects := slices.DeleteFunc(all, func(object cluster.Object) bool { return !chosen(object) })
	if err := c.Apply(ctx, federator, objects); err != nil || !prune {
		return err
	}
	return c.Prune(ctx, federator, objects)
}

// SetAuthority replaces the Secret `cacerts` of a cluster.
func SetAuthority(ctx context.Context, c *cluster.Cluster, authorities Authorities) error {
	secret, err := authorities.Secret(Mesh(c))
	if err != nil {
		return err
	}
	return c.Apply(ctx, Installer, []cluster.Object{secret})
}
