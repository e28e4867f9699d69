package oracle

import "fmt"

// Sni is what Istio's proxies ask an east-west gateway for.
func Sni(port int, host string) string { return fmt.Sprintf("outbound_.%d_._.%s", port, host) }

// Exposed are the names that a cluster's east-west gateway must answer to, and no others.
func (f *Federation) Exposed(cluster *Cluster) map[string]*Export {
	names := map[string]*Export{}
	for _, export := range f.Exports {
		if !f.Serves(cluster, export) {
			continue
		}
		for _, port := range export.Ports {
			names[Sni(port.Number, export.Host)] = export
		}
	}
	return names
}

// Probes are names to try at every gateway: each host of the federation, and each workload's ordinary Service.
func (f *Federation) Probes() []string {
	var names []string
	for _, export := range f.Exports {
		for _, port := range export.Ports {
			names = append(names, Sni(port.Number, export.Host), Sni(port.Number, export.OrdinaryHost()))
		}
	}
	return names
}

// OrdinaryHost is the name of the Service that the export's workloads have in their own cluster anyway.
func (e *Export) OrdinaryHost() string {
	return fmt.Sprintf("%s.%s.svc.cluster.local", e.OrdinaryService(), e.Namespace)
}

// OrdinaryService is the Service's own name.
func (e *Export) OrdinaryService() string {
	if e.Service {
		return e.ServiceName
	}
	return e.Name
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
