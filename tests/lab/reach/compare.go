package reach

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	cluster "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"

	"meshfedc/lab/control"
	"meshfedc/lab/oracle"
	"meshfedc/lab/world"
)

const exact = 1e-9

// Comparison collects what differs.
type Comparison struct {
	World    *world.World
	Planes   map[*world.Site]*control.Plane
	Table    *Table
	Meant    bool        // what the federation's source says is expected, too
	Before   *Comparison // with istiods that may be some of these; nil: none
	views    map[seen]*view
	Compared int
	Unknown  int
	Fields   map[string]int // why an answer is unknown
	Wrong    []string
	Cells    []string // what came of each, in Go's view
}

func (c *Comparison) wrong(format string, arguments ...any) {
	c.Wrong = append(c.Wrong, fmt.Sprintf(format, arguments...))
}

// Run compares every client with every host, and every gateway.
func (c *Comparison) Run() {
	c.Fields = map[string]int{}
	c.views = map[seen]*view{}
	if c.Before != nil {
		c.views = maps.Clone(c.Before.views)
	}
	evaluator := &Evaluator{World: c.World, Planes: c.Planes, Doors: c.Table.Doors, views: c.views}
	for _, pod := range c.World.Pods() {
		switch {
		case pod.Role == world.Client:
			c.client(evaluator, pod)
		case pod.Router():
			c.gateway(evaluator, pod)
		}
	}
}

func (c *Comparison) client(evaluator *Evaluator, client *world.Pod) {
	for _, export := range c.World.Federation.Exports {
		for _, port := range export.Ports {
			answer := c.Table.Answer(client, export.Host, port.Number)
			name := fmt.Sprintf("%s calls %s:%d", client.Key(), export.Host, port.Number)
			outcome := evaluator.Call(client, export.Host, port.Number)
			c.Compared++
			c.Cells = append(c.Cells, fmt.Sprint(name, outcome))
			switch {
			case answer == nil && outcome.Known:
				c.wrong("%s: there is no answer", name)
			case answer == nil:
			case answer.Verdict == "unknown":
				c.Unknown++
				c.unknown(name, answer)
			default:
				c.answer(client, name, answer, outcome)
				if c.Meant {
					c.oracle(client, export, name, answer)
				}
			}
		}
	}
}

// unknown notes why; without a field that is one of the things that may not be.
func (c *Comparison) unknown(name string, answer *Answer) {
	named := false
	for _, cause := range answer.Causes {
		if cause.Code == "MF1122" || cause.Code == "MF1123" {
			c.Fields[cause.Message]++
			named = true
		}
	}
	if !named {
		c.wrong("%s: unknown, and no field says why: %v", name, answer.Causes)
	}
}

// answer compares an answer with what comes of the calls.
func (c *Comparison) answer(client *world.Pod, name string, answer *Answer, outcome *Outcome) {
	unseen := answer.has("MF1101") || answer.has("MF1102") || answer.has("MF1103")
	if outcome.Known == unseen {
		c.wrong("%s: istiod generates a cluster: %t; %s %v", name, outcome.Known, answer.Verdict, answer.Causes)
		return
	}
	if unseen {
		return
	}
	if outcome.Resolves == answer.has("MF1104") {
		c.wrong("%s: resolves: %t; %v", name, outcome.Resolves, answer.Causes)
	}
	said := map[string]float64{}
	for _, one := range answer.Endpoints {
		if one.Share > 0 {
			said[c.address(c.World.Site(client.Cluster), one)] += one.Share
		}
	}
	if !same(outcome.Endpoints, said) {
		c.wrong("%s: istiod's shares are %v, not %v", name, outcome.Endpoints, said)
	}
	if len(said) > 0 && !slices.Equal(c.said(outcome.Accepted, client, answer), answer.Accepted) {
		c.wrong("%s: the proxy demands %v, not %v", name, outcome.Accepted, answer.Accepted)
	}
	ends := map[string]float64{}
	for _, end := range answer.Ends {
		ends[fmt.Sprintf("%s/%s %d", end.Cluster, end.Workload, end.Port)] += end.Share
	}
	if !same(outcome.Ends, ends) {
		c.wrong("%s: answered by %v; %s %v %v", name, outcome.Ends, answer.Verdict, ends, answer.Causes)
	}
	addressed := answer.Verdict != "unresolved" // a declared address needs no name
	if verdict := outcome.Verdict(addressed); verdict != answer.Verdict && !(answer.Verdict == "unresolved" && !outcome.Resolves) {
		c.wrong("%s: %s, refused %g, dead %g; %s %v", name, verdict, outcome.Refused, outcome.Dead, answer.Verdict, answer.Causes)
	}
}

// oracle compares an answer with what the source means.
func (c *Comparison) oracle(client *world.Pod, export *oracle.Export, name string, answer *Answer) {
	wanted := map[string]float64{}
	for _, one := range c.World.Federation.Answers(client.As(), export) {
		if one.Share > 0 {
			wanted[one.Cluster.Name] += one.Share
		}
	}
	verdict := "reached"
	switch {
	case len(wanted) == 0 && c.World.Federation.ResolvesToNobody(client.As(), export):
		verdict = "unreachable"
	case len(wanted) == 0:
		verdict = "unresolved"
	case answer.has("MF1104") && len(export.VIPs) == 0:
		verdict = "unresolved"
	case !c.World.Federation.Allowed(client.As(), export):
		verdict = "refused"
	}
	if answer.Verdict != verdict {
		c.wrong("%s: %s %v; meant %s", name, answer.Verdict, answer.Causes, verdict)
	}
	if verdict != "reached" {
		return
	}
	said := map[string]float64{}
	for _, end := range answer.Ends {
		said[end.Cluster] += end.Share
	}
	if !same(wanted, said) {
		c.wrong("%s: answered by %v; meant %v", name, said, wanted)
	}
}

// gateway compares the names that a gateway passes.
func (c *Comparison) gateway(evaluator *Evaluator, gateway *world.Pod) {
	names, refused := map[string]bool{}, map[string]bool{}
	for _, one := range evaluator.see(gateway).listeners {
		port := int(one.GetAddress().GetSocketAddress().GetPortValue())
		if names := twice(one); len(names) > 0 {
			refused[fmt.Sprintf("port %d", port)] = true
			continue
		}
		for _, chain := range one.FilterChains {
			for _, sni := range chain.GetFilterChainMatch().GetServerNames() {
				names[fmt.Sprintf("%d %s", port, sni)] = true
			}
		}
	}
	said := map[string]bool{}
	own := gateway.Namespace + "/" + strings.TrimSuffix(gateway.Name, "-0")
	for _, one := range c.Table.passed {
		if one.Cluster == gateway.Cluster.Name && one.Gateway == own {
			said[fmt.Sprintf("%d %s", one.Port, one.Sni)] = true
		}
	}
	c.Compared += len(names) + 1
	c.Cells = append(c.Cells, fmt.Sprint(gateway.Key(), slices.Sorted(maps.Keys(names)), refused))
	if doubtful(c.Table.refused, gateway.Cluster.Name) {
		c.Unknown += len(names) + 1
		return
	}
	if !maps.Equal(names, said) {
		c.wrong("%s passes %v, not %v", gateway.Key(), slices.Sorted(maps.Keys(names)), slices.Sorted(maps.Keys(said)))
	}
	foreseen := slices.ContainsFunc(c.Table.refused, func(cause Cause) bool {
		return cause.Code == "MF1110" && strings.HasPrefix(cause.Place, gateway.Cluster.Name+"/") && strings.Contains(cause.Message, own)
	})
	if foreseen != (len(refused) > 0) {
		c.wrong("%s: Envoy refuses %v; foreseen: %t", gateway.Key(), refused, foreseen)
	}
}

// doubtful says whether something of a cluster is not interpreted, and then what its gateways pass is not known.
func doubtful(causes []Cause, cluster string) bool {
	return slices.ContainsFunc(causes, func(cause Cause) bool {
		return cause.Code == "MF1122" && (cause.Place == cluster || strings.HasPrefix(cause.Place, cluster+"/"))
	})
}

// address is where an endpoint of an answer is in the lab.
func (c *Comparison) address(site *world.Site, one Endpoint) string {
	if one.Workload == "" {
		ip := one.Address
		if known, ok := site.DNS[ip]; ok {
			ip = known
		}
		return fmt.Sprintf("%s %d", ip, one.Port)
	}
	for _, pod := range c.World.Pods() {
		if one.is(pod, site.Cluster.Name) {
			return fmt.Sprintf("%s %d", pod.Inside[0], one.Port)
		}
	}
	return "no pod " + one.Workload
}

// said leaves out the identities of endpoints that are gateways which are there already: no fact says their service accounts.
func (c *Comparison) said(identities []string, client *world.Pod, answer *Answer) []string {
	unsaid := map[string]bool{}
	for _, pod := range c.World.Pods() {
		of := pod.Cluster
		existing := pod.Role == world.EastWest && !of.Gateway.Deploy || pod.Role == world.EgressGateway && !of.Egress.Deploy
		if existing && slices.ContainsFunc(answer.Endpoints, func(one Endpoint) bool { return one.is(pod, client.Cluster.Name) }) {
			unsaid[fmt.Sprintf("spiffe://%s/ns/%s/sa/%s", of.TrustDomain, pod.Namespace, pod.Account)] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(identities), func(one string) bool {
		return unsaid[one] && !slices.Contains(answer.Accepted, one)
	})
}

func (e Endpoint) is(pod *world.Pod, own string) bool {
	name := pod.Namespace + "/" + pod.Name
	if pod.Router() { // named as what deploys it
		name = strings.TrimSuffix(name, "-0")
	}
	return pod.Cluster.Name == own && e.Workload == name || e.Workload == pod.Cluster.Name+"/"+name
}

func same(a, b map[string]float64) bool {
	if len(a) != len(b) {
		return false
	}
	for place, share := range a {
		if other, ok := b[place]; !ok || math.Abs(share-other) > exact {
			return false
		}
	}
	return true
}

// identities are the SANs that a proxy demands of the cluster's endpoints, sorted.
func identities(of *cluster.Cluster) []string {
	found := []string{}
	sockets := []*core.TransportSocket{of.TransportSocket}
	for _, match := range of.TransportSocketMatches {
		sockets = append(sockets, match.TransportSocket)
	}
	for _, socket := range sockets {
		if context := clientSide(socket); context != nil {
			found = append(found, accepts(context)...)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}
