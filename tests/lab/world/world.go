// Package world puts a cluster around what meshfedc wrote for it: workloads with their ordinary Services, clients, and
// what Kubernetes and Istio's controllers would add. It only plans; nothing runs here. What it plays is listed in the
// lab's README, because that is what the lab does not prove.
package world

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"meshfedc/lab/install"
	"meshfedc/lab/oracle"
	"meshfedc/lab/pki"
)

// Role is what a pod is for.
type Role string

const (
	Workload      Role = "workload"
	Client        Role = "client"
	EastWest      Role = "east-west gateway"
	EgressGateway Role = "egress gateway"
)

// Pod is a pod with a proxy.
type Pod struct {
	Cluster                  *oracle.Cluster
	Istiod                   *install.Istiod // the cluster's
	Role                     Role
	Name, Namespace, Account string
	Labels                   map[string]string
	Workload                 *oracle.Workload // nil: none
	NetworkView              string           // of a gateway: the only network whose endpoints it gets; empty: all
	Inside                   []string         // IPs in its network
	Outside                  []string         // IPs on the wide area; none without a way out
}

// Identity is the pod's SPIFFE ID.
func (p *Pod) Identity() string { return p.As().Identity() }

// As is the pod as a caller.
func (p *Pod) As() oracle.Client {
	return oracle.Client{Cluster: p.Cluster, Namespace: p.Namespace, Account: p.Account}
}

// Router says whether the proxy is a gateway's.
func (p *Pod) Router() bool { return p.Role == EastWest || p.Role == EgressGateway }

// Key names the pod in the whole lab.
func (p *Pod) Key() string { return fmt.Sprintf("%s/%s/%s", p.Cluster.Name, p.Namespace, p.Name) }

// Site is one cluster: what was compiled for it, and what is around that.
type Site struct {
	Cluster  *oracle.Cluster
	Istiod   *install.Istiod // as it is installed
	Index    int             // from 1
	Objects  []Object
	Compiled int // how many of them, from the first
	Pods     []*Pod
	EastWest *Pod              // nil: none
	Router   *Router           // before that; nil: none
	DNS      map[string]string // what istiod and the gateways can look up
	numbers  *numbering
	virtual  int
}

// World is the whole federation.
type World struct {
	Federation  *oracle.Federation
	Sites       []*Site
	Doors       []*Door
	Authorities map[string]*pki.Authority // by mesh, whose certificates are installed; nil: any
	numbers     *numbering
}

// Plan reads the trees below a directory, one per cluster, and plans the rest around the istiods that are installed.
func Plan(federation *oracle.Federation, trees string, installation *install.Installation) (*World, error) {
	world := &World{Federation: federation, Authorities: installation.Authorities, numbers: newNumbering()}
	for i, cluster := range federation.Clusters {
		site := &Site{Cluster: cluster, Index: i + 1, DNS: map[string]string{}, numbers: world.numbers,
			Istiod: installation.Istiods[cluster.Name].Clone()}
		var err error
		if site.Objects, err = ReadTree(filepath.Join(trees, cluster.Name)); err != nil {
			return nil, err
		}
		site.Compiled = len(site.Objects)
		site.deployGateways(world)
		site.addWorkloads(federation)
		for _, caller := range callers(federation, cluster) {
			site.addClient(caller.namespace, caller.account, direct(world, cluster))
		}
		site.addRouter()
		site.complete()
		world.Sites = append(world.Sites, site)
	}
	world.doors()
	for _, site := range world.Sites {
		maps.Copy(site.DNS, world.Names())
	}
	return world, nil
}

// Site is a cluster's.
func (w *World) Site(cluster *oracle.Cluster) *Site {
	at := slices.IndexFunc(w.Sites, func(s *Site) bool { return s.Cluster == cluster })
	return w.Sites[at]
}

// Pods are all of them.
func (w *World) Pods() []*Pod {
	var pods []*Pod
	for _, site := range w.Sites {
		pods = append(pods, site.Pods...)
	}
	return pods
}

func direct(world *World, cluster *oracle.Cluster) bool {
	return len(world.Read(cluster)) > 0 ||
		slices.ContainsFunc(world.RemoteNetworks(cluster), func(network string) bool { return !cluster.ByEgress(network) })
}

func (s *Site) addPod(pod *Pod, outside bool) *Pod {
	pod.Cluster, pod.Istiod = s.Cluster, s.Istiod
	pod.Inside, pod.Outside = s.numbers.pod(s.Cluster.Network)
	if !outside {
		pod.Outside = nil
	}
	s.Pods = append(s.Pods, pod)
	return pod
}

// clusterIP is the next virtual address of a Service, or, with the prefix of Istio's allocator, of a ServiceEntry.
func (s *Site) virtualIP(prefix string) string {
	s.virtual++
	return fmt.Sprintf("%s.%d.%d", prefix, s.Index, s.virtual)
}
