package oracle

import (
	"fmt"
	"maps"
	"slices"
)

const (
	canonicalName = "service.istio.io/canonical-name"
	// WorkloadLabel is a label that each workload of the lab has for itself.
	WorkloadLabel = "lab.example/workload"
)

// Workload is an application of a cluster: a pod. Which exports it belongs to is what their selectors say: pods are of no
// export by themselves, and several exports may select one.
type Workload struct {
	Cluster                  *Cluster
	Namespace, Name, Account string
	Labels                   map[string]string
	Exports                  []*Export // whose selectors match it, by name
}

// Key names the workload in the whole federation.
func (w *Workload) Key() string { return fmt.Sprintf("%s/%s/%s", w.Cluster.Name, w.Namespace, w.Name) }

// Identity is the workload's SPIFFE ID.
func (w *Workload) Identity() string { return spiffe(w.Cluster.TrustDomain, w.Namespace, w.Account) }

// Ports are those that the application listens on, each target once.
func (w *Workload) Ports() []Port {
	ports := []Port{AdminPort}
	for _, export := range w.Exports {
		for _, port := range export.In(w.Cluster).Ports {
			if !slices.ContainsFunc(ports, func(p Port) bool { return p.Target == port.Target }) {
				ports = append(ports, port)
			}
		}
	}
	return ports
}

func (w *Workload) has(labels map[string]string) bool {
	for key, value := range labels {
		if w.Labels[key] != value {
			return false
		}
	}
	return true
}

// selector is what the export's objects select its workloads by. A Service's is its own; the federation need not say it.
func (e *Export) selector() map[string]string {
	switch {
	case len(e.Selector) > 0:
		return e.Selector
	case e.CanonicalName != "":
		return map[string]string{canonicalName: e.CanonicalName}
	}
	return map[string]string{"app": e.Of}
}

// podLabels are the labels of the export's pods; canonical names are the injector's doing, unless a pod has one already.
func (e *Export) podLabels() map[string]string {
	labels := map[string]string{"app": e.Of}
	if name, said := e.selector()[canonicalName]; said {
		labels["app"] = name
	}
	maps.Copy(labels, e.Selector)
	if _, said := labels[canonicalName]; !said {
		labels[canonicalName] = labels["app"]
	}
	return labels
}

// OrdinarySelector is what the Service selects that the export's workloads have in their own cluster anyway: as declared
// where the Service itself is exported, else the label that most charts use. Beside exports that select by labels of their
// own it is a label that they do not use: a Service with theirs would get the exports' remote endpoints too, which the
// compiler warns of.
func (f *Federation) OrdinarySelector(cluster *Cluster, export *Export) map[string]string {
	here := export.In(cluster)
	if export.Service {
		return here.selector()
	}
	for _, other := range f.Exports {
		its := other.In(cluster)
		if !other.Alias && its.Namespace == here.Namespace && len(its.Selector) > 0 && f.Local(cluster, other) {
			return map[string]string{WorkloadLabel: f.Workloads(cluster, export)[0].Name}
		}
	}
	return map[string]string{"app": here.podLabels()["app"]}
}

// Workloads are the cluster's that the export selects; none if it has no workloads of the export.
func (f *Federation) Workloads(cluster *Cluster, export *Export) []*Workload {
	var selected []*Workload
	for _, workload := range f.Running(cluster) {
		if slices.Contains(workload.Exports, export) {
			selected = append(selected, workload)
		}
	}
	return selected
}

// Selected are the cluster's workloads that a Service of a namespace selects.
func (f *Federation) Selected(cluster *Cluster, namespace string, selector map[string]string) []*Workload {
	return slices.DeleteFunc(slices.Clone(f.Running(cluster)), func(w *Workload) bool {
		return w.Namespace != namespace || !w.has(selector)
	})
}

// Running are all workloads of a cluster: one for each set of labels that an export asks for there. They are of all its
// hosts, for clusters that read this one find them by hosts that it does not have itself.
func (f *Federation) Running(cluster *Cluster) []*Workload {
	if found, ok := f.running[cluster]; ok {
		return found
	}
	var workloads []*Workload
	local := slices.DeleteFunc(slices.Clone(f.Exports), func(e *Export) bool { return !f.Local(cluster, f.base(e)) })
	for _, export := range local {
		here := export.In(cluster)
		labels := here.podLabels()
		same := func(w *Workload) bool {
			own := maps.Clone(w.Labels)
			delete(own, WorkloadLabel)
			return w.Namespace == here.Namespace && maps.Equal(own, labels)
		}
		if !slices.ContainsFunc(workloads, same) {
			labels[WorkloadLabel] = export.Of
			workloads = append(workloads, &Workload{Cluster: cluster, Namespace: here.Namespace, Name: export.Of, Labels: labels})
		}
	}
	for _, workload := range workloads {
		workload.Account = "default"
		for _, export := range local {
			here := export.In(cluster)
			if workload.Namespace != here.Namespace || !workload.has(here.selector()) {
				continue
			}
			workload.Exports = append(workload.Exports, export)
			if workload.Account == "default" && len(here.ServiceAccounts) > 0 {
				workload.Account = here.ServiceAccounts[0]
			}
		}
	}
	f.running[cluster] = workloads
	return workloads
}
