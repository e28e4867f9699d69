package oracle

import "slices"

func (f *Federation) Cluster(name string) *Cluster {
	for _, cluster := range f.Clusters {
		if cluster.Name == name {
			return cluster
		}
	}
	return nil
}

// EgressPort is the port of an egress gateway that leads to a network.
func (f *Federation) EgressPort(network string) int { return f.egressPorts[network] }

func named(cluster *Cluster, names []string) bool {
	return slices.Contains(names, cluster.Name) || slices.Contains(names, cluster.Mesh)
}

// Serves says whether others are served from the cluster.
func (f *Federation) Serves(cluster *Cluster, export *Export) bool {
	return named(cluster, export.from)
}

// Local says whether the cluster has workloads of the export.
func (f *Federation) Local(cluster *Cluster, export *Export) bool {
	return named(cluster, export.from) || named(cluster, export.merge) && export.isHostAt(cluster)
}

// Sources are the networks that the export is served from, pending ones too, in the order of their clusters.
func (f *Federation) Sources(export *Export) []string {
	var networks []string
	for _, cluster := range f.Clusters {
		if f.Serves(cluster, export) && !slices.Contains(networks, cluster.Network) {
			networks = append(networks, cluster.Network)
		}
	}
	return networks
}

// Consumes says whether the cluster sees the export of others.
func (f *Federation) Consumes(cluster *Cluster, export *Export) bool {
	if !export.isHostAt(cluster) || cluster.imports != nil && !slices.Contains(cluster.imports, export.Of) {
		return false
	}
	if named(cluster, export.to) || named(cluster, export.merge) {
		return true
	}
	everybody := slices.Contains(export.to, "*")
	beside := slices.Contains(f.Sources(export), cluster.Network) && !f.Reads(cluster, cluster.Network)
	return everybody && !f.Serves(cluster, export) && !beside
}

// Pending says whether nothing of a network is reachable yet.
func (f *Federation) Pending(network string) bool {
	for _, cluster := range f.Clusters {
		if cluster.Network == network && cluster.Gateway != nil && !cluster.Gateway.Pending {
			return false
		}
	}
	return true
}

// Remote are the networks whose gateways a consumer dials for the export now: its own is left out, and those that its
// istiod reads.
func (f *Federation) Remote(cluster *Cluster, export *Export) []string {
	if !f.Consumes(cluster, export) {
		return nil
	}
	return slices.DeleteFunc(f.Sources(export), func(network string) bool {
		return network == cluster.Network || f.Pending(network) || f.Reads(cluster, network)
	})
}

// ByEgress says whether the cluster's calls to a network leave through its egress gateway.
func (c *Cluster) ByEgress(network string) bool {
	if mode, ok := c.egress[network]; ok {
		return mode == "gateway"
	}
	return c.egress["default"] == "gateway"
}

// Door is an address of an east-west gateway, as one network dials it.
type Door struct {
	Cluster *Cluster // behind it
	Address string   // an IP or a host name
	Port    int
	Router  bool // it is the gateway's router that is dialled
}

// Doors are the ways into a network for a viewer's network.
func (f *Federation) Doors(network, viewer string) []Door {
	var doors []Door
	for _, cluster := range f.Clusters {
		gateway := cluster.Gateway
		if cluster.Network != network || gateway == nil || gateway.Pending {
			continue
		}
		addresses, port := gateway.Addresses, gateway.Port
		if view, ok := gateway.Views[viewer]; ok {
			addresses = view.Addresses
			if view.Port != 0 {
				port = view.Port
			}
		}
		for _, address := range addresses {
			doors = append(doors, Door{cluster, address, port, gateway.Router != nil && port == gateway.Port})
		}
	}
	return doors
}

// Weight is what one source network counts, against one local pod.
func (e *Export) Weight(network string) int {
	if weight, ok := e.weight[network]; ok {
		return weight
	}
	return e.weight["default"]
}
