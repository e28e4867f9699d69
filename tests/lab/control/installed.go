package control

import (
	"os"
	"slices"
	"strconv"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	"istio.io/istio/pilot/pkg/features"
	"istio.io/istio/pkg/config/constants"
	"istio.io/istio/pkg/env"
)

// Differences are the settings in which a running istiod is not as it is installed, each once.
func (p *Plane) Differences() []string {
	found := differ("meshConfig", p.Site.Istiod.Config.ProtoReflect(), p.Env().Mesh().ProtoReflect())
	found = append(found, p.variables()...)
	found = append(found, p.arguments()...)
	slices.Sort(found)
	return slices.Compact(found)
}

// Unlisted are those that are no exceptions.
func (p *Plane) Unlisted() []string { return slices.DeleteFunc(p.Differences(), Exceptional) }

// differ gives the fields in which messages differ.
func differ(path string, a, b protoreflect.Message) []string {
	var found []string
	fields := a.Descriptor().Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		name := path + "." + field.JSONName()
		switch {
		case field.Message() != nil && field.Cardinality() != protoreflect.Repeated && a.Has(field) && b.Has(field):
			found = append(found, differ(name, a.Get(field).Message(), b.Get(field).Message())...)
		case a.Has(field) != b.Has(field), a.Has(field) && !a.Get(field).Equal(b.Get(field)):
			found = append(found, name)
		}
	}
	return found
}

// variables compares what istiod reads of its environment. Of most of that the lab's has the defaults, like its process.
func (p *Plane) variables() []string {
	runs := map[string]string{}
	wanted := map[string]string{}
	for _, one := range env.VarDescriptions() {
		runs[one.Name], wanted[one.Name] = one.DefaultValue, one.DefaultValue
		if value, found := os.LookupEnv(one.Name); found {
			runs[one.Name] = value
		}
	}
	runs["CLUSTER_ID"] = string(p.ServiceEntryRegistry.Cluster())
	for name, on := range map[string]bool{
		"ISTIO_MULTIROOT_MESH":           p.multiRoot,
		"PILOT_ENABLE_ALPHA_GATEWAY_API": features.EnableAlphaGatewayAPI,
		"PILOT_ENABLE_ALPN_FILTER":       features.ALPNFilter,
		"PILOT_ENABLE_METADATA_EXCHANGE": features.MetadataExchange,
	} {
		runs[name] = strconv.FormatBool(on)
	}
	for name, value := range p.Site.Istiod.Environment {
		wanted[name] = value
	}
	var found []string
	for name, value := range wanted {
		if running, read := runs[name]; !read || !equal(value, running) {
			found = append(found, "environment "+name)
		}
	}
	return found
}

// equal says whether istiod reads the same: "1" is 1.0.
func equal(a, b string) bool {
	first, err := strconv.ParseFloat(a, 64)
	second, other := strconv.ParseFloat(b, 64)
	return a == b || err == nil && other == nil && first == second
}

// arguments compares those of the program. The lab's istiods have Kubernetes' own domain built in.
func (p *Plane) arguments() []string {
	var found []string
	arguments := p.Site.Istiod.Arguments
	for i, argument := range arguments {
		name, _, _ := strings.Cut(argument, "=")
		known := name == "--domain" && i+1 < len(arguments) && arguments[i+1] == constants.DefaultClusterLocalDomain
		if strings.HasPrefix(name, "--") && !known {
			found = append(found, "argument "+name)
		}
	}
	return found
}
