package oracle

import (
	"fmt"
	"slices"
	"strings"
)

// Sni is what Istio's proxies ask an east-west gateway for.
func Sni(port int, host string) string { return fmt.Sprintf("outbound_.%d_._.%s", port, host) }

// AdminPort is a port that every workload and its ordinary Service have, and that nobody exports.
var AdminPort = Port{Name: "http-lab", Number: 9999, Target: 9999, Protocol: "http"}

// Exposed says whether a cluster's east-west gateway must lead to a port of a host; if not, it must lead nowhere.
//
// Of a Service it is all ports, also those that are not exported, whether by naming "service" or by a host of the same name:
// Istio's gateways pass a host, and the Service's ports are the application's. The README says so. What a Gateway of
// others passes is open as well.
func (f *Federation) Exposed(cluster *Cluster, host string, port int) bool {
	passed := cluster.passes(host)
	for _, export := range f.Exports {
		service := export.In(cluster).OrdinaryHost() == host
		if !(export.Host == host && f.Serves(cluster, export)) && !(service && passed && f.Local(cluster, export)) {
			continue
		}
		if export.HasPort(port) || service && port == AdminPort.Number && f.HasAdminPort(cluster, export) {
			return true
		}
	}
	return false
}

// passes says whether other Gateways pass a host on the cluster's existing gateway.
func (c *Cluster) passes(host string) bool {
	return c.Gateway != nil && slices.ContainsFunc(c.Gateway.Passes, func(passed string) bool {
		suffix, wildcard := strings.CutPrefix(passed, "*")
		return host == passed || wildcard && strings.HasSuffix(host, suffix)
	})
}

// HasPort says whether the export has a port of that number.
func (e *Export) HasPort(number int) bool {
	for _, port := range e.Ports {
		if port.Number == number {
			return true
		}
	}
	return false
}

// HasAdminPort says whether the ordinary Service of the export has the port that is not exported. Where the Service
// itself gets remote endpoints it has not: they would be endpoints of that port, too, and lead nowhere.
func (f *Federation) HasAdminPort(cluster *Cluster, export *Export) bool {
	return f.Local(cluster, export) && !export.Alias && (!export.Service || !f.Others(cluster, export))
}

// Name is a host and port to ask a gateway for.
type Name struct {
	Host string
	Port Port
}

// Names are what to try at every gateway: each host of the federation and each workload's ordinary Service, with its
// exported ports and with the one that is not.
func (f *Federation) Names() []Name {
	var names []Name
	for _, export := range f.Exports {
		hosts := []string{export.Host}
		if !export.Alias {
			hosts = append(hosts, export.OrdinaryHost())
		}
		for _, cluster := range f.Clusters {
			if !export.Alias && f.Local(cluster, export) {
				hosts = append(hosts, export.In(cluster).OrdinaryHost())
			}
		}
		slices.Sort(hosts)
		hosts = slices.Compact(hosts)
		for _, host := range hosts {
			for _, port := range export.Ports {
				names = append(names, Name{host, port})
			}
			names = append(names, Name{host, AdminPort})
		}
	}
	return names
}

// OrdinaryHost is the name of the Service that the export's workloads have in their own cluster anyway. Ask it of the
// export as it holds there: it is in their namespace.
func (e *Export) OrdinaryHost() string {
	return fmt.Sprintf("%s.%s.svc.cluster.local", e.OrdinaryService(), e.Namespace)
}

// OrdinaryService is the Service's own name.
func (e *Export) OrdinaryService() string {
	if e.Service {
		return e.ServiceName
	}
	return e.Of
}

// ForeignDomains are the other trust domains of a mesh's callers, which its control plane must be told to accept.
func (f *Federation) ForeignDomains(mesh string) []string {
	seen := map[string]bool{}
	var domains []string
	for _, server := range f.Clusters {
		for _, client := range f.Clusters {
			if server.Mesh != mesh || client.TrustDomain == server.TrustDomain || seen[client.TrustDomain] || !f.calls(client, server) {
				continue
			}
			seen[client.TrustDomain] = true
			domains = append(domains, client.TrustDomain)
		}
	}
	return domains
}

func (f *Federation) calls(client, server *Cluster) bool {
	for _, export := range f.Exports {
		if f.Serves(server, export) && f.Consumes(client, export) {
			return true
		}
	}
	return false
}
