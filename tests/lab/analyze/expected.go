package analyze

import (
	"slices"
	"strings"
)

// expectation is a message that a right manifest gets. Of another kind, or with another text, it is a finding.
type expectation struct {
	code   string
	kind   string
	says   func(text string) bool
	reason string
}

func with(part string) func(string) bool {
	return func(text string) bool { return strings.Contains(text, part) }
}

// The analyzer believes that every Service is in cluster.local. Elsewhere it finds not even the one that stands beside.
func egressBackendOfAnotherDomain(text string) bool {
	return with(`host not found: "egress-to-`)(text) && with(".svc.")(text) && !with(".svc.cluster.local")(text)
}

const (
	serviceEntry  = "networking.istio.io/ServiceEntry"
	workloadEntry = "networking.istio.io/WorkloadEntry"
	envoyFilter   = "networking.istio.io/EnvoyFilter"
	noAddress     = "an endpoint of another network has no address: istiod puts that network's gateways in its place"
	noOtherWay    = "routers take no server name of Istio's own, and nothing else gives a filter chain a further one"
	notInTheFiles = "the workloads are the application's, and none of them are in the files"
)

var expected = []expectation{
	{Warned, workloadEntry, with("address is unset with network "), noAddress},
	{Warned, serviceEntry, with("address is unset with network "), noAddress},
	{"IST0133", workloadEntry, with("address is unset with network "), noAddress},
	{"IST0133", serviceEntry, with("address is unset with network "), noAddress},
	{Warned, envoyFilter, with("exposes internal implementation details"), noOtherWay},
	{"IST0133", envoyFilter, with("exposes internal implementation details"), noOtherWay},
	{
		"IST0101", "networking.istio.io/Gateway", with("Referenced selector not found"),
		"istiod makes the pods of a gateway when it sees the Gateway API's Gateway, so none of them are in the files",
	},
	{
		"IST0101", "networking.istio.io/VirtualService", egressBackendOfAnotherDomain,
		"the analyzer knows one cluster domain, and an egress backend's host is in another",
	},
	{
		"IST0102", "/Namespace", with("The namespace is not enabled for Istio injection"),
		"nothing is injected into gateways, whose pods istiod writes whole, and in such a namespace are no others",
	},
	{"IST0127", "security.istio.io/AuthorizationPolicy", with("No matching workloads"), notInTheFiles},
	{
		"IST0134", serviceEntry, with("ServiceEntry addresses are required"),
		"istiod allocates an address, which the analyzer looks for in the status; where none does, the compiler asks for a" +
			" vip",
	},
	{
		"IST0174", "networking.istio.io/DestinationRule", with("does not match any services in the mesh"),
		"a Service with workloads is the application's, and not in the files; a ServiceEntry with visible_to is not exported" +
			" to its own namespace, where the analyzer looks for it, but clients find a rule beside the service that they call",
	},
}

func (e expectation) meets(message Message) bool {
	return e.code == message.Code && e.kind == message.Kind && e.says(message.Text)
}

// Findings are the messages that are not expected.
func Findings(messages []Message) []Message {
	return slices.DeleteFunc(slices.Clone(messages), func(message Message) bool {
		return slices.ContainsFunc(expected, func(e expectation) bool { return e.meets(message) })
	})
}
