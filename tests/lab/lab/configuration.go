package lab

import (
	"fmt"
	"math"
	"slices"
	"strings"

	cluster "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	endpoint "github.com/envoyproxy/go-control-plane/envoy/config/endpoint/v3"
	tlsv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/tls/v3"
	"istio.io/istio/pilot/pkg/xds/endpoints"

	"meshfedc/lab/oracle"
	"meshfedc/lab/world"
)

// judgeConfiguration compares what calls alone cannot show, in what istiod gives the client's proxy: the identities
// that it demands, exactly, and the shares of the places that calls go to, to the last digit.
func (l *Lab) judgeConfiguration(verdict *Verdict, client *world.Pod, export *oracle.Export) {
	answers := l.Federation.Answers(client.As(), export)
	if len(answers) == 0 || !l.Federation.Others(client.Cluster, export) {
		return
	}
	verdict.Compared++
	plane := l.planes[l.Site(client.Cluster)]
	proxy := plane.Proxy(client)
	name := clusterName(export.Host, export.Ports[0].Number)
	all := plane.Clusters(proxy)
	at := slices.IndexFunc(all, func(c *cluster.Cluster) bool { return c.Name == name })
	if at < 0 {
		verdict.wrong("%s has no cluster %s", client.Key(), name)
		return
	}
	if wanted := l.Federation.Accepted(client.Cluster, export); len(wanted) > 0 {
		if demanded := identities(all[at]); !slices.Equal(demanded, wanted) {
			verdict.wrong("%s accepts %v of %s; wanted %v", client.Key(), demanded, export.Host, wanted)
		}
	}
	if sni, wanted := serverName(all[at]), l.Federation.Asked(export, export.Ports[0]); sni != wanted {
		verdict.wrong("%s asks for %s by %s; wanted %s", client.Key(), export.Host, sni, wanted)
	}
	shares := l.Shares(client, export.Host, export.Ports[0].Number)
	wanted := map[string]float64{}
	for _, answer := range answers {
		wanted[target(answer)] += answer.Share
	}
	for where, share := range wanted {
		if math.Abs(share-shares[where]) > 1e-9 {
			verdict.wrong("%s: %.4f of the calls to %s go to %s; wanted %.4f", client.Key(), shares[where], export.Host, where, share)
		}
	}
}

// Upstream is what a client's proxy is told of a host's port; nil if it knows none.
func (l *Lab) Upstream(client *world.Pod, host string, port int) *cluster.Cluster {
	plane := l.planes[l.Site(client.Cluster)]
	all := plane.Clusters(plane.Proxy(client))
	at := slices.IndexFunc(all, func(c *cluster.Cluster) bool { return c.Name == clusterName(host, port) })
	if at < 0 {
		return nil
	}
	return all[at]
}

func clusterName(host string, port int) string { return fmt.Sprintf("outbound|%d||%s", port, host) }

// Shares are the places that a client's calls to a host go to while all is well: "home" or a remote network.
func (l *Lab) Shares(client *world.Pod, host string, port int) map[string]float64 {
	plane := l.planes[l.Site(client.Cluster)]
	builder := endpoints.NewEndpointBuilder(clusterName(host, port), plane.Proxy(client), plane.PushContext())
	return l.shares(client, builder.BuildClusterLoadAssignment(plane.Discovery.Env.EndpointIndex))
}

// secured are the ways in which a proxy dials the cluster's endpoints by TLS: one for all, or one for those that are known to
// take it.
func secured(of *cluster.Cluster) []*tlsv3.UpstreamTlsContext {
	sockets := []*core.TransportSocket{of.TransportSocket}
	for _, match := range of.TransportSocketMatches {
		sockets = append(sockets, match.TransportSocket)
	}
	var found []*tlsv3.UpstreamTlsContext
	for _, socket := range sockets {
		context := &tlsv3.UpstreamTlsContext{}
		if socket.GetTypedConfig().MessageIs(context) && socket.GetTypedConfig().UnmarshalTo(context) == nil {
			found = append(found, context)
		}
	}
	return found
}

// identities are the SANs that a proxy demands of the cluster's endpoints, sorted.
func identities(of *cluster.Cluster) []string {
	var found []string
	for _, context := range secured(of) {
		for _, san := range context.GetCommonTlsContext().GetCombinedValidationContext().GetDefaultValidationContext().GetMatchSubjectAltNames() {
			found = append(found, san.GetExact())
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// serverName is what a proxy asks the cluster's endpoints for.
func serverName(of *cluster.Cluster) string {
	for _, context := range secured(of) {
		return context.GetSni()
	}
	return ""
}

// target is the place of an answer as endpoints show it: the client's own cluster, or a remote network.
func target(answer oracle.Answer) string {
	if answer.Way == oracle.Home {
		return "home"
	}
	if answer.Way == oracle.Near {
		return "near " + answer.Cluster.Name
	}
	return answer.Door.Network
}

// shares adds up the weights of the endpoints that are used while all is well: within a locality each has its own part
// of the locality's weight, which is their sum unless calls are shared out among localities.
func (l *Lab) shares(client *world.Pod, assignment *endpoint.ClusterLoadAssignment) map[string]float64 {
	shares, total := map[string]float64{}, 0.0
	for _, group := range assignment.Endpoints {
		if group.Priority != 0 || len(group.LbEndpoints) == 0 {
			continue
		}
		weight := func(one *endpoint.LbEndpoint) float64 {
			return float64(max(one.GetLoadBalancingWeight().GetValue(), 1))
		}
		sum := 0.0
		for _, one := range group.LbEndpoints {
			sum += weight(one)
		}
		whole := sum
		if given := group.GetLoadBalancingWeight().GetValue(); given > 0 {
			whole = float64(given)
		}
		for _, one := range group.LbEndpoints {
			address := one.GetEndpoint().GetAddress().GetSocketAddress()
			shares[l.behind(client, address.GetAddress(), int(address.GetPortValue()))] += weight(one) / sum * whole
		}
		total += whole
	}
	for place := range shares {
		shares[place] /= total
	}
	return shares
}

// behind is where an address of a client's configuration leads.
func (l *Lab) behind(client *world.Pod, ip string, port int) string {
	for _, door := range l.Doors {
		if door.IP == ip && door.Port == port {
			return door.Behind.Cluster.Network
		}
	}
	for _, pod := range l.Pods() {
		if pod.Role == world.Workload && pod.Cluster != client.Cluster && pod.Cluster.Network == client.Cluster.Network && slices.Contains(pod.Inside, ip) {
			return "near " + pod.Cluster.Name
		}
	}
	for _, pod := range l.Site(client.Cluster).Pods {
		if !slices.Contains(pod.Inside, ip) {
			continue
		}
		if pod.Role == world.Workload {
			return "home"
		}
		for _, remote := range l.RemoteNetworks(client.Cluster) {
			if client.Cluster.ByEgress(remote) && l.Federation.EgressPort(remote) == port {
				return remote
			}
		}
	}
	return strings.Join([]string{"nowhere:", ip, fmt.Sprint(port)}, " ")
}
