package world

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"meshfedc/lab/install"
	"meshfedc/lab/oracle"
)

// addWorkloads puts a pod for each workload of the cluster, and for each export that it has workloads of the ordinary
// Service that an application has anyway.
func (s *Site) addWorkloads(federation *oracle.Federation) {
	pods := map[*oracle.Workload]*Pod{}
	for _, workload := range federation.Running(s.Cluster) {
		name := workload.Name
		if s.Cluster.RemoteSecrets { // who reads several clusters keeps one pod of a name
			name += "-" + s.Cluster.Name
		}
		pods[workload] = s.addPod(&Pod{Role: Workload, Name: name, Namespace: workload.Namespace,
			Account: workload.Account, Labels: s.podLabels(workload.Labels), Workload: workload}, false)
	}
	for _, export := range federation.Exports {
		if !federation.Local(s.Cluster, export) || export.Alias {
			continue
		}
		here := export.In(s.Cluster)
		declared := slices.Clone(here.Ports)
		if federation.HasAdminPort(s.Cluster, export) {
			declared = append(declared, oracle.AdminPort)
		}
		var ports []any
		for _, port := range declared {
			ports = append(ports, map[string]any{"name": port.Name, "port": port.Number, "targetPort": port.Target,
				"protocol": "TCP", "appProtocol": port.Protocol})
		}
		selector := federation.OrdinarySelector(s.Cluster, export)
		service := Object{"apiVersion": "v1", "kind": "Service",
			"metadata": map[string]any{"name": export.OrdinaryService(), "namespace": here.Namespace},
			"spec":     map[string]any{"selector": anyMap(selector), "ports": ports}}
		var selected []*Pod
		for _, workload := range federation.Selected(s.Cluster, here.Namespace, selector) {
			selected = append(selected, pods[workload])
		}
		s.Objects = append(s.Objects, service, endpointSlice(service, selected...))
	}
}

// podLabels adds what the injector puts on every pod.
func (s *Site) podLabels(own map[string]string) map[string]string {
	labels := maps.Clone(own)
	if labels["service.istio.io/canonical-name"] == "" {
		labels["service.istio.io/canonical-name"] = own["app"]
	}
	labels["security.istio.io/tlsMode"] = "istio"
	labels[networkLabel] = s.Istiod.Injector[install.Network]
	return labels
}

func (s *Site) addClient(namespace, account string, outside bool) {
	name := namespace + "-" + account
	s.addPod(&Pod{Role: Client, Name: name, Namespace: namespace, Account: account,
		Labels: s.podLabels(map[string]string{"app": name})}, outside)
}

type caller struct{ namespace, account string }

// callers are the clients that a cluster needs so that each rule about callers and visibility has somebody it lets in
// and somebody it does not. Who is named has a namesake in every mesh, another account beside it, and its account in another
// namespace; and there are clients that nobody names.
func callers(federation *oracle.Federation, cluster *oracle.Cluster) []caller {
	found := []caller{{"stranger", "stranger"}}
	add := func(one caller) {
		if !slices.Contains(found, one) {
			found = append(found, one)
		}
	}
	var namespaces []string
	for _, export := range federation.Exports {
		if !federation.Local(cluster, export) && len(federation.Remote(cluster, export)) == 0 {
			continue
		}
		for _, entry := range export.Callers {
			part := strings.Split(entry, "/")
			if part[1] == "*" {
				continue
			}
			namespaces = append(namespaces, part[1])
			if part[2] != "*" {
				add(caller{part[1], part[2]})
				add(caller{part[1], "another"})
				add(caller{"stranger", part[2]})
			}
		}
		namespaces = append(namespaces, export.VisibleTo...)
	}
	for _, namespace := range namespaces {
		if !slices.ContainsFunc(found, func(c caller) bool { return c.namespace == namespace }) {
			add(caller{namespace, "anyone"})
		}
	}
	return found
}

func endpointSlice(service Object, pods ...*Pod) Object {
	var ports []any
	for _, port := range list(service.at("spec", "ports")) {
		ports = append(ports, map[string]any{"name": port["name"], "port": port["targetPort"], "protocol": "TCP"})
	}
	var endpoints []any
	for _, pod := range pods {
		endpoints = append(endpoints, map[string]any{"addresses": []any{pod.Inside[0]}, "conditions": map[string]any{"ready": true},
			"targetRef": map[string]any{"kind": "Pod", "name": pod.Name, "namespace": pod.Namespace}})
	}
	return Object{"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
		"metadata": map[string]any{"name": service.Name() + "-1", "namespace": service.Namespace(),
			"labels": map[string]any{"kubernetes.io/service-name": service.Name()}},
		"endpoints": endpoints, "ports": ports}
}

func (p *Pod) object() Object {
	var ips []any
	for _, ip := range p.Inside {
		ips = append(ips, map[string]any{"ip": ip})
	}
	return Object{"apiVersion": "v1", "kind": "Pod",
		"metadata": map[string]any{"name": p.Name, "namespace": p.Namespace, "labels": anyMap(p.Labels)},
		"spec": map[string]any{"nodeName": "node", "serviceAccountName": p.Account,
			"containers": []any{map[string]any{"name": "app", "image": "app"}}},
		"status": map[string]any{"phase": "Running", "podIP": p.Inside[0], "podIPs": ips,
			"conditions": []any{map[string]any{"type": "Ready", "status": "True"}}}}
}

// Unready makes a pod fail its readiness probe, whatever it would answer.
func (s *Site) Unready(pod *Pod) {
	for _, object := range s.Objects {
		switch {
		case object.Kind() == "Pod" && object.Name() == pod.Name && object.Namespace() == pod.Namespace:
			list(object.at("status", "conditions"))[0]["status"] = "False"
		case object.Kind() == "EndpointSlice" && object.Namespace() == pod.Namespace:
			for _, endpoint := range list(object["endpoints"]) {
				if endpoint["targetRef"].(map[string]any)["name"] == pod.Name {
					endpoint["conditions"] = map[string]any{"ready": false, "serving": false, "terminating": false}
				}
			}
		}
	}
}

func anyMap(labels map[string]string) map[string]any {
	copied := map[string]any{}
	for key, value := range labels {
		copied[key] = value
	}
	return copied
}

// node carries the topology labels that pods take their locality from.
func (s *Site) node() Object {
	labels := map[string]any{}
	keys := []string{"topology.kubernetes.io/region", "topology.kubernetes.io/zone", "topology.istio.io/subzone"}
	for i, part := range strings.Split(s.Cluster.Locality, "/") {
		if part != "" {
			labels[keys[i]] = part
		}
	}
	return Object{"apiVersion": "v1", "kind": "Node", "metadata": map[string]any{"name": "node", "labels": labels}}
}

// namespaces are those that objects live in and that are not declared; the root namespace carries the network's name, as
// an installation gives it.
func (s *Site) namespaces() []Object {
	names := map[string]bool{s.Istiod.Namespace: true}
	for _, object := range s.Objects {
		if name := object.Namespace(); name != "" {
			names[name] = true
		}
	}
	for _, object := range s.Objects {
		if object.Kind() == "Namespace" {
			delete(names, object.Name())
			s.labelNetwork(object)
		}
	}
	var objects []Object
	for _, name := range slices.Sorted(maps.Keys(names)) {
		object := Object{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": name, "labels": map[string]any{}}}
		s.labelNetwork(object)
		objects = append(objects, object)
	}
	return objects
}

func (s *Site) labelNetwork(namespace Object) {
	if labels, ok := namespace.metadata()["labels"].(map[string]any); ok && namespace.Name() == s.Istiod.Namespace {
		labels[networkLabel] = s.Istiod.Label
	}
}

// complete adds what an API server and Istio's controllers fill in.
func (s *Site) complete() {
	for _, pod := range s.Pods {
		s.Objects = append(s.Objects, pod.object())
	}
	s.Objects = append(s.Objects, s.node())
	s.Objects = append(s.Objects, s.namespaces()...)
	for i, object := range s.Objects {
		if !object.Istio() {
			object.metadata()["uid"] = fmt.Sprintf("uid-%d-%d", s.Index, i)
		}
		if labels, ok := object.metadata()["labels"].(map[string]any); ok {
			delete(labels, "istio.io/rev") // the lab's istiod is the one of the revision
		}
		switch object.Kind() {
		case "ServiceEntry":
			if object.spec()["addresses"] == nil && s.Istiod.CapturesNames() {
				object.spec()["addresses"] = []any{s.virtualIP("240.240")}
			}
		case "Service":
			if object.spec()["clusterIP"] == nil {
				object.spec()["clusterIP"] = s.virtualIP("198.18")
			}
			for _, port := range list(object.at("spec", "ports")) {
				if port["targetPort"] == nil {
					port["targetPort"] = port["port"]
				}
			}
		}
	}
}
