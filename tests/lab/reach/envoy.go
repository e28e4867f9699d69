package reach

import (
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strings"

	cluster "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	endpoint "github.com/envoyproxy/go-control-plane/envoy/config/endpoint/v3"
	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	tcp "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/tcp_proxy/v3"
	tlsv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/tls/v3"
)

// hello is what a listener sees of a connection before it chooses a filter chain.
type hello struct {
	port int
	tls  bool
	sni  string
	alpn []string
}

// chainFor chooses as Envoy does: criterion by criterion, the more specific value first, and never back. Nil: none.
func chainFor(of *listener.Listener, seen hello) *listener.FilterChain {
	chains := slices.Clone(of.FilterChains)
	match := func(chain *listener.FilterChain) *listener.FilterChainMatch { return chain.GetFilterChainMatch() }
	keep := func(wanted func(*listener.FilterChainMatch) bool, absent func(*listener.FilterChainMatch) bool) {
		kept := slices.DeleteFunc(slices.Clone(chains), func(c *listener.FilterChain) bool { return !wanted(match(c)) })
		if len(kept) == 0 {
			kept = slices.DeleteFunc(chains, func(c *listener.FilterChain) bool { return !absent(match(c)) })
		}
		chains = kept
	}
	keep(func(m *listener.FilterChainMatch) bool { return int(m.GetDestinationPort().GetValue()) == seen.port },
		func(m *listener.FilterChainMatch) bool { return m.GetDestinationPort() == nil })
	best := ""
	for _, chain := range chains {
		for _, name := range match(chain).GetServerNames() {
			if suits(seen.sni, name) && (best == "" || !strings.HasPrefix(name, "*") || strings.HasPrefix(best, "*") && len(name) > len(best)) {
				best = name
			}
		}
	}
	keep(func(m *listener.FilterChainMatch) bool {
		return best != "" && slices.Contains(m.GetServerNames(), best)
	},
		func(m *listener.FilterChainMatch) bool { return len(m.GetServerNames()) == 0 })
	transport := "raw_buffer"
	if seen.tls {
		transport = "tls"
	}
	keep(func(m *listener.FilterChainMatch) bool { return m.GetTransportProtocol() == transport },
		func(m *listener.FilterChainMatch) bool { return m.GetTransportProtocol() == "" })
	keep(func(m *listener.FilterChainMatch) bool {
		return slices.ContainsFunc(seen.alpn, func(one string) bool { return slices.Contains(m.GetApplicationProtocols(), one) })
	}, func(m *listener.FilterChainMatch) bool { return len(m.GetApplicationProtocols()) == 0 })
	if len(chains) == 0 {
		return of.DefaultFilterChain
	}
	return chains[0]
}

func suits(sni, name string) bool {
	suffix, wildcard := strings.CutPrefix(name, "*")
	return sni == name || wildcard && strings.HasSuffix(sni, suffix) && sni != suffix
}

// twice are names that a listener has two chains for, which Envoy refuses.
func twice(of *listener.Listener) []string {
	var found []string
	seen := map[string]bool{}
	for _, chain := range of.FilterChains {
		match := chain.GetFilterChainMatch()
		protocols := match.GetApplicationProtocols()
		if len(protocols) == 0 {
			protocols = []string{""}
		}
		for _, name := range match.GetServerNames() {
			for _, protocol := range protocols {
				key := fmt.Sprint(match.GetDestinationPort().GetValue(), name, match.GetTransportProtocol(), protocol)
				if seen[key] && !slices.Contains(found, name) {
					found = append(found, name)
				}
				seen[key] = true
			}
		}
	}
	return found
}

// leads are the clusters of a chain that passes on what it gets, with their shares; none if it does something else.
func leads(chain *listener.FilterChain) map[string]float64 {
	proxy := &tcp.TcpProxy{}
	for _, filter := range chain.GetFilters() {
		if !filter.GetTypedConfig().MessageIs(proxy) || filter.GetTypedConfig().UnmarshalTo(proxy) != nil {
			continue
		}
		if proxy.GetCluster() != "" {
			return map[string]float64{proxy.GetCluster(): 1}
		}
		found, total := map[string]float64{}, 0.0
		for _, one := range proxy.GetWeightedClusters().GetClusters() {
			found[one.Name] += float64(one.Weight)
			total += float64(one.Weight)
		}
		for name := range found {
			found[name] /= total
		}
		return found
	}
	return nil
}

// dialled is an endpoint of a cluster: where it is, and how it is dialled.
type dialled struct {
	address string
	port    int
	tls     *tlsv3.UpstreamTlsContext // nil: in plain text
	share   float64
}

// shares are the endpoints that are used while all is well: of the first priority that has any, by the weights of
// localities where they have one, and of endpoints. None where Envoy refuses them.
func shares(of *cluster.Cluster, assignment *endpoint.ClusterLoadAssignment) []dialled {
	first, names := uint32(math.MaxUint32), of.GetType() == cluster.Cluster_STRICT_DNS || of.GetType() == cluster.Cluster_LOGICAL_DNS
	for _, group := range assignment.GetEndpoints() {
		if len(group.LbEndpoints) > 0 {
			first = min(first, group.Priority)
		}
		for _, one := range group.LbEndpoints {
			if _, err := netip.ParseAddr(one.GetEndpoint().GetAddress().GetSocketAddress().GetAddress()); err != nil && !names {
				return nil
			}
		}
	}
	var found []dialled
	total := 0.0
	for _, group := range assignment.GetEndpoints() {
		inside := 0.0
		for _, one := range group.LbEndpoints {
			inside += float64(max(one.GetLoadBalancingWeight().GetValue(), 1))
		}
		if group.Priority != first || inside == 0 {
			continue
		}
		whole := inside
		if given := group.GetLoadBalancingWeight().GetValue(); given > 0 {
			whole = float64(given)
		}
		for _, one := range group.LbEndpoints {
			address := one.GetEndpoint().GetAddress().GetSocketAddress()
			share := whole * float64(max(one.GetLoadBalancingWeight().GetValue(), 1)) / inside
			found = append(found, dialled{address.GetAddress(), int(address.GetPortValue()), upstream(of, one), share})
			total += share
		}
	}
	for i := range found {
		found[i].share /= total
	}
	return found
}

// upstream is the TLS by which an endpoint is dialled: of the first match of its metadata, else the cluster's own.
func upstream(of *cluster.Cluster, one *endpoint.LbEndpoint) *tlsv3.UpstreamTlsContext {
	socket := of.GetTransportSocket()
	fields := one.GetMetadata().GetFilterMetadata()["envoy.transport_socket_match"].GetFields()
	for _, match := range of.GetTransportSocketMatches() {
		suits := true
		for key, wanted := range match.GetMatch().GetFields() {
			suits = suits && fields[key].GetStringValue() == wanted.GetStringValue()
		}
		if suits {
			socket = match.GetTransportSocket()
			break
		}
	}
	return clientSide(socket)
}

func clientSide(socket *core.TransportSocket) *tlsv3.UpstreamTlsContext {
	context := &tlsv3.UpstreamTlsContext{}
	if !socket.GetTypedConfig().MessageIs(context) || socket.GetTypedConfig().UnmarshalTo(context) != nil {
		return nil
	}
	return context
}

// accepts are the identities that a client's proxy takes; none: any.
func accepts(context *tlsv3.UpstreamTlsContext) []string {
	var found []string
	for _, san := range context.GetCommonTlsContext().GetCombinedValidationContext().GetDefaultValidationContext().GetMatchSubjectAltNames() {
		found = append(found, san.GetExact())
	}
	return found
}

// shows says whether a client's proxy has a certificate to show.
func shows(context *tlsv3.UpstreamTlsContext) bool {
	common := context.GetCommonTlsContext()
	return len(common.GetTlsCertificates())+len(common.GetTlsCertificateSdsSecretConfigs()) > 0
}

// serverSide is how a chain ends TLS; nil: it does not.
func serverSide(chain *listener.FilterChain) *tlsv3.DownstreamTlsContext {
	context := &tlsv3.DownstreamTlsContext{}
	config := chain.GetTransportSocket().GetTypedConfig()
	if !config.MessageIs(context) || config.UnmarshalTo(context) != nil {
		return nil
	}
	return context
}

// takes says whether a server takes the certificate of a client.
func takes(context *tlsv3.DownstreamTlsContext, identity string) bool {
	matches := context.GetCommonTlsContext().GetCombinedValidationContext().GetDefaultValidationContext().GetMatchSubjectAltNames()
	return len(matches) == 0 || slices.ContainsFunc(matches, func(one *matcher) bool { return text(one, identity) })
}
