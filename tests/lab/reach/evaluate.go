package reach

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	cluster "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/xds/endpoints"
	"istio.io/istio/pilot/test/xds"

	"meshfedc/lab/control"
	"meshfedc/lab/world"
)

const (
	nothing = 1e-12
	rounds  = 1000
	inbound = 15006 // where a sidecar takes what comes
)

// Evaluator follows calls through the configuration that istiods generate for proxies, as Envoys would take it.
type Evaluator struct {
	World  *world.World
	Planes map[*world.Site]*control.Plane
	Doors  []Door
	views  map[seen]*view
}

// seen is a proxy of an istiod.
type seen struct {
	server *xds.FakeDiscoveryServer
	pod    string
}

// Door is an address that is dialled from other networks, as the facts have it.
type Door struct {
	Address, Cluster, Namespace, Gateway string
	Port, Listener                       int
	Viewers                              []string
	Router                               bool
}

// view is a proxy's configuration.
type view struct {
	plane     *control.Plane
	proxy     *model.Proxy
	clusters  map[string]*cluster.Cluster
	listeners []*listener.Listener
}

// Outcome is what becomes of a client's calls to a port of a host.
type Outcome struct {
	Known, Resolves bool
	Endpoints       map[string]float64 // by address and port
	Accepted        []string
	Ends            map[string]float64 // by the pod's key and port
	Refused, Dead   float64
}

// Verdict is the word for it.
func (o *Outcome) Verdict(addressed bool) string {
	served := 0.0
	for _, share := range o.Ends {
		served += share
	}
	switch {
	case !o.Known, !o.Resolves && !addressed:
		return "unresolved"
	case served > 1-exact:
		return "reached"
	case served > exact:
		return "partly"
	case o.Refused > exact && o.Dead <= exact:
		return "refused"
	}
	return "unreachable"
}

// call is what all of its connections have in common.
type call struct {
	*Evaluator
	client  *world.Pod
	sni     string
	alpn    []string
	accepts []string
	shows   bool // a certificate
	outcome *Outcome
	stops   []*stop
}

// stop is a listener of a gateway where calls come by.
type stop struct {
	gateway   *world.Pod
	port      int
	now, next float64
}

func (e *Evaluator) see(pod *world.Pod) *view {
	plane := e.Planes[e.World.Site(pod.Cluster)]
	key := seen{plane.FakeDiscoveryServer, pod.Key()}
	if known := e.views[key]; known != nil {
		return known
	}
	fresh := &view{plane: plane, proxy: plane.Proxy(pod), clusters: map[string]*cluster.Cluster{}}
	for _, one := range plane.Clusters(fresh.proxy) {
		fresh.clusters[one.Name] = one
	}
	fresh.listeners = plane.Listeners(fresh.proxy)
	e.views[key] = fresh
	return fresh
}

// endpoints are those of a cluster; none where Envoy refuses them.
func (v *view) endpoints(name string) []dialled {
	of := v.clusters[name]
	if of == nil {
		return nil
	}
	if of.GetType() != cluster.Cluster_EDS {
		return shares(of, of.LoadAssignment)
	}
	builder := endpoints.NewEndpointBuilder(name, v.proxy, v.plane.PushContext())
	return shares(of, builder.BuildClusterLoadAssignment(v.plane.Discovery.Env.EndpointIndex))
}

// Call follows a client's calls.
func (e *Evaluator) Call(client *world.Pod, host string, port int) *Outcome {
	seen, outcome := e.see(client), &Outcome{Endpoints: map[string]float64{}, Ends: map[string]float64{}}
	name := fmt.Sprintf("outbound|%d||%s", port, host)
	if seen.clusters[name] == nil {
		return outcome
	}
	outcome.Known = true
	_, outcome.Resolves = seen.plane.Resolve(seen.proxy, host)
	outcome.Accepted = identities(seen.clusters[name])
	one := &call{Evaluator: e, client: client, outcome: outcome}
	targets := seen.endpoints(name)
	if len(targets) == 0 {
		outcome.Dead = 1
	}
	for _, target := range targets {
		outcome.Endpoints[fmt.Sprintf("%s %d", target.address, target.port)] += target.share
		if target.tls != nil {
			one.sni, one.accepts, one.shows = target.tls.GetSni(), accepts(target.tls), shows(target.tls)
			one.alpn = target.tls.GetCommonTlsContext().GetAlpnProtocols()
		}
		one.dial(client, target.address, target.port, target.tls != nil, target.share)
	}
	one.pass()
	return outcome
}

func (c *call) dial(from *world.Pod, address string, port int, tls bool, share float64) {
	site := c.World.Site(from.Cluster)
	ip := address
	if known, ok := site.DNS[address]; ok {
		ip = known
	}
	for _, pod := range c.World.Pods() {
		if pod.Cluster.Network == from.Cluster.Network && slices.Contains(pod.Inside, ip) {
			c.come(pod, port, tls, share)
			return
		}
	}
	if door := c.door(site, ip, port); door != nil {
		c.enter(door, tls, share)
		return
	}
	c.outcome.Dead += share
}

// door is where an address leads for callers of a network.
func (c *call) door(site *world.Site, ip string, port int) *Door {
	var forAll *Door
	for i, door := range c.Doors {
		known := door.Address
		if resolved, ok := site.DNS[known]; ok {
			known = resolved
		}
		if parsed, err := netip.ParseAddr(known); err == nil {
			known = parsed.String()
		}
		switch {
		case known != ip || door.Port != port:
		case len(door.Viewers) == 0:
			forAll = &c.Doors[i]
		case slices.Contains(door.Viewers, site.Cluster.Network):
			return &c.Doors[i]
		}
	}
	return forAll
}

// enter goes by a router, where one stands before the gateway.
func (c *call) enter(door *Door, tls bool, share float64) {
	site := c.World.Site(c.World.Federation.Cluster(door.Cluster))
	if door.Router {
		for _, route := range site.Routes() {
			if route.Host != c.sni || !tls {
				continue
			}
			for _, pod := range route.Pods {
				address, number, _ := strings.Cut(pod, ":")
				port, _ := strconv.Atoi(number)
				c.dialInside(site, address, port, share/float64(len(route.Pods)))
			}
			if len(route.Pods) > 0 {
				return
			}
		}
		c.outcome.Dead += share
		return
	}
	for _, pod := range site.Pods {
		if pod.Router() && pod.Namespace == door.Namespace && pod.Name == door.Gateway+"-0" {
			c.come(pod, door.Listener, tls, share)
			return
		}
	}
	c.outcome.Dead += share
}

func (c *call) dialInside(site *world.Site, address string, port int, share float64) {
	for _, pod := range site.Pods {
		if slices.Contains(pod.Inside, address) {
			c.come(pod, port, true, share)
			return
		}
	}
	c.outcome.Dead += share
}

func (c *call) come(pod *world.Pod, port int, tls bool, share float64) {
	switch {
	case !pod.Router():
		c.arrive(pod, port, tls, share)
	case !tls:
		c.outcome.Dead += share // passthrough goes by the server name
	default:
		at := slices.IndexFunc(c.stops, func(s *stop) bool { return s.gateway == pod && s.port == port })
		if at < 0 {
			at = len(c.stops)
			c.stops = append(c.stops, &stop{gateway: pod, port: port})
		}
		c.stops[at].next += share
	}
}

// pass leads what is at gateways on, round by round: some of it may come back.
func (c *call) pass() {
	for range rounds {
		left := 0.0
		for _, one := range c.stops {
			one.now, one.next = one.next, 0
			left += one.now
		}
		if left < nothing {
			return
		}
		for _, one := range slices.Clone(c.stops) {
			if one.now > 0 {
				c.lead(one)
			}
		}
	}
}

func (c *call) lead(at *stop) {
	seen := c.see(at.gateway)
	i := slices.IndexFunc(seen.listeners, func(l *listener.Listener) bool {
		return int(l.GetAddress().GetSocketAddress().GetPortValue()) == at.port
	})
	if i < 0 || len(twice(seen.listeners[i])) > 0 {
		c.outcome.Dead += at.now
		return
	}
	chain := chainFor(seen.listeners[i], hello{port: at.port, tls: true, sni: c.sni, alpn: c.alpn})
	if chain != nil && !admits(chain, "", at.port) {
		c.outcome.Refused += at.now
		return
	}
	ways := leads(chain)
	if len(ways) == 0 || serverSide(chain) != nil {
		c.outcome.Dead += at.now
	}
	for name, part := range ways {
		targets := seen.endpoints(name)
		if len(targets) == 0 {
			c.outcome.Dead += at.now * part
		}
		for _, target := range targets {
			if target.tls != nil { // what is encrypted already is encrypted again
				c.outcome.Dead += at.now * part * target.share
				continue
			}
			c.dial(at.gateway, target.address, target.port, true, at.now*part*target.share)
		}
	}
}

// arrive is the pod's side: encryption, the certificates of both, permissions, and whether anything listens.
func (c *call) arrive(pod *world.Pod, port int, tls bool, share float64) {
	seen := c.see(pod)
	i := slices.IndexFunc(seen.listeners, func(l *listener.Listener) bool {
		return int(l.GetAddress().GetSocketAddress().GetPortValue()) == inbound
	})
	if pod.Workload == nil || i < 0 {
		c.outcome.Dead += share
		return
	}
	chain := chainFor(seen.listeners[i], hello{port: port, tls: tls, sni: c.sni, alpn: c.alpn})
	identity := ""
	if tls && c.shows {
		identity = c.client.Identity()
	}
	ends := chain != nil && serverSide(chain) != nil
	switch {
	case !c.listens(pod, port):
		c.outcome.Dead += share
	case chain == nil, tls != ends, tls && !c.shows, tls && !takes(serverSide(chain), identity),
		tls && len(c.accepts) > 0 && !slices.Contains(c.accepts, pod.Identity()), !admits(chain, identity, port):
		c.outcome.Refused += share
	default:
		c.outcome.Ends[fmt.Sprintf("%s %d", pod.Key(), port)] += share
	}
}

func (c *call) listens(pod *world.Pod, port int) bool {
	for _, one := range pod.Workload.Ports() {
		if one.Target == port {
			return true
		}
	}
	return false
}
