package oracle

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Way is how a call gets to the workload.
type Way string

const (
	Home   Way = "home"   // a workload of the client's own cluster
	Near   Way = "near"   // a workload of another cluster on the client's network, whose istiod sees it
	Direct Way = "direct" // client, east-west gateway, workload
	Egress Way = "egress" // client, egress gateway, east-west gateway, workload
)

// Answer is one cluster whose workloads may answer a call.
type Answer struct {
	Cluster *Cluster
	Way     Way
	Door    *Cluster // whose east-west gateway was dialled: the same cluster, but for what that gateway sends on
	Share   float64  // of the calls, while all is well; 0: only when others fail
}

// Client is who calls.
type Client struct {
	Cluster            *Cluster
	Namespace, Account string
}

// Identity is the client's SPIFFE ID.
func (c Client) Identity() string { return spiffe(c.Cluster.TrustDomain, c.Namespace, c.Account) }

func spiffe(domain, namespace, account string) string {
	return fmt.Sprintf("spiffe://%s/ns/%s/sa/%s", domain, namespace, account)
}

// Accepted are the identities that the client's proxy must demand of the export's workloads, sorted; none where any will
// do, or where istiod knows them all from pods of the client's own network.
func (f *Federation) Accepted(client *Cluster, export *Export) []string {
	if !f.imported(client, export) {
		return nil
	}
	remote, found := f.Remote(client, export), f.Found(client, export)
	var identities []string
	for _, cluster := range f.Clusters {
		serves := slices.Contains(remote, cluster.Network) && f.answersOthers(cluster, export) || slices.Contains(found, cluster)
		if !serves && !(cluster == client && f.Local(client, export)) {
			continue
		}
		there := export.In(cluster)
		domains := []string{cluster.TrustDomain}
		if f.aliases {
			domains = append(domains, f.ForeignDomains(client.Mesh)...)
		}
		for _, account := range there.ServiceAccounts {
			for _, domain := range domains {
				identities = append(identities, spiffe(domain, there.Namespace, account))
			}
		}
	}
	slices.Sort(identities)
	return slices.Compact(identities)
}

// Visible says whether the client can call the host at all.
func (f *Federation) Visible(client Client, export *Export) bool {
	local, others := f.Local(client.Cluster, export), f.Others(client.Cluster, export)
	if !local && !others {
		return false
	}
	if len(export.VisibleTo) == 0 || !f.imported(client.Cluster, export) || !f.Consumes(client.Cluster, export) {
		return true
	}
	if local && export.Service { // the Service is the application's own, and visible to all
		return true
	}
	gateway := f.Serves(client.Cluster, export) && client.Namespace == client.Cluster.Gateway.Namespace
	return gateway || slices.Contains(export.VisibleTo, client.Namespace)
}

// Allowed says whether the workloads let the client call.
func (f *Federation) Allowed(client Client, export *Export) bool {
	if len(export.Callers) == 0 {
		return true
	}
	for _, caller := range export.Callers {
		part := strings.Split(caller, "/")
		for _, cluster := range f.Clusters { // by trust domain: meshes of one domain cannot be told apart
			if cluster.Mesh != part[0] || cluster.TrustDomain != client.Cluster.TrustDomain {
				continue
			}
			if part[1] == "*" || part[1] == client.Namespace && (part[2] == "*" || part[2] == client.Account) {
				return true
			}
		}
	}
	return false
}

// CarriesName says whether a call itself says which host it is for.
func CarriesName(port Port) bool {
	return port.Protocol == "tls" || strings.HasPrefix(port.Protocol, "http") || strings.HasPrefix(port.Protocol, "grpc")
}

// Addressable says whether a client has an address that means this host and port: a Service's, one that its proxy
// resolves, or a declared one. What carries the host's name needs none. (Without any, the compiler warns.)
func (c *Cluster) Addressable(export *Export, port Port) bool {
	return export.Service || c.DNSCapture || len(export.VIPs) > 0 || CarriesName(port)
}

// Answers are who may answer the client's calls to the export, in the order of clusters.
func (f *Federation) Answers(client Client, export *Export) []Answer {
	if !f.Visible(client, export) {
		return nil
	}
	var answers []Answer
	for _, first := range f.dialled(client.Cluster, export) {
		if first.Way == Home || first.Way == Near {
			answers = append(answers, first)
			continue
		}
		for cluster, share := range f.arrived(first.Cluster, export) {
			answers = append(answers, Answer{cluster, first.Way, first.Cluster, first.Share * share})
		}
	}
	slices.SortFunc(answers, func(a, b Answer) int {
		return cmp.Or(strings.Compare(a.Cluster.Name, b.Cluster.Name), strings.Compare(a.Door.Name, b.Door.Name))
	})
	return answers
}

// dialled is where a proxy of the cluster sends calls to the export: its own workloads, each of them one share, and the
// doors of remote networks.
func (f *Federation) dialled(own *Cluster, export *Export) []Answer {
	var answers []Answer
	if local := len(f.Workloads(own, export)); local > 0 {
		answers = append(answers, Answer{own, Home, own, float64(local)})
	}
	answers = append(answers, f.found(own, export)...)
	for _, network := range f.Remote(own, export) {
		doors := f.Doors(network, own.Network)
		way := Direct
		if own.ByEgress(network) {
			way = Egress
		}
		for _, door := range doors {
			share := float64(f.counts(own, export, network)) / float64(len(doors))
			at := slices.IndexFunc(answers, func(a Answer) bool { return a.Cluster == door.Cluster && a.Way == way })
			if at < 0 {
				answers = append(answers, Answer{door.Cluster, way, door.Cluster, share})
			} else {
				answers[at].Share += share
			}
		}
	}
	if shared := export.In(own).share; shared != nil {
		return sharedOut(shared, answers)
	}
	return f.shares(own, export, answers)
}

// sharedOut gives each network, and the cluster's own workloads, their percentage of the calls, whatever their weights;
// these only count within one of them. A percentage of nobody goes to the others. Whoever has none is never called.
func sharedOut(percentages map[string]int, answers []Answer) []Answer {
	whom := func(answer Answer) string {
		if answer.Way == Home {
			return "local"
		}
		return answer.Cluster.Network
	}
	answers = slices.DeleteFunc(answers, func(answer Answer) bool { return percentages[whom(answer)] == 0 })
	weights, all := map[string]float64{}, 0
	for _, answer := range answers {
		if weights[whom(answer)] == 0 {
			all += percentages[whom(answer)]
		}
		weights[whom(answer)] += answer.Share
	}
	for i, answer := range answers {
		answers[i].Share = answer.Share / weights[whom(answer)] * float64(percentages[whom(answer)]) / float64(all)
	}
	return answers
}

// shares keeps the nearest answers' weights, as `prefer` says, and makes them add up to 1.
func (f *Federation) shares(own *Cluster, export *Export, answers []Answer) []Answer {
	nearest, total := 1<<30, 0.0
	for _, answer := range answers {
		nearest = min(nearest, f.distance(own, export, answer))
	}
	for i := range answers {
		if f.distance(own, export, answers[i]) > nearest {
			answers[i].Share = 0
		}
		total += answers[i].Share
	}
	for i := range answers {
		answers[i].Share /= total
	}
	return answers
}

// distance orders answers by preference, smaller first; equal ones share the calls.
func (f *Federation) distance(own *Cluster, export *Export, answer Answer) int {
	switch export.Prefer {
	case "local":
		if answer.Way == Home || answer.Way == Near {
			return 0
		}
		return 1
	case "nearest":
		place := f.networkLocality(export, answer.Cluster.Network)
		if answer.Way == Home {
			place = own.Locality
		} else if answer.Way == Near || f.Reads(own, answer.Cluster.Network) { // pods say themselves where they are
			place = answer.Cluster.Locality
		}
		return localityDistance(own.Locality, place)
	}
	return 0
}

// networkLocality is what the source clusters of one network have in common.
func (f *Federation) networkLocality(export *Export, network string) string {
	var common []string
	first := true
	for _, cluster := range f.Clusters {
		if cluster.Network != network || !f.Serves(cluster, export) {
			continue
		}
		parts := strings.Split(cluster.Locality, "/")
		if first {
			common, first = parts, false
			continue
		}
		same := 0
		for same < min(len(common), len(parts)) && common[same] == parts[same] {
			same++
		}
		common = common[:same]
	}
	return strings.Join(common, "/")
}

// localityDistance counts the levels of region/zone/subzone that differ, from the first that does. What is not known is a
// level like any other: who has no locality is nearest to whom has none either, which are its own cluster's workloads.
func localityDistance(from, to string) int {
	a, b := append(strings.Split(from, "/"), "", ""), append(strings.Split(to, "/"), "", "")
	for level := 0; level < 3; level++ {
		if a[level] != b[level] {
			return 3 - level
		}
	}
	return 0
}
