package world

import (
	"maps"
	"net/netip"
	"slices"

	"meshfedc/lab/oracle"
)

const (
	nameLabel    = "gateway.networking.k8s.io/gateway-name"
	networkLabel = "topology.istio.io/network"
)

// deployGateways plays Istio's deployment controller and the load balancer: each Gateway of class `istio` gets a Service,
// a pod and its endpoints. A gateway that is there already gets the same, with nothing but what its installation says.
func (s *Site) deployGateways(world *World) {
	for _, object := range s.Objects {
		if object.Kind() != "Gateway" || !object.GatewayAPI() || !deployed(object) {
			continue
		}
		labels := labelsOf(object.at("spec", "infrastructure", "labels"))
		if len(labels) == 0 { // the controller copies the Gateway's own only then
			labels = labelsOf(object.at("metadata", "labels"))
		}
		labels[nameLabel] = object.Name()
		labels["gateway.networking.k8s.io/gateway-class-name"] = "istio"
		ports := map[string]any{}
		for _, listener := range list(object.at("spec", "listeners")) {
			ports[str(listener["name"])] = listener["port"]
		}
		role := EgressGateway
		own := s.Cluster.Gateway
		if own != nil && own.Deploy && own.Name == object.Name() && object.Namespace() == own.Namespace {
			role = EastWest
		}
		s.deploy(role, object.Name()+"-istio", object.Namespace(), labels, map[string]string{nameLabel: object.Name()}, ports)
	}
	if own := s.Cluster.Gateway; own != nil && !own.Deploy {
		labels := maps.Clone(own.Selector)
		if own.View { // in Istio's own charts one value sets the label and the view
			labels[networkLabel] = s.Cluster.Network
		}
		service := own.Name
		if own.Router != nil {
			service = own.Router.Service
		}
		s.deploy(EastWest, service, own.Namespace, labels, own.Selector, map[string]any{"tls": 15443})
		s.passAlready(own)
	}
	s.playExistingEgress(world)
}

// deployed says whether the controller makes something of a Gateway: not where several addresses, or a name, say that it is
// there already (pilot/pkg/config/kube/gatewaycommon, IsManaged).
func deployed(gateway Object) bool {
	addresses := list(gateway.at("spec", "addresses"))
	here := len(addresses) == 0 || len(addresses) == 1 && slices.Contains([]string{"", "IPAddress"}, str(addresses[0]["type"]))
	return here && str(gateway.at("spec", "gatewayClassName")) == "istio"
}

// passAlready adds the Gateway of others that an existing gateway has: the one of Istio's guide to several networks.
func (s *Site) passAlready(gateway *oracle.Gateway) {
	if len(gateway.Passes) == 0 {
		return
	}
	var hosts []any
	for _, host := range gateway.Passes {
		hosts = append(hosts, host)
	}
	s.Objects = append(s.Objects, Object{"apiVersion": "networking.istio.io/v1", "kind": "Gateway",
		"metadata": map[string]any{"name": "cross-network-gateway", "namespace": gateway.Namespace},
		"spec": map[string]any{"selector": anyMap(gateway.Selector), "servers": []any{map[string]any{
			"port":  map[string]any{"number": 15443, "name": "tls", "protocol": "TLS"},
			"tls":   map[string]any{"mode": "AUTO_PASSTHROUGH"},
			"hosts": hosts}}}})
}

// playExistingEgress adds the egress gateway that is there already, with a port for each network that it leads to: none if every
// network is left directly.
func (s *Site) playExistingEgress(world *World) {
	own, ports := s.Cluster.Egress, map[string]any{}
	for _, network := range world.RemoteNetworks(s.Cluster) {
		if s.Cluster.ByEgress(network) {
			ports["tls-"+network] = world.Federation.EgressPort(network)
		}
	}
	if !own.Deploy {
		s.deploy(EgressGateway, own.Service, own.Namespace, maps.Clone(own.Selector), own.Selector, ports)
	}
}

func (s *Site) deploy(role Role, name, namespace string, labels, selector map[string]string, ports map[string]any) {
	podLabels := maps.Clone(labels)
	podLabels["service.istio.io/canonical-name"] = name
	podLabels["sidecar.istio.io/inject"] = "false"
	sendsOn := role == EastWest && labels[networkLabel] == ""
	pod := s.addPod(&Pod{Role: role, Name: name + "-0", Namespace: namespace, Account: name, Labels: podLabels,
		NetworkView: labels[networkLabel]}, role == EgressGateway || sendsOn)
	rows := []any{map[string]any{"name": "status-port", "port": 15021, "targetPort": 15021, "protocol": "TCP"}}
	for portName, port := range ports {
		rows = append(rows, map[string]any{"name": portName, "port": port, "targetPort": port, "protocol": "TCP"})
	}
	service := Object{"apiVersion": "v1", "kind": "Service",
		"metadata": map[string]any{"name": name, "namespace": namespace, "labels": anyMap(labels)},
		"spec":     map[string]any{"selector": anyMap(selector), "ports": rows}}
	switch role {
	case EastWest:
		s.EastWest = pod
		service.spec()["type"] = s.Cluster.Gateway.ServiceType
		if s.Cluster.Gateway.ServiceType == "LoadBalancer" && !s.Cluster.Gateway.Pending {
			service["status"] = map[string]any{"loadBalancer": map[string]any{"ingress": ingress(s.Cluster.Gateway.Addresses)}}
		}
	case EgressGateway:
		s.DNS[name+"."+namespace+".svc.cluster.local"] = pod.Inside[0]
	}
	s.Objects = append(s.Objects, service, endpointSlice(service, pod))
}

func ingress(addresses []string) []any {
	var rows []any
	for _, address := range addresses {
		kind := "hostname"
		if _, err := netip.ParseAddr(address); err == nil {
			kind = "ip"
		}
		rows = append(rows, map[string]any{kind: address})
	}
	return rows
}
