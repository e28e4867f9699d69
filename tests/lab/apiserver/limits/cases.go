package limits

import (
	"fmt"
	"strings"
)

// Case is a limit, and what stands on both sides of it.
type Case struct {
	Name string
	Code string // what stops the other side
	// What is measured of the objects on this side, if the limit is a number: the largest list, table, text or number
	// at that field of that kind; the smallest where Least is set.
	Kind, Field string
	Size        int
	Least       bool
	At, Over    string // two files federation.toml
}

const (
	gateway       = "gateway.networking.k8s.io Gateway"
	tlsRoute      = "gateway.networking.k8s.io TLSRoute"
	serviceEntry  = "networking.istio.io ServiceEntry"
	workloadEntry = "networking.istio.io WorkloadEntry"
	envoyFilter   = "networking.istio.io EnvoyFilter"
	policy        = "security.istio.io AuthorizationPolicy"
	service       = "core Service"
	namespace     = "core Namespace"
	slice         = "discovery.k8s.io EndpointSlice"
	egress        = `egress = "gateway"`
	asService     = `naming = "service"`
)

// Cases are all limits that a diagnostic keeps.
func Cases() []Case {
	var all []Case
	for _, some := range [][]Case{lists(), texts(), numbers(), names(), repetitions(), forms()} {
		all = append(all, some...)
	}
	return all
}

// numbered is a case whose limit is a number, and whose two files differ in it.
func numbered(code, kind, field string, size int, file func(int) federation) Case {
	return Case{Name: fmt.Sprintf("%s/%d", strings.ReplaceAll(field, "/", "_"), size), Code: code, Kind: kind, Field: field, Size: size,
		At: file(size).String(), Over: file(size + 1).String()}
}

// least is the same for a limit from below.
func least(code, kind, field string, size int, file func(int) federation) Case {
	c := numbered(code, kind, field, size, file)
	c.Over, c.Least = file(size-1).String(), true
	return c
}

func lists() []Case {
	annotations := func(istio string) func(int) federation {
		return func(count int) federation {
			return federation{istio: istio, west: `gateway.addresses = ["192.0.2.1"]` + "\n" +
				each(count, "gateway.annotations.a# = \"x\"\n")}
		}
	}
	route := func(istio, defaults string) func(int) federation {
		return func(count int) federation {
			return federation{istio: istio, defaults: defaults, east: egress + "\negress_gateway.route = \"tlsroute\"",
				more: exports(count - 1)}
		}
	}
	existing := func(count int) federation {
		return federation{west: `gateway.router = { addresses = ["192.0.2.1"], service = "gw" }` + "\ngateway.deploy = false\n" +
			each(count, "gateway.selector.l# = \"x\"\n")}
	}
	selector := func(count int) federation { return federation{pods: each(count, "selector.l# = \"x\"\n")} }
	return []Case{
		numbered("MF0801", gateway, ".spec.listeners", 64, func(count int) federation {
			return federation{east: egress, more: networks(count - 1)}
		}),
		numbered("MF0220", gateway, ".spec.addresses", 16, func(count int) federation {
			return federation{west: fmt.Sprintf("gateway.addresses = [%s]", addresses(0, count))}
		}),
		numbered("MF0504", gateway, ".spec.addresses", 16, func(count int) federation {
			return federation{more: gateways(8, count-9)}
		}),
		numbered("MF0810", gateway, ".spec.infrastructure.annotations", 8, annotations("1.30")),
		numbered("MF0810", gateway, ".spec.infrastructure.annotations", 16, annotations("1.31")),
		numbered("MF0802", tlsRoute, ".spec.hostnames", 16, route("1.30", "")),
		numbered("MF0802", tlsRoute, ".spec.hostnames", 16,
			route("1.29", "alpha_gateway_api = true\ngateway_api_channel = \"experimental\"")),
		numbered("MF0802", tlsRoute, ".spec.hostnames", 1024, route("1.31", "")),
		numbered("MF0804", serviceEntry, ".spec.endpoints", 4096, func(count int) federation {
			return federation{more: sources(count - 1)}
		}),
		numbered("MF0812", serviceEntry, ".spec.endpoints", 4096, func(count int) federation {
			return federation{east: egress, more: gateways(append(repeated(255, 16), count-1-255*16)...)}
		}),
		numbered("MF0220", serviceEntry, ".spec.ports", 256, func(count int) federation {
			return federation{ports: each(count, `{ name = "http-#", number = # }, `)}
		}),
		numbered("MF0220", serviceEntry, ".spec.addresses", 256, func(count int) federation {
			return federation{export: fmt.Sprintf("vip = [%s]", addresses(0, count))}
		}),
		numbered("MF0220", serviceEntry, ".spec.workloadSelector.labels", 256, selector),
		numbered("MF0220", envoyFilter, ".spec.workloadSelector.labels", 256, existing),
	}
}

func texts() []Case {
	text := func(size int) string { return strings.Repeat("x", size) }
	// A DNS name of that many bytes, more than 200, with labels of no more than 63.
	name := func(size int) string {
		return strings.Repeat(strings.Repeat("x", 49)+".", 4) + strings.Repeat("x", size-200)
	}
	parameters := func(size int) federation {
		return federation{west: fmt.Sprintf("gateway.addresses = [\"192.0.2.1\"]\ngateway.parameters = %q", name(size))}
	}
	account := func(size int) federation { return federation{pods: asService, accounts: `"` + name(size) + `"`} }
	canonical := func(size int) federation {
		return federation{pods: fmt.Sprintf("canonical_name = %q", text(size)), export: `callers = ["east/*"]`}
	}
	return []Case{
		numbered("MF0811", gateway, ".spec.infrastructure.annotations.*", 4096, func(size int) federation {
			return federation{west: fmt.Sprintf("gateway.addresses = [\"192.0.2.1\"]\ngateway.annotations.a = %q", text(size))}
		}),
		numbered("MF0212", gateway, ".spec.infrastructure.parametersRef.name", 253, parameters),
		numbered("MF0212", workloadEntry, ".spec.serviceAccount", 253, account),
		numbered("MF0214", serviceEntry, ".spec.workloadSelector.labels.*", 63, canonical),
		numbered("MF0214", policy, ".spec.selector.matchLabels.*", 63, canonical),
		numbered("MF0216", serviceEntry, ".spec.endpoints[].locality", 3*63+2, func(size int) federation {
			return federation{west: fmt.Sprintf("gateway.addresses = [\"192.0.2.1\"]\nlocality = \"%[1]s/%[1]s/%[2]s\"",
				text(63), text(size-2*64))}
		}),
		numbered("MF0813", service, ".metadata.annotations.*", 256<<10-len("networking.istio.io/exportTo"),
			func(size int) federation {
				const length = 60 // of a namespace; the last one takes what is left
				var all []string
				for size >= 2*(length+1) {
					all = append(all, fmt.Sprintf("%0*d", length, len(all)))
					size -= length + 1
				}
				first := size / 2
				all = append(all, text(first), strings.Repeat("y", size-first-1))
				return federation{pods: asService, export: fmt.Sprintf("visible_to = [%s]", quoted(all))}
			}),
	}
}

func numbers() []Case {
	port := func(format string) func(int) federation {
		return func(number int) federation { return federation{ports: fmt.Sprintf(format, number)} }
	}
	entry := port(`{ name = "http", number = %d, target = 8080 }`)
	target := port(`{ name = "http", number = 80, target = %d }`)
	dialled := func(number int) federation {
		return federation{west: fmt.Sprintf("gateway.addresses = [\"192.0.2.1\"]\ngateway.port = %d", number)}
	}
	behind := func(lines string) func(int) federation {
		return func(number int) federation {
			file := dialled(number)
			file.east = egress + "\n" + lines
			return file
		}
	}
	routed := behind("egress_gateway.route = \"tlsroute\"\n")
	sliced := behind("egress_gateway.backend = \"endpointslice\"\n")
	owned := func(file func(int) federation) func(int) federation {
		return func(number int) federation {
			f := file(number)
			f.pods = asService
			return f
		}
	}
	return []Case{
		numbered("MF0207", gateway, ".spec.listeners[].port", 65535, dialled),
		least("MF0207", gateway, ".spec.listeners[].port", 1, dialled),
		numbered("MF0207", tlsRoute, ".spec.rules[].backendRefs[].port", 65535, routed),
		least("MF0207", tlsRoute, ".spec.rules[].backendRefs[].port", 1, routed),
		numbered("MF0207", serviceEntry, ".spec.ports[].number", 65535, entry),
		least("MF0207", serviceEntry, ".spec.ports[].number", 1, entry),
		numbered("MF0207", serviceEntry, ".spec.ports[].targetPort", 65535, target),
		least("MF0207", serviceEntry, ".spec.ports[].targetPort", 1, target),
		numbered("MF0207", service, ".spec.ports[].port", 65535, owned(entry)),
		least("MF0207", service, ".spec.ports[].port", 1, owned(entry)),
		numbered("MF0207", service, ".spec.ports[].targetPort", 65535, owned(target)),
		least("MF0207", service, ".spec.ports[].targetPort", 1, owned(target)),
		numbered("MF0207", slice, ".ports[].port", 65535, sliced),
		least("MF0207", slice, ".ports[].port", 1, sliced),
	}
}

func names() []Case {
	text := func(size int) string { return strings.Repeat("x", size) }
	return []Case{
		numbered("MF0211", namespace, ".metadata.name", 63, func(size int) federation {
			return federation{defaults: `namespaces = "create"`,
				east: fmt.Sprintf("import_namespace = %q", text(size))}
		}),
		numbered("MF0211", service, ".metadata.name", 63, func(size int) federation {
			return federation{pods: asService, export: fmt.Sprintf("service = %q", text(size))}
		}),
		numbered("MF0211", service, ".spec.ports[].name", 63, func(size int) federation {
			return federation{pods: asService, ports: fmt.Sprintf("{ name = \"http-%s\", number = 80 }", text(size-5))}
		}),
		// The Service that istiod makes of a Gateway has six bytes more.
		numbered("MF0519", gateway, ".metadata.name", 57, func(size int) federation {
			return federation{west: fmt.Sprintf("gateway.addresses = [\"192.0.2.1\"]\ngateway.name = %q", text(size))}
		}),
		called("MF0519", service, ".metadata.name", 63, func(size int) string {
			file := federation{east: egress + "\negress_gateway.backend = \"endpointslice\""}.String()
			return strings.ReplaceAll(file, "west-net", text(size-len("egress-to-")))
		}),
		called("MF0519", workloadEntry, ".metadata.name", 253, func(size int) string {
			const host = 220
			labels := strings.Repeat(text(49)+".", 4) + text(host-200)
			file := federation{export: fmt.Sprintf("merge = [\"east\"]\nhost = %q", labels)}.String()
			return strings.ReplaceAll(file, "west-net", text(size-host-1))
		}),
	}
}

// called is numbered with whole files.
func called(code, kind, field string, size int, file func(int) string) Case {
	c := numbered(code, kind, field, size, func(int) federation { return federation{} })
	c.At, c.Over = file(size), file(size+1)
	return c
}

// refused is a case without a number: two lines, of which one is wrong.
func refused(name, code string, right, wrong string, file func(string) federation) Case {
	return Case{Name: name, Code: code, At: file(right).String(), Over: file(wrong).String()}
}

func repetitions() []Case {
	ports := func(ports string) federation { return federation{ports: ports} }
	west := func(list string) federation { return federation{west: "gateway.addresses = [" + list + "]"} }
	listeners := refused("names of listeners", "MF0531", "", "", func(string) federation {
		return federation{east: egress}
	})
	listeners.Over = strings.ReplaceAll(listeners.Over, "west-net", "status-port")
	return []Case{
		refused("numbers of ports", "MF0403", `{ name = "http-a", number = 80 }, { name = "http-b", number = 81 }`,
			`{ name = "http-a", number = 80 }, { name = "http-b", number = 80 }`, ports),
		refused("names of ports", "MF0404", `{ name = "http-a", number = 80 }, { name = "http-b", number = 81 }`,
			`{ name = "http-a", number = 80 }, { name = "http-a", number = 81 }`, ports),
		refused("addresses", "MF0209", `"2001:db8::1", "2001:db8::2"`, `"2001:db8::1", "2001:DB8:0::1"`, west),
		refused("ports of listeners", "MF0512", "egress_port = 15444", "egress_port = 15443", func(line string) federation {
			return federation{east: egress, more: strings.ReplaceAll(networks(1), "egress_port = 20000", line)}
		}),
		listeners,
	}
}

func forms() []Case {
	west := func(list string) federation { return federation{west: "gateway.addresses = [" + list + "]"} }
	sliced := func(list string) federation {
		return federation{west: west(list).west, east: egress + "\negress_gateway.backend = \"endpointslice\""}
	}
	vip := func(list string) federation { return federation{export: "vip = [" + list + "]"} }
	host := func(host string) federation { return federation{export: fmt.Sprintf("host = %q", host)} }
	owned := func(name string) federation {
		return federation{pods: asService, export: fmt.Sprintf("service = %q", name)}
	}
	own := func(name string) federation {
		return federation{west: fmt.Sprintf("gateway.addresses = [\"192.0.2.1\"]\ngateway.name = %q", name)}
	}
	routed := func(label string) federation {
		return federation{west: `gateway.router = { addresses = ["192.0.2.1"] }`, export: fmt.Sprintf("host = \"%s.a\"", label)}
	}
	upgrade := func(word string) federation {
		return federation{export: fmt.Sprintf("connection_pool.http.h2UpgradePolicy = %q", word)}
	}
	label := func(size int) string { return strings.Repeat("x", size-len("-80")) }
	prefix := func(size int) federation {
		key := strings.Repeat(strings.Repeat("x", 49)+".", 5) + strings.Repeat("x", size-250) + "/a"
		return federation{west: fmt.Sprintf("gateway.addresses = [\"192.0.2.1\"]\ngateway.annotations.%q = \"x\"", key)}
	}
	return []Case{
		{Name: "prefixes of annotations", Code: "MF0213", At: prefix(252).String(), Over: prefix(253).String()},
		refused("gateway addresses", "MF0215", `"198.51.100.255", "a.example"`, `"198.51.100.256", "a.example"`, west),
		refused("gateway names", "MF0215", `"a-b.example"`, `"a_b.example"`, west),
		refused("IPv4 as IPv6", "MF0225", `"198.51.100.1", "2001:db8::1"`, `"::ffff:198.51.100.1", "2001:db8::1"`, sliced),
		refused("nobody's addresses", "MF0508", `"169.253.1.1"`, `"169.254.1.1"`, sliced),
		refused("names in slices", "MF0516", `"192.0.2.1"`, `"a.example"`, sliced),
		refused("virtual addresses", "MF0219", `"240.0.0.1"`, `"240.0.0.1/32"`, vip),
		refused("short hosts", "MF0450", "a.b", "ab", host),
		refused("numeric hosts", "MF0212", "10.0.0.1a", "10.0.0.1", host),
		refused("Services", "MF0530", "nine-to-5", "9to5", owned),
		refused("Services of Gateways", "MF0530", "in-1", "1-in", own),
		refused("labels", "MF0211", "a-b", "a_b", owned),
		refused("words of connection pools", "MF0206", "UPGRADE", "ALWAYS", upgrade),
		refused("names at routers", "MF0564", label(63), label(64), routed),
	}
}

// Sliced is a federation.toml in which an egress gateway knows so many addresses of one network by EndpointSlices, at
// least 17.
func Sliced(count int) string {
	whole, rest := (count-1)/16, (count-1)%16
	counts := repeated(whole, 16)
	if rest > 0 {
		counts = append(counts, rest)
	}
	return federation{east: egress + "\negress_gateway.backend = \"endpointslice\"", more: gateways(counts...)}.String()
}
