package procedure

import (
	"context"
	"path/filepath"

	"meshfedc/scratch/cluster"
)

const (
	installer = "helm"   // who applies what installs istiod
	federator = "argocd" // who applies what connects clusters
)

// Install brings a cluster from nothing to a running istiod: the Gateway API, the Namespace, the Secret `cacerts`, and
// Istio's charts with the values that meshfedc writes.
func (l *Lab) Install(ctx context.Context, c *cluster.Cluster) error {
	crds, err := cluster.ReadTree(l.CRDs)
	if err != nil {
		return err
	}
	if err := c.Apply(ctx, installer, crds); err != nil {
		return err
	}
	objects, err := l.Trees.Installation(c.Name)
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
	if err := c.Apply(ctx, installer, append(objects, secret)); err != nil {
		return err
	}
	if err := ApplyFiles(ctx, c, installer, "testdata/telemetry.yaml"); err != nil {
		return err
	}
	return Available(ctx, c, "istio-system", "istiod")
}

// Federate applies what connects a cluster to others, and the applications.
func (l *Lab) Federate(ctx context.Context, c *cluster.Cluster) error {
	files := []string{"httpbin.yaml", "sleep.yaml"}
	for _, file := range files {
		if err := ApplyFiles(ctx, c, "team", filepath.Join("testdata", file)); err != nil {
			return err
		}
	}
	objects, err := l.Trees.Federation(c.Name)
	if err != nil {
		return err
	}
	if err := c.Apply(ctx, federator, objects); err != nil {
		return err
	}
	for _, name := range []string{"httpbin", "sleep"} {
		if err := Available(ctx, c, name, name); err != nil {
			return err
		}
	}
	return nil
}
