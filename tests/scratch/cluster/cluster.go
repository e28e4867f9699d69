package cluster

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"

	"meshfedc/scratch/kubelet"
	"meshfedc/scratch/machine"
)

// Both clusters have the same addresses inside, as clusters have that know nothing of each other.
const (
	pods        = "10.244.0"
	podRange    = pods + ".0/16"
	services    = "10.96.0.0/16"
	serviceHost = "10.96.0.1"
	dns         = "10.96.0.10"
	domain      = "cluster.local"
	port        = "6443"

	startsIn   = time.Minute
	pollsEvery = 100 * time.Millisecond
)

// Settings are what one cluster differs in from another.
type Settings struct {
	Name      string
	Address   string   // of its node, in the wide-area network
	Balancers []string // addresses for its Services
	Programs  Programs
	Images    kubelet.Images
	Directory string
}

// Cluster is a running one.
type Cluster struct {
	Settings
	Node    machine.Space
	Client  kubernetes.Interface
	Dynamic dynamic.Interface
	Kubelet *kubelet.Kubelet

	config    *rest.Config
	mapper    *restmapper.DeferredDiscoveryRESTMapper
	processes []*machine.Process
}

// Start starts a cluster, which runs until the context ends.
func Start(ctx context.Context, settings Settings, wideArea *machine.Switch) (*Cluster, error) {
	c := &Cluster{Settings: settings}
	if err := os.MkdirAll(c.Directory, 0o755); err != nil {
		return nil, err
	}
	if err := c.connect(wideArea); err != nil {
		return nil, err
	}
	if err := c.startServer(ctx); err != nil {
		return nil, err
	}
	node := kubelet.Cluster{Name: c.Name, Node: c.Node, NodeAddress: c.Address, Pods: pods, DNS: dns, ServiceHost: serviceHost,
		Domain: domain, Balancers: c.Balancers}
	var err error
	if c.Kubelet, err = kubelet.Start(ctx, node, c.Client, c.Images, c.Programs.path("contain"), c.Directory); err != nil {
		return nil, err
	}
	return c, c.startRest()
}

// connect makes the node: it passes on what is for its pods, and hides them from the wide area, as nodes do.
func (c *Cluster) connect(wideArea *machine.Switch) error {
	var err error
	if c.Node, err = machine.NewSpace(c.Name); err != nil {
		return err
	}
	if err := wideArea.Attach(c.Node, kubelet.WideArea, c.Address+"/16"); err != nil {
		return err
	}
	// The addresses of Services have no route of their own: they go where all the rest goes, and kube-proxy sees them there.
	if err := c.Node.Run("ip", "route", "add", "default", "dev", kubelet.WideArea); err != nil {
		return err
	}
	if err := c.Node.Set("net.ipv4.ip_forward", "1"); err != nil {
		return err
	}
	return c.Node.Run("iptables", "-t", "nat", "-A", "POSTROUTING", "-s", podRange, "-o", kubelet.WideArea, "-j", "MASQUERADE")
}

func (c *Cluster) startServer(ctx context.Context) error {
	if err := writeKey(c.file("accounts.key")); err != nil {
		return err
	}
	if err := os.WriteFile(c.file("tokens"), []byte(tokens), 0o600); err != nil {
		return err
	}
	if err := c.start("etcd", etcdArguments()...); err != nil {
		return err
	}
	if err := c.start(c.Programs.path("kube-apiserver"), c.serverArguments()...); err != nil {
		return err
	}
	c.config = &rest.Config{Host: "https://" + c.Address + ":" + port, BearerToken: "administrator", QPS: -1, WarningHandler: rest.NoWarnings{},
		TLSClientConfig: rest.TLSClientConfig{CAFile: c.file(authority)}}
	return c.await(ctx)
}

// startRest starts what talks to the API server.
func (c *Cluster) startRest() error {
	for _, user := range []string{"kube-controller-manager", "kube-proxy"} {
		if err := c.writeAccess(user); err != nil {
			return err
		}
	}
	if err := c.start(c.Programs.path("kube-controller-manager"), c.managerArguments()...); err != nil {
		return err
	}
	return c.start(c.Programs.path("kube-proxy"), c.proxyArguments()...)
}

func (c *Cluster) file(name string) string { return filepath.Join(c.Directory, name) }

// start runs a program of the control plane at the node.
func (c *Cluster) start(program string, arguments ...string) error {
	name := filepath.Base(program)
	command := c.Node.Command(program, arguments...)
	command.Dir = c.Directory
	process, err := machine.Start(c.Name+" "+name, c.file(name+".log"), command)
	if err != nil {
		return err
	}
	c.processes = append(c.processes, process)
	return nil
}

// await waits until the API server has made its certificate and says that it is ready.
func (c *Cluster) await(ctx context.Context) error {
	for deadline := time.Now().Add(startsIn); time.Now().Before(deadline); time.Sleep(pollsEvery) {
		if err := c.Alive(); err != nil {
			return err
		}
		if _, err := os.Stat(c.file(authority)); err != nil {
			continue
		}
		client, err := kubernetes.NewForConfig(c.config)
		if err != nil {
			return err
		}
		if _, err := client.RESTClient().Get().AbsPath("/readyz").DoRaw(ctx); err != nil {
			continue
		}
		c.Client = client
		c.mapper = restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(client.Discovery()))
		c.Dynamic, err = dynamic.NewForConfig(c.config)
		return err
	}
	return c.processes[len(c.processes)-1].Failure(fmt.Sprintf("is not ready after %s", startsIn))
}

// Alive is an error if a program of the control plane has ended.
func (c *Cluster) Alive() error {
	for _, process := range c.processes {
		if !process.Running() {
			return process.Failure("ended")
		}
	}
	return nil
}
