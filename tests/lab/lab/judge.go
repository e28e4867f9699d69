package lab

import (
	"fmt"
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
// through, and whether every proxy took its configuration.
func (l *Lab) Judge() *Verdict {
	verdict := &Verdict{}
	for _, pod := range l.Pods() {
		if pod.Role != world.Client {
			continue
		}
		for _, export := range l.Federation.Exports {
			for _, port := range export.Ports {
				verdict.Compared++
				l.judgeCalls(verdict, pod, export, port)
			}
		}
	}
	l.judgeExposure(verdict)
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
	switch {
	case len(answers) == 0:
		if reply := l.Call(client, export.Host, port); reply.Status == 200 {
			verdict.wrong("%s: answered by %s, but must not see the host", name, reply.Workload)
		}
	case !l.Federation.Allowed(client.As(), export):
		reply := l.Call(client, export.Host, port)
		denied := reply.Status == 403 || reply.Status == 0 && !isHTTP(port)
		if !denied {
			verdict.wrong("%s: not a listed caller, but %s", name, describe(reply))
		}
	default:
		l.judgeAnswers(verdict, name, client, export, port, answers)
	}
}

// judgeAnswers calls until everybody with a share that matters has answered.
func (l *Lab) judgeAnswers(verdict *Verdict, name string, client *world.Pod, export *oracle.Export, port oracle.Port, answers []oracle.Answer) {
	var missing []string
	for _, answer := range answers {
		if answer.Share >= seenShare {
			missing = append(missing, answer.Cluster.Name)
		}
	}
	for calls := 0; calls < mostCalls && (len(missing) > 0 || calls == 0); calls++ {
		reply := l.Call(client, export.Host, port)
		if reply.Status != 200 {
			verdict.wrong("%s: %s; wanted %s", name, describe(reply), wanted(answers))
			return
		}
		from, _, _ := strings.Cut(reply.Workload, "/")
		at := slices.IndexFunc(answers, func(a oracle.Answer) bool { return a.Cluster.Name == from })
		if at < 0 || answers[at].Share == 0 || reply.Workload != from+"/"+export.Namespace+"/"+export.Name {
			verdict.wrong("%s: answered by %s; wanted %s", name, reply.Workload, wanted(answers))
			return
		}
		if reply.Server != "" && (reply.Server != answers[at].Identity || reply.Caller != client.Identity()) {
			verdict.wrong("%s: %s called %s, not %s", name, reply.Caller, reply.Server, answers[at].Identity)
			return
		}
		missing = slices.DeleteFunc(missing, func(cluster string) bool { return cluster == from })
	}
	if len(missing) > 0 {
		verdict.wrong("%s: %s never answered; wanted %s", name, strings.Join(missing, " and "), wanted(answers))
	}
}

// judgeExposure tries every name at every gateway, with a certificate that the gateway's mesh accepts.
func (l *Lab) judgeExposure(verdict *Verdict) {
	for _, site := range l.Sites {
		door := l.doorOf(site.EastWest)
		if door == nil {
			continue
		}
		exposed := l.Federation.Exposed(site.Cluster)
		identity := fmt.Sprintf("spiffe://%s/ns/probe/sa/probe", site.Cluster.TrustDomain)
		for _, sni := range l.Federation.Probes() {
			verdict.Compared++
			reply, err := l.Probe(site.Cluster.Mesh, identity, door, sni)
			if err != nil {
				verdict.wrong("probe of %s: %v", site.EastWest.Key(), err)
				return
			}
			if passed := reply.Status != 0 || reply.Err == nil; passed != (exposed[sni] != nil) && !(exposed[sni] != nil && opaque(exposed[sni], sni)) {
				verdict.wrong("%s at %s: %s, exported: %t", sni, site.EastWest.Key(), describe(reply), exposed[sni] != nil)
			}
		}
	}
}

// opaque says whether the probe, which speaks HTTP, cannot tell a refusal from an application that speaks otherwise or
// from a policy that closes the connection.
func opaque(export *oracle.Export, sni string) bool {
	for _, port := range export.Ports {
		if oracle.Sni(port.Number, export.Host) == sni {
			return !isHTTP(port)
		}
	}
	return false
}

func (l *Lab) doorOf(gateway *world.Pod) *world.Door {
	for _, door := range l.Doors {
		if gateway != nil && door.Behind == gateway {
			return door
		}
	}
	return nil
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
		rows = append(rows, fmt.Sprintf("%s (%s, %.0f%%)", answer.Cluster.Name, answer.Way, answer.Share*100))
	}
	return strings.Join(rows, ", ")
}
