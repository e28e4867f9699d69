package world

import (
	"fmt"
	"net/netip"
	"slices"

	"meshfedc/lab/oracle"
)

// numbering hands out addresses. The ranges are apart from those that federations declare.
type numbering struct {
	networks map[string]int // by name, from 1
	pods     map[string]int // by network
	names    map[string]string
}

func newNumbering() *numbering {
	return &numbering{networks: map[string]int{}, pods: map[string]int{}, names: map[string]string{}}
}

func (n *numbering) network(name string) int {
	if n.networks[name] == 0 {
		n.networks[name] = len(n.networks) + 1
	}
	return n.networks[name]
}

// pod is the next pod's addresses: in its network, and on the wide area.
func (n *numbering) pod(network string) (inside, outside []string) {
	net := n.network(network)
	n.pods[network]++
	host := n.pods[network]
	inside = []string{fmt.Sprintf("100.%d.%d.%d", 64+net, host/200, 10+host%200), fmt.Sprintf("fd00:%d::%x", net, 0x10+host)}
	outside = []string{fmt.Sprintf("172.31.%d.%d", net, host), fmt.Sprintf("fd01:%d::%x", net, host)}
	return inside, outside
}

// Bridge is the address, with its length, that the lab itself has in a network.
func (w *World) Bridge(network string) string {
	return fmt.Sprintf("100.%d.0.1/16", 64+w.numbers.network(network))
}

// PrefixLength is that of a pod's address.
func PrefixLength(address string) int {
	if netip.MustParseAddr(address).Is4() {
		return 16
	}
	return 32
}

// resolve is the IP of a gateway's address; a host name gets one.
func (n *numbering) resolve(address string) string {
	if ip, err := netip.ParseAddr(address); err == nil {
		return ip.String()
	}
	if n.names[address] == "" {
		n.names[address] = fmt.Sprintf("172.30.0.%d", len(n.names)+1)
	}
	return n.names[address]
}

// Names are the host names of gateways, with their IPs.
func (w *World) Names() map[string]string { return w.numbers.names }

// Door is an address of an east-west gateway that something listens on, and the pods that may dial it.
type Door struct {
	IP      string
	Port    int
	Behind  *Pod
	Router  *Router         // that stands between; nil: none
	Callers map[string]bool // IPs of the wide area
}

// doors gathers what every network dials, and who of it may.
func (w *World) doors() {
	byAddress := map[string]*Door{}
	for _, viewer := range w.Sites {
		for _, network := range w.RemoteNetworks(viewer.Cluster) {
			w.admit(byAddress, viewer, network, w.Federation.Doors(network, viewer.Cluster.Network))
		}
		for _, cluster := range w.Read(viewer.Cluster) {
			w.admit(byAddress, viewer, cluster.Network, cluster.DoorsOf())
		}
	}
}

// admit lets in those of the viewer's pods who dial a network.
func (w *World) admit(byAddress map[string]*Door, viewer *Site, network string, ways []oracle.Door) {
	for _, way := range ways {
		ip := w.numbers.resolve(way.Address)
		key := fmt.Sprintf("%s %d", ip, way.Port)
		door := byAddress[key]
		if door == nil {
			door = &Door{IP: ip, Port: way.Port, Behind: w.Site(way.Cluster).EastWest, Callers: map[string]bool{}}
			if way.Router {
				door.Router = w.Site(way.Cluster).Router
			}
			byAddress[key] = door
			w.Doors = append(w.Doors, door)
		}
		for _, pod := range viewer.Pods {
			if pod.leaves(network) {
				for _, address := range pod.Outside {
					door.Callers[address] = true
				}
			}
		}
	}
}

// Read are the clusters behind other gateways from which a cluster gets something because its istiod sees their pods.
func (w *World) Read(cluster *oracle.Cluster) []*oracle.Cluster {
	var read []*oracle.Cluster
	for _, export := range w.Federation.Exports {
		for _, other := range w.Federation.Found(cluster, export) {
			if other.Network != cluster.Network && other.Gateway != nil && !slices.Contains(read, other) {
				read = append(read, other)
			}
		}
	}
	return read
}

// leaves says whether the pod is who dials a network's gateways for its cluster. An east-west gateway does if it knows of
// other networks.
func (p *Pod) leaves(network string) bool {
	if p.Cluster.ByEgress(network) {
		return p.Role == EgressGateway
	}
	return p.Role == Client || p.Role == EastWest && p.NetworkView == ""
}

// RemoteNetworks are those that a cluster gets something from.
func (w *World) RemoteNetworks(cluster *oracle.Cluster) []string {
	seen := map[string]bool{}
	var networks []string
	for _, export := range w.Federation.Exports {
		for _, network := range w.Federation.Remote(cluster, export) {
			if !seen[network] {
				seen[network] = true
				networks = append(networks, network)
			}
		}
	}
	return networks
}
