package lab

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"meshfedc/lab/oracle"
	"meshfedc/lab/world"
)

// Verdict collects what differs from the oracle's expectation, and counts what was compared.
type Verdict struct {
	Compared int
	Wrong    []string
}

func (v *Verdict) wrong(format string, arguments ...any) {
	v.Wrong = append(v.Wrong, fmt.Sprintf(format, arguments...))
}

const (
	mostCalls = 200
	// An answer with a smaller share of the calls need not be seen: over the most calls that are made, one with this
	// share is missed once in 28,000 times.
	seenShare = 0.05
)

// Judge compares everything that can be seen from outside with the oracle: who answers whom, what the gateways let
// through, and whether every proxy took its configuration. Of the named exports no calls are judged.
func (l *Lab) Judge(except ...string) *Verdict {
	verdict := &Verdict{}
	for _, pod := range l.Pods() {
		if pod.Role != world.Client {
			continue
		}
		for _, export := range l.Federation.Exports {
			if slices.Contains(except, export.Name) {
				continue
			}
			for _, port := range export.Ports {
				verdict.Compared++
				l.judgeCalls(verdict, pod, export, port)
			}
			if l.Federation.HasAdminPort(pod.Cluster, export) {
				l.judgeService(verdict, pod, export)
			}
			l.judgeConfiguration(verdict, pod, export)
		}
	}
	for _, site := range l.Sites {
		if site.EastWest != nil {
			l.judgeExposure(verdict, site)
		}
	}
	for _, trespass := range l.Trespasses() {
		verdict.wrong("by the wrong way: %s", trespass)
	}
	for pod, rejections := range l.Rejections() {
		verdict.wrong("%s refused configuration: %s", pod, strings.Join(rejections, "\n    "))
	}
	return verdict
}

func (l *Lab) judgeCalls(verdict *Verdict, client *world.Pod, export *oracle.Export, port oracle.Port) {
	name := fmt.Sprintf("%s calls %s:%d", client.Key(), export.Host, port.Number)
	answers := l.Federation.Answers(client.As(), export)
	if !client.Cluster.Addressable(export, port) {
		return
	}
	switch {
	case len(answers) == 0:
		// Another host may answer: one of TCP without an address of its own takes its port on every address.
		if reply := l.Call(client, export, port); l.servesOnly(export, reply, client, port) {
			verdict.wrong("%s: answered by %s, but must not see the host", name, reply.Workload)
		}
	case !l.Federation.Allowed(client.As(), export):
		if reply := l.Call(client, export, port); !denied(reply, port) {
			verdict.wrong("%s: not a listed caller, but %s", name, describe(reply))
		}
	default:
		l.judgeAnswers(verdict, name, client, export, port, answers)
	}
}

// judgeAnswers calls until everybody with a share that matters has answered.
func (l *Lab) judgeAnswers(verdict *Verdict, name string, client *world.Pod, export *oracle.Export, port oracle.Port, answers []oracle.Answer) {
	missing := toBeSeen(answers)
	for calls := 0; calls < mostCalls && (len(missing) > 0 || calls == 0); calls++ {
		reply := l.Call(client, export, port)
		if reply.Status != 200 {
			verdict.wrong("%s: %s; wanted %s", name, describe(reply), wanted(answers))
			return
		}
		from := l.workload(reply)
		if !mayAnswer(from, export, answers) {
			verdict.wrong("%s: answered by %q; wanted %s", name, reply.Workload, wanted(answers))
			return
		}
		if reply.Server != "" && (reply.Server != from.Identity() || reply.Caller != client.Identity()) {
			verdict.wrong("%s: %s called %s, not %s", name, reply.Caller, reply.Server, from.Identity())
			return
		}
		for _, answer := range answers {
			if answer.Cluster == from.Cluster {
				delete(missing, place(answer))
			}
		}
	}
	if len(missing) > 0 {
		verdict.wrong("%s: never answered by %s; wanted %s", name, strings.Join(slices.Sorted(maps.Keys(missing)), " and "), wanted(answers))
	}
}

func mayAnswer(from *oracle.Workload, export *oracle.Export, answers []oracle.Answer) bool {
	return from != nil && slices.Contains(from.Exports, export) && slices.ContainsFunc(answers, func(answer oracle.Answer) bool {
		return answer.Cluster == from.Cluster && answer.Share > 0
	})
}

// place is what a share belongs to: the door that is dialled, and behind an egress gateway the network. A connection stays
// where a gateway led it first, and proxies keep their connections.
func place(answer oracle.Answer) string {
	if answer.Way == oracle.Egress {
		return answer.Door.Network
	}
	return answer.Door.Name
}

func toBeSeen(answers []oracle.Answer) map[string]bool {
	shares, places := map[string]float64{}, map[string]bool{}
	for _, answer := range answers {
		shares[place(answer)] += answer.Share
	}
	for name, share := range shares {
		if share >= seenShare {
			places[name] = true
		}
	}
	return places
}

// judgeService calls the ordinary Service beside an export: it must stay with the cluster's own workloads, whatever the
// export does. The port that is not exported is open to everybody; those that are, to the export's callers.
func (l *Lab) judgeService(verdict *Verdict, client *world.Pod, export *oracle.Export) {
	ports := []oracle.Port{oracle.AdminPort}
	if !export.Service { // else they are the export itself, and judged as that
		ports = append(ports, export.Ports...)
	}
	selected := l.Federation.Selected(client.Cluster, export.In(client.Cluster).Namespace, l.Federation.OrdinarySelector(client.Cluster, export))
	for _, port := range ports {
		verdict.Compared++
		allowed := port == oracle.AdminPort || l.Federation.Allowed(client.As(), export)
		for range 4 {
			reply := l.CallService(client, export, port)
			if !allowed && denied(reply, port) {
				continue
			}
			if !allowed || !slices.Contains(selected, l.workload(reply)) {
				verdict.wrong("%s calls the ordinary Service %s:%d: %s, listed: %t", client.Key(), export.In(client.Cluster).OrdinaryHost(), port.Number,
					describe(reply), allowed)
				return
			}
		}
	}
}

// workload is who replied; nil: nobody did.
func (l *Lab) workload(reply Reply) *oracle.Workload {
	for _, pod := range l.Pods() {
		if pod.Workload != nil && pod.Key() == reply.Workload {
			return pod.Workload
		}
	}
	return nil
}

// servesOnly says whether who replied is of the export's workloads, and of no other host's that the client may call on that
// port.
func (l *Lab) servesOnly(export *oracle.Export, reply Reply, client *world.Pod, port oracle.Port) bool {
	from := l.workload(reply)
	return from != nil && slices.Contains(from.Exports, export) && !slices.ContainsFunc(from.Exports, func(other *oracle.Export) bool {
		return other != export && other.HasPort(port.Number) && len(l.Federation.Answers(client.As(), other)) > 0
	})
}

func denied(reply Reply, port oracle.Port) bool {
	return reply.Status == 403 || reply.Status == 0 && !isHTTP(port)
}

// judgeExposure tries every name at a site's gateway, and at the router before it, with a certificate that its mesh accepts.
func (l *Lab) judgeExposure(verdict *Verdict, site *world.Site) {
	cluster := site.Cluster
	identity := fmt.Sprintf("spiffe://%s/ns/probe/sa/probe", cluster.TrustDomain)
	for _, name := range l.Federation.Names() {
		own, routed := oracle.Sni(name.Port.Number, name.Host), oracle.RouterName(name.Port.Number, name.Host)
		exported := l.Federation.Exposed(cluster, name.Host, name.Port.Number)
		named := l.Federation.Named(cluster, name.Host, name.Port.Number)
		at := func(where, sni string, wanted bool, probe func(identity, sni, host string) (Reply, error)) {
			verdict.Compared++
			reply, err := probe(identity, sni, name.Host)
			led := reply.Status != 0
			// The probe speaks HTTP: of an exported port that does not, no answer says nothing.
			if err != nil || led != wanted && (led || isHTTP(name.Port)) {
				verdict.wrong("%s at %s: %s, %v, exported: %t", sni, where, describe(reply), err, wanted)
			}
		}
		gateway := func(identity, sni, host string) (Reply, error) { return l.Probe(site.EastWest, identity, sni, host) }
		at(site.EastWest.Key(), own, exported, gateway)
		at(site.EastWest.Key(), routed, named, gateway)
		if site.Router != nil {
			router := func(identity, sni, host string) (Reply, error) { return l.ProbeRouter(site, identity, sni, host) }
			at(site.Router.Key, own, false, router)
			at(site.Router.Key, routed, named, router)
		}
	}
}

func isHTTP(port oracle.Port) bool {
	return strings.HasPrefix(port.Protocol, "http") && port.Protocol != "https" || strings.HasPrefix(port.Protocol, "grpc")
}

func describe(reply Reply) string {
	if reply.Err != nil {
		return "no answer (" + reply.Err.Error() + ")"
	}
	return fmt.Sprintf("status %d from %q", reply.Status, reply.Workload)
}

func wanted(answers []oracle.Answer) string {
	var rows []string
	for _, answer := range answers {
		row := fmt.Sprintf("%s (%s, %.0f%%)", answer.Cluster.Name, answer.Way, answer.Share*100)
		if answer.Door != answer.Cluster {
			row += " by " + answer.Door.Name
		}
		rows = append(rows, row)
	}
	return strings.Join(rows, ", ")
}
