package reach

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	cluster "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	endpoint "github.com/envoyproxy/go-control-plane/envoy/config/endpoint/v3"
	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	tlsv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/tls/v3"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/xds/endpoints"

	"meshfedc/lab/control"
	"meshfedc/lab/oracle"
	"meshfedc/lab/world"
)

const exact = 1e-9

// Comparison collects what differs.
type Comparison struct {
	World    *world.World
	Planes   map[*world.Site]*control.Plane
	Table    *Table
	Compared int
	Wrong    []string
}

func (c *Comparison) wrong(format string, arguments ...any) {
	c.Wrong = append(c.Wrong, fmt.Sprintf(format, arguments...))
}

// Run compares every client with every host, and every gateway.
func (c *Comparison) Run() {
	for _, site := range c.World.Sites {
		plane := c.Planes[site]
		for _, pod := range site.Pods {
			switch {
			case pod.Role == world.Client:
				c.client(plane, pod)
			case pod.Router():
				c.gateway(plane, pod)
			}
		}
	}
}

func (c *Comparison) client(plane *control.Plane, client *world.Pod) {
	proxy := plane.Proxy(client)
	clusters := map[string]*cluster.Cluster{}
	for _, one := range plane.Clusters(proxy) {
		clusters[one.Name] = one
	}
	for _, export := range c.World.Federation.Exports {
		for _, port := range export.Ports {
			answer := c.Table.Answer(client, export.Host, port.Number)
			name := fmt.Sprintf("%s calls %s:%d", client.Key(), export.Host, port.Number)
			if answer == nil {
				c.wrong("%s: there is no answer", name)
				continue
			}
			c.Compared++
			c.istiod(plane, proxy, client, clusters, name, answer)
			c.oracle(client, export, name, answer)
		}
	}
}

// istiod compares an answer with the configuration of the client's proxy.
func (c *Comparison) istiod(plane *control.Plane, proxy *model.Proxy, client *world.Pod, clusters map[string]*cluster.Cluster,
	name string, answer *Answer,
) {
	named := fmt.Sprintf("outbound|%d||%s", answer.Port, answer.Host)
	generated := clusters[named]
	unseen := answer.has("MF1101") || answer.has("MF1102") || answer.has("MF1103")
	if (generated == nil) != unseen {
		c.wrong("%s: istiod generates a cluster: %t; %s %v", name, generated != nil, answer.Verdict, answer.Causes)
	}
	if generated == nil || unseen {
		return
	}
	if _, resolves := plane.Resolve(proxy, answer.Host); resolves == answer.has("MF1104") {
		c.wrong("%s: resolves: %t; %v", name, resolves, answer.Causes)
	}
	builder := endpoints.NewEndpointBuilder(named, proxy, plane.PushContext())
	wanted := shares(builder.BuildClusterLoadAssignment(plane.Discovery.Env.EndpointIndex))
	said := map[string]float64{}
	for _, one := range answer.Endpoints {
		if one.Share > 0 {
			said[c.address(plane.Site, one)] += one.Share
		}
	}
	if !same(wanted, said) {
		c.wrong("%s: istiod's shares are %v, not %v", name, wanted, said)
	}
	if demanded := identities(generated); len(said) > 0 && !slices.Equal(demanded, answer.Accepted) {
		c.wrong("%s: the proxy demands %v, not %v", name, demanded, answer.Accepted)
	}
}

// oracle compares an answer with who answers real calls, as the lab has seen.
func (c *Comparison) oracle(client *world.Pod, export *oracle.Export, name string, answer *Answer) {
	wanted := map[string]float64{}
	for _, one := range c.World.Federation.Answers(client.As(), export) {
		if one.Share > 0 {
			wanted[one.Cluster.Name] += one.Share
		}
	}
	verdict := "reached"
	switch {
	case len(wanted) == 0:
		verdict = "unresolved"
	case answer.has("MF1104") && len(export.VIPs) == 0:
		verdict = "unresolved"
	case !c.World.Federation.Allowed(client.As(), export):
		verdict = "refused"
	}
	if answer.Verdict != verdict {
		c.wrong("%s: %s %v; wanted %s", name, answer.Verdict, answer.Causes, verdict)
	}
	if verdict != "reached" {
		return
	}
	said := map[string]float64{}
	for _, end := range answer.Ends {
		said[end.Cluster] += end.Share
	}
	if !same(wanted, said) {
		c.wrong("%s: answered by %v; wanted %v", name, said, wanted)
	}
}

// gateway compares the names that a gateway passes.
func (c *Comparison) gateway(plane *control.Plane, gateway *world.Pod) {
	names := map[string]bool{}
	var twice []string
	for _, one := range plane.Listeners(plane.Proxy(gateway)) {
		port := int(one.GetAddress().GetSocketAddress().GetPortValue())
		chains, duplicates := snis(one)
		if len(duplicates) > 0 {
			twice = append(twice, duplicates...)
			continue // Envoy refuses it
		}
		for _, sni := range chains {
			names[fmt.Sprintf("%d %s", port, sni)] = true
		}
	}
	said := map[string]bool{}
	for _, one := range c.Table.passed {
		if one.Cluster == gateway.Cluster.Name && one.Gateway == gateway.Namespace+"/"+strings.TrimSuffix(gateway.Name, "-0") {
			said[fmt.Sprintf("%d %s", one.Port, one.Sni)] = true
		}
	}
	c.Compared += len(names) + 1
	if !maps.Equal(names, said) {
		c.wrong("%s passes %v, not %v", gateway.Key(), slices.Sorted(maps.Keys(names)), slices.Sorted(maps.Keys(said)))
	}
	foreseen := slices.ContainsFunc(c.Table.refused, func(cause Cause) bool {
		return cause.Code == "MF1110" && strings.HasPrefix(cause.Place, gateway.Cluster.Name+"/")
	})
	if foreseen != (len(twice) > 0) {
		c.wrong("%s has two chains for %v; foreseen: %t", gateway.Key(), twice, foreseen)
	}
}

// snis are the names that a listener has chains for, and those that it has two of.
func snis(of *listener.Listener) (names, twice []string) {
	seen := map[string]bool{}
	for _, chain := range of.FilterChains {
		protocols := strings.Join(chain.GetFilterChainMatch().GetApplicationProtocols(), ",")
		for _, name := range chain.GetFilterChainMatch().GetServerNames() {
			if seen[name+" "+protocols] {
				twice = append(twice, name)
			}
			seen[name+" "+protocols] = true
			names = append(names, name)
		}
	}
	return names, twice
}

// address is where an endpoint of an answer is in the lab.
func (c *Comparison) address(site *world.Site, one Endpoint) string {
	if one.Workload == "" {
		ip := one.Address
		if known, ok := site.DNS[ip]; ok {
			ip = known
		}
		return fmt.Sprintf("%s %d", ip, one.Port)
	}
	for _, pod := range site.Pods {
		if pod.Role == world.Workload && pod.Namespace+"/"+pod.Name == one.Workload {
			return fmt.Sprintf("%s %d", pod.Inside[0], one.Port)
		}
	}
	return "no pod " + one.Workload
}

// shares are the endpoints that are used while all is well: of the first priority that has any, by the weights of
// localities where they have one, and of endpoints.
func shares(assignment *endpoint.ClusterLoadAssignment) map[string]float64 {
	first := uint32(math.MaxUint32)
	for _, group := range assignment.Endpoints {
		if len(group.LbEndpoints) > 0 {
			first = min(first, group.Priority)
		}
	}
	found, total := map[string]float64{}, 0.0
	for _, group := range assignment.Endpoints {
		inside := 0.0
		for _, one := range group.LbEndpoints {
			inside += float64(max(one.GetLoadBalancingWeight().GetValue(), 1))
		}
		if group.Priority != first || inside == 0 {
			continue
		}
		for _, one := range group.LbEndpoints {
			address := one.GetEndpoint().GetAddress().GetSocketAddress()
			weight := float64(group.GetLoadBalancingWeight().GetValue()) * float64(max(one.GetLoadBalancingWeight().GetValue(), 1)) / inside
			found[fmt.Sprintf("%s %d", address.GetAddress(), address.GetPortValue())] += weight
			total += weight
		}
	}
	for place := range found {
		found[place] /= total
	}
	return found
}

func same(a, b map[string]float64) bool {
	if len(a) != len(b) {
		return false
	}
	for place, share := range a {
		if math.Abs(share-b[place]) > exact {
			return false
		}
	}
	return true
}

// identities are the SANs that a proxy demands of the cluster's endpoints, sorted.
func identities(of *cluster.Cluster) []string {
	found := []string{}
	for _, match := range of.TransportSocketMatches {
		context := &tlsv3.UpstreamTlsContext{}
		if match.TransportSocket.GetTypedConfig().UnmarshalTo(context) != nil {
			continue
		}
		for _, san := range context.GetCommonTlsContext().GetCombinedValidationContext().GetDefaultValidationContext().GetMatchSubjectAltNames() {
			found = append(found, san.GetExact())
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}
