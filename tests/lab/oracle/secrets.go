package oracle

import "slices"

// Reads says whether the cluster's istiod sees the pods and gateways of a network by itself: its clusters are of the
// same mesh, and read each other.
func (f *Federation) Reads(cluster *Cluster, network string) bool {
	for _, other := range f.Clusters {
		if other.Network == network && other.Mesh == cluster.Mesh {
			return cluster.RemoteSecrets
		}
	}
	return false
}

// Found are the other clusters of the mesh whose pods the cluster gets because its istiod sees them: all that the host's
// selector matches, if the cluster has the host at all; whether they have a further host themselves makes no difference. A
// Service is one for the whole mesh, whoever serves it, and its further hosts have its endpoints; an importer's entry for any
// other host selects pods only if they are there for others.
func (f *Federation) Found(cluster *Cluster, export *Export) []*Cluster {
	if !cluster.RemoteSecrets || !f.Local(cluster, export) && !f.Consumes(cluster, export) {
		return nil
	}
	var found []*Cluster
	served := f.Local(cluster, export) || export.Service || export.ofService
	for _, other := range f.Clusters {
		if other != cluster && other.Mesh == cluster.Mesh && f.Local(other, f.base(export)) {
			found = append(found, other)
			served = served || f.Serves(other, export)
		}
	}
	if !served {
		return nil
	}
	return found
}

// Others says whether the cluster gets the export from any other cluster.
func (f *Federation) Others(cluster *Cluster, export *Export) bool {
	return len(f.Remote(cluster, export)) > 0 || len(f.Found(cluster, export)) > 0
}

// imported says whether the cluster gets the export from elsewhere: other clusters' pods on its own network are, beside pods
// of its own, as these to it.
func (f *Federation) imported(cluster *Cluster, export *Export) bool {
	return len(f.Remote(cluster, export)) > 0 || slices.ContainsFunc(f.Found(cluster, export), func(other *Cluster) bool {
		return other.Network != cluster.Network || !f.Local(cluster, export)
	})
}

// answersOthers says whether the cluster's pods answer callers on other networks: it serves them, or the gateway of one that
// does finds its pods on their network.
func (f *Federation) answersOthers(cluster *Cluster, export *Export) bool {
	return f.Serves(cluster, export) || slices.ContainsFunc(f.Clusters, func(door *Cluster) bool {
		return door.Network == cluster.Network && f.Serves(door, export) && slices.Contains(f.Found(door, export), cluster)
	})
}

// found is where a proxy sends calls to pods of other clusters that its istiod sees: each pod counts once, and those of
// other networks are behind their own cluster's gateway.
func (f *Federation) found(own *Cluster, export *Export) []Answer {
	var answers []Answer
	for _, other := range f.Found(own, export) {
		way := Direct
		if other.Network == own.Network {
			way = Near
		}
		answers = append(answers, Answer{other, way, other, float64(len(f.Workloads(other, export)))})
	}
	return answers
}

// counts is what a network counts to a cluster's proxies, against one pod. One WorkloadEntry stands for it, and istiod reads those
// of the mesh's other clusters, too: a Service has the entries of all, for it is one in all of them, and what selects pods of
// a global host has the cluster's own entry and that one of the others that was read last.
func (f *Federation) counts(own *Cluster, export *Export, network string) int {
	weight := export.In(own).Weight(network)
	if !own.RemoteSecrets || !export.Service && !f.selects(own, export) {
		return weight
	}
	last, written := 0, f.base(export)
	for _, other := range f.Clusters {
		if other == own || other.Mesh != own.Mesh || !slices.Contains(f.Remote(other, written), network) {
			continue
		}
		counted := export.In(other).Weight(network)
		switch {
		case export.Service:
			weight += counted
		case export.ofService && !f.matches(other, export): // it is read nevertheless, in place of another one
			last = 0
		case export.ofService || f.selects(other, written):
			last = counted
		}
	}
	return weight + last
}

// selects says whether what the cluster has of a host selects pods: its own, or others that its istiod finds.
func (f *Federation) selects(cluster *Cluster, export *Export) bool {
	return f.Local(cluster, export) || len(f.Found(cluster, export)) > 0
}

// matches says whether the entries of a cluster for a Service have its pods' labels, which further hosts select: beside pods,
// and where the cluster has such a host itself.
func (f *Federation) matches(cluster *Cluster, export *Export) bool {
	return f.Local(cluster, export) || slices.ContainsFunc(f.Exports, func(further *Export) bool {
		return further.Alias && further.Of == export.Of && further.isHostAt(cluster) && f.selects(cluster, further)
	})
}

// base is the export of whose own host this is a further one, or itself.
func (f *Federation) base(export *Export) *Export {
	if !export.Alias {
		return export
	}
	return f.Exports[slices.IndexFunc(f.Exports, func(own *Export) bool { return own.Name == export.Of && !own.Alias })]
}

// ResolvesToNobody says whether the name of a Service that the client's cluster has no part in resolves there: its istiod sees the
// Service of another cluster of its mesh, the first that has it, and its proxies resolve what istiod knows.
func (f *Federation) ResolvesToNobody(client Client, export *Export) bool {
	cluster := client.Cluster
	if !export.Service || !cluster.RemoteSecrets || !cluster.DNSCapture || f.Local(cluster, export) || f.Consumes(cluster, export) {
		return false
	}
	first := slices.IndexFunc(f.Clusters, func(other *Cluster) bool {
		return other != cluster && other.Mesh == cluster.Mesh && (f.Local(other, export) || f.Consumes(other, export))
	})
	if first < 0 {
		return false
	}
	return f.Local(f.Clusters[first], export) || len(export.VisibleTo) == 0 || slices.Contains(export.VisibleTo, client.Namespace)
}

// behind are the clusters whose pods a gateway with a network view leads to, in shares: its own, and those on its network
// that its istiod sees.
func (f *Federation) behind(at *Cluster, export *Export) map[*Cluster]float64 {
	pods := map[*Cluster]float64{at: float64(max(len(f.Workloads(at, export)), 1))}
	total := pods[at]
	for _, other := range f.Found(at, export) {
		if other.Network == at.Network {
			pods[other] = float64(len(f.Workloads(other, export)))
			total += pods[other]
		}
	}
	for cluster := range pods {
		pods[cluster] /= total
	}
	return pods
}

// DoorsOf are the ways to a cluster's gateway for those who read it: the addresses of its Service.
func (c *Cluster) DoorsOf() []Door {
	var doors []Door
	for _, address := range c.Gateway.Addresses {
		doors = append(doors, Door{Cluster: c, Address: address, Port: 15443})
	}
	return doors
}
