package procedure

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"

	"meshfedc/scratch/cluster"
	"meshfedc/scratch/container"
	"meshfedc/scratch/kubelet"
	"meshfedc/scratch/machine"
)

// Where things are on this machine.
type Where struct {
	Compiler  string // meshfedc
	Examples  string
	Programs  string // a directory with what run.sh builds
	Envoy     string
	Bootstrap string // Istio's template of Envoy's configuration
	CRDs      string // a directory with those of the Gateway API
	Directory string // an empty one
}

// Lab is two clusters, and what is given to them.
type Lab struct {
	Where
	East, West     *cluster.Cluster
	Direct, Egress Trees // of the seed, and of the seed with an egress gateway
	Authorities    Authorities
}

const (
	readyIn    = 60 * time.Second
	pollsEvery = 200 * time.Millisecond
)

// Images are the programs that stand for images. Istio's are made as its Dockerfiles make them.
func (w Where) images() kubelet.Images {
	local := func(name string) container.Mount {
		return container.Mount{Source: filepath.Join(w.Programs, name), Target: "/usr/local/bin/" + name, ReadOnly: true}
	}
	return kubelet.Images{
		"pilot": {Files: []container.Mount{local("pilot-discovery")}, Command: []string{"pilot-discovery"}, User: 1337},
		"proxyv2": {Files: []container.Mount{local("pilot-agent"), {Source: w.Envoy, Target: "/usr/local/bin/envoy", ReadOnly: true},
			{Source: w.Bootstrap, Target: "/var/lib/istio/envoy/envoy_bootstrap_tmpl.json", ReadOnly: true}}, Command: []string{"pilot-agent"}},
		"coredns":    {Files: []container.Mount{local("coredns")}, Command: []string{"coredns"}},
		"go-httpbin": {Files: []container.Mount{local("go-httpbin")}, Command: []string{"go-httpbin"}},
		"curl":       {},
	}
}

// Start starts two empty clusters beside each other.
func Start(ctx context.Context, where Where) (*Lab, error) {
	wideArea, err := machine.NewSwitch("internet", "172.18.0.1/16")
	if err != nil {
		return nil, err
	}
	lab := &Lab{Where: where}
	start := func(into **cluster.Cluster, settings cluster.Settings) func() error {
		settings.Programs, settings.Images = cluster.Programs(where.Programs), where.images()
		settings.Directory = filepath.Join(where.Directory, settings.Name)
		return func() error {
			var err error
			*into, err = cluster.Start(ctx, settings, wideArea)
			return err
		}
	}
	return lab, both(
		start(&lab.East, cluster.Settings{Name: "east-cluster", Address: "172.18.0.2", Balancers: []string{"172.18.254.1"}}),
		start(&lab.West, cluster.Settings{Name: "west-cluster", Address: "172.18.0.3", Balancers: []string{"172.18.255.1"}}))
}

// Each does the same in both clusters, at once.
func (l *Lab) Each(do func(*cluster.Cluster) error) error {
	return both(func() error { return do(l.East) }, func() error { return do(l.West) })
}

func both(first, second func() error) error {
	var errs [2]error
	var all sync.WaitGroup
	all.Go(func() { errs[0] = first() })
	all.Go(func() { errs[1] = second() })
	all.Wait()
	if errs[0] != nil {
		return errs[0]
	}
	return errs[1]
}

// Mesh is the mesh of a cluster: of the seed's, "east-mesh" is that of "east-cluster".
func Mesh(c *cluster.Cluster) string { return c.Name[:len("east")] + "-mesh" }

// ApplyFiles applies YAML files.
func ApplyFiles(ctx context.Context, c *cluster.Cluster, manager string, files ...string) error {
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		objects, err := cluster.Parse(text)
		if err != nil {
			return err
		}
		if err := c.Apply(ctx, manager, objects); err != nil {
			return err
		}
	}
	return nil
}

// Available waits until a Deployment has as many pods that are ready as it wants, and no others, all as it says now.
func Available(ctx context.Context, c *cluster.Cluster, namespace, name string) error {
	var last *apps.Deployment
	err := Eventually(ctx, readyIn, func() (bool, error) {
		if err := c.Alive(); err != nil {
			return false, err
		}
		found, err := c.Client.AppsV1().Deployments(namespace).Get(ctx, name, meta.GetOptions{})
		if err != nil {
			return false, nil
		}
		last = found
		want := *found.Spec.Replicas
		return found.Status.ObservedGeneration == found.Generation && found.Status.Replicas == want &&
			found.Status.ReadyReplicas == want && found.Status.UpdatedReplicas == want, nil
	})
	if err != nil {
		return fmt.Errorf("%s: Deployment %s/%s is not available: %w\n%s", c.Name, namespace, name, err, state(ctx, c, namespace, last))
	}
	return nil
}

// state is what can be said of a Deployment's pods.
func state(ctx context.Context, c *cluster.Cluster, namespace string, deployment *apps.Deployment) string {
	if deployment == nil {
		return "it does not exist"
	}
	said := fmt.Sprintf("%+v\n", deployment.Status.Conditions)
	pods, err := c.Client.CoreV1().Pods(namespace).List(ctx, meta.ListOptions{LabelSelector: meta.FormatLabelSelector(deployment.Spec.Selector)})
	if err != nil {
		return said + err.Error()
	}
	for _, pod := range pods.Items {
		said += fmt.Sprintf("%s %s %s\n", pod.Name, pod.Status.Phase, pod.Status.Message)
		for _, one := range append(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses...) {
			said += fmt.Sprintf("  %s ready=%t restarts=%d\n", one.Name, one.Ready, one.RestartCount)
		}
	}
	return said
}

// Eventually waits until something is so. An error ends it at once.
func Eventually(ctx context.Context, within time.Duration, is func() (bool, error)) error {
	for deadline := time.Now().Add(within); ; time.Sleep(pollsEvery) {
		so, err := is()
		if err != nil || so {
			return err
		}
		if time.Now().After(deadline) || ctx.Err() != nil {
			return fmt.Errorf("not within %s", within)
		}
	}
}

// Pods are the pods of an application that are ready.
func Pods(ctx context.Context, c *cluster.Cluster, namespace, label string) ([]core.Pod, error) {
	list, err := c.Client.CoreV1().Pods(namespace).List(ctx, meta.ListOptions{LabelSelector: label})
	if err != nil {
		return nil, err
	}
	var ready []core.Pod
	for _, pod := range list.Items {
		for _, condition := range pod.Status.Conditions {
			if condition.Type == core.PodReady && condition.Status == core.ConditionTrue && pod.DeletionTimestamp == nil {
				ready = append(ready, pod)
			}
		}
	}
	return ready, nil
}
