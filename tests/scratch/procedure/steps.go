package procedure

import (
	"context"

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
	objects, err := trees.Federation(c.Name)
	if err != nil {
		return err
	}
	if err := c.Apply(ctx, federator, objects); err != nil {
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
