// Package lab runs a federation: an istiod per cluster, a host with a real Envoy per pod, load balancers in front of
// the gateways, applications that say who they are. One lab at a time, in a network namespace of its own.
package lab

import (
	"fmt"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	secret "github.com/envoyproxy/go-control-plane/envoy/service/secret/v3"
	"google.golang.org/grpc"

	"meshfedc/lab/control"
	"meshfedc/lab/envoy"
	"meshfedc/lab/network"
	"meshfedc/lab/pki"
	"meshfedc/lab/world"
)

// Envoy is the binary's path, from the environment.
func Envoy() string { return os.Getenv("LAB_ENVOY") }

const (
	secretsPort = 15090
	istiodPort  = 15100 // and on: one per cluster
)

// Lab is a running federation.
type Lab struct {
	*world.World
	t         testing.TB
	fabric    *network.Fabric
	planes    map[*world.Site]*control.Plane
	hosts     map[*world.Pod]*network.Host
	proxies   map[*world.Pod]*envoy.Proxy
	apps      map[*world.Pod][]func()
	balancers *balancers
	routers   map[*world.Site]*network.Host
	cacerts   map[*world.Site]*pki.Authority // what istiods sign with
	secrets   *pki.Secrets
	shown     map[*world.Pod]*pki.Identity
	settings  Settings
	directory string // of the proxies' files
}

// Settings change what an installation says of its own accord.
type Settings struct {
	Options   func(site *world.Site, options *control.Options) // may change what is installed, too; nil: it does not
	Authority map[string]*pki.Authority                        // by mesh; nil: those whose certificates are installed
	// What a pod shows in place of its own identity; nil, or nil of a pod: nothing else.
	Shows func(pod *world.Pod) *pki.Identity
}

// Start runs a planned world until the test ends. It returns when every proxy has its whole configuration.
func Start(t testing.TB, planned *world.World, settings Settings) *Lab {
	lab := &Lab{World: planned, t: t, planes: map[*world.Site]*control.Plane{}, hosts: map[*world.Pod]*network.Host{},
		routers: map[*world.Site]*network.Host{}, proxies: map[*world.Pod]*envoy.Proxy{}, apps: map[*world.Pod][]func(){},
		cacerts: map[*world.Site]*pki.Authority{}, secrets: pki.NewSecrets(), shown: map[*world.Pod]*pki.Identity{}, settings: settings}
	lab.must(lab.makeNetworks())
	lab.must(lab.makeAuthorities())
	lab.must(lab.startPlanes())
	lab.must(lab.startHosts())
	lab.must(lab.startRouters())
	lab.must(lab.startBalancers())
	lab.must(lab.startProxies())
	return lab
}

func (l *Lab) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *Lab) makeNetworks() error {
	var err error
	if l.fabric, err = network.New(); err != nil {
		return err
	}
	l.t.Cleanup(l.fabric.Close)
	done := map[string]bool{}
	for _, site := range l.Sites {
		name := site.Cluster.Network
		if done[name] {
			continue
		}
		done[name] = true
		if err := l.fabric.AddNetwork(name, l.Bridge(name)); err != nil {
			return err
		}
	}
	return nil
}

// makeAuthorities makes intermediates of one root, where there are none yet.
func (l *Lab) makeAuthorities() error {
	known := l.settings.Authority
	if known == nil {
		known = l.World.Authorities
	}
	meshes := map[string]*pki.Authority{}
	maps.Copy(meshes, known)
	root, err := pki.NewRoot()
	if err != nil {
		return err
	}
	for _, site := range l.Sites {
		mesh := site.Cluster.Mesh
		if meshes[mesh] == nil {
			if meshes[mesh], err = root.Intermediate(mesh); err != nil {
				return err
			}
		}
		l.cacerts[site] = meshes[mesh]
	}
	return nil
}

// bridgeIP is where the lab itself is on a site's network.
func (l *Lab) bridgeIP(site *world.Site) string {
	prefix := l.Bridge(site.Cluster.Network)
	return prefix[:len(prefix)-len("/16")]
}

func (l *Lab) istiod(site *world.Site) string {
	return fmt.Sprintf("%s:%d", l.bridgeIP(site), istiodPort+site.Index)
}

func (l *Lab) startPlanes() error {
	server := grpc.NewServer()
	secret.RegisterSecretDiscoveryServiceServer(server, l.secrets)
	l.t.Cleanup(server.Stop)
	listening := map[string]bool{}
	for _, site := range l.Sites {
		l.startPlane(site)
		address := fmt.Sprintf("%s:%d", l.bridgeIP(site), secretsPort)
		if listening[address] {
			continue
		}
		listening[address] = true
		if err := serve(server, address); err != nil {
			return err
		}
	}
	return nil
}

func (l *Lab) startPlane(site *world.Site) {
	options := control.Options{Listen: l.istiod(site)}
	ReadOthers(l.World, site, &options)
	if l.settings.Options != nil {
		l.settings.Options(site, &options)
	}
	l.planes[site] = control.Start(l.t, site, options)
}

// ReadOthers gives an istiod what remote secrets would. What the gateways do not pass, which are the ordinary Services of
// exports with hosts of their own, is local to each cluster, as such a mesh must say.
func ReadOthers(planned *world.World, site *world.Site, options *control.Options) {
	if !site.Cluster.RemoteSecrets {
		return
	}
	for _, other := range planned.Sites {
		if other != site && other.Cluster.Mesh == site.Cluster.Mesh {
			options.Reads = append(options.Reads, other)
		}
	}
	options.ClusterLocal = ClusterLocal(planned, site)
}

// ClusterLocal are the hosts whose endpoints in other clusters do not count.
func ClusterLocal(planned *world.World, site *world.Site) []string {
	hosts := []string{}
	for _, export := range planned.Federation.Exports {
		if site.Cluster.RemoteSecrets && !export.Service && !export.Alias {
			hosts = append(hosts, export.In(site.Cluster).OrdinaryHost())
		}
	}
	return hosts
}

func serve(server *grpc.Server, address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	go func() { _ = server.Serve(listener) }()
	return nil
}

func (l *Lab) startHosts() error {
	for _, pod := range l.Pods() {
		legs := []network.Leg{{Network: pod.Cluster.Network, Addresses: prefixes(pod.Inside)}}
		if len(pod.Outside) > 0 {
			legs = append(legs, network.Leg{Addresses: prefixes(pod.Outside)})
		}
		host, err := l.fabric.AddHost(pod.Key(), legs...)
		if err != nil {
			return err
		}
		l.hosts[pod] = host
		if !pod.Router() {
			if err := host.Intercept(); err != nil {
				return err
			}
		}
		if pod.Role == world.EgressGateway { // Envoy looks up the names of remote gateways itself
			packets, err := host.ListenPacket("127.0.0.1:53")
			if err != nil {
				return err
			}
			control.ServeNames(l.t, packets, l.Site(pod.Cluster).DNS)
		}
		if pod.Role == world.Workload {
			if err := l.Revive(pod); err != nil {
				return err
			}
		}
	}
	return nil
}

func prefixes(addresses []string) []string {
	var found []string
	for _, address := range addresses {
		found = append(found, fmt.Sprintf("%s/%d", address, world.PrefixLength(address)))
	}
	return found
}

// show gives the pod's proxy what its agent would get for it: a certificate of its istiod, or what the settings say.
func (l *Lab) show(pod *world.Pod) error {
	site := l.Site(pod.Cluster)
	identity, err := l.cacerts[site].Issue(l.planes[site].Identity(pod))
	if err != nil {
		return err
	}
	if l.settings.Shows != nil {
		if other := l.settings.Shows(pod); other != nil {
			identity = other
		}
	}
	if identity.Root, err = l.planes[site].Anchors(l.cacerts[site].Root); err != nil {
		return err
	}
	l.shown[pod] = identity
	l.secrets.Add(control.NodeID(pod), identity)
	return nil
}

func (l *Lab) startProxies() error {
	var err error
	if l.directory, err = os.MkdirTemp("", "envoys"); err != nil { // a short name: what a socket's path may have is 107 bytes
		return err
	}
	l.t.Cleanup(func() { _ = os.RemoveAll(l.directory) })
	for _, pod := range l.Pods() {
		if err := l.startProxy(pod); err != nil {
			return err
		}
	}
	return l.ready(l.Pods()...)
}

func (l *Lab) startProxy(pod *world.Pod) error {
	if err := l.show(pod); err != nil {
		return err
	}
	site := l.Site(pod.Cluster)
	proxy, err := envoy.Start(l.hosts[pod], envoy.Options{
		Binary: Envoy(), Directory: filepath.Join(l.directory, fmt.Sprint(slices.Index(l.Pods(), pod))), Node: control.Node(pod),
		Istiod: l.istiod(site), Secrets: fmt.Sprintf("%s:%d", l.bridgeIP(site), secretsPort)})
	if err != nil {
		return err
	}
	l.t.Cleanup(proxy.Stop)
	l.proxies[pod] = proxy
	return nil
}

func (l *Lab) ready(pods ...*world.Pod) error {
	deadline := time.Now().Add(60 * time.Second)
	for _, pod := range pods {
		if err := l.proxies[pod].Ready(deadline); err != nil {
			return err
		}
	}
	return nil
}

// Rejections are what Envoys refused, by pod; none if all is well.
func (l *Lab) Rejections() map[string][]string {
	found := map[string][]string{}
	for pod, proxy := range l.proxies {
		if rejections := proxy.Rejections(); len(rejections) > 0 {
			found[pod.Key()] = rejections
		}
	}
	return found
}
