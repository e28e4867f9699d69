package oracle

// NeedsView says whether the gateway of a cluster must know that it is only for what is in its own network: the cluster
// serves a host that it also gets from others, so istiod has endpoints of other networks for it.
func (f *Federation) NeedsView(cluster *Cluster) bool {
	for _, export := range f.Exports {
		if f.Serves(cluster, export) && f.Others(cluster, export) {
			return true
		}
	}
	return false
}

// arrived says where calls end that come in by a cluster's gateway, in shares. A gateway with a network view leads to the
// cluster's own workloads. One without is to istiod a proxy like any other: it sends calls wherever a client of the cluster
// would send them, and the next gateway may do the same.
func (f *Federation) arrived(at *Cluster, export *Export) map[*Cluster]float64 {
	const rounds = 100 // what is still on its way after these is less than any share that is compared
	ended, underway := map[*Cluster]float64{}, map[*Cluster]float64{at: 1}
	for range rounds {
		next := map[*Cluster]float64{}
		for cluster, share := range underway {
			if cluster.Gateway.View || !f.Others(cluster, export) {
				for home, part := range f.behind(cluster, export) {
					ended[home] += share * part
				}
				continue
			}
			for _, answer := range f.dialled(cluster, export) {
				if answer.Way == Home || answer.Way == Near {
					ended[answer.Cluster] += share * answer.Share
				} else {
					next[answer.Cluster] += share * answer.Share
				}
			}
		}
		underway = next
	}
	return ended
}
