package apiserver

import (
	"slices"
	"strings"
	"testing"
)

const allowedRoutes = "allowedRoutes: {namespaces: {from: Same}}"

// What is wrong with these objects is found, so it would be found in others.
var controls = []struct {
	name     string
	manifest string
	finding  string // a part of the only one
}{
	{
		"a field that the kind does not have",
		`
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: control, namespace: lab}
spec: {hosts: [a.example.com], ports: [{number: 80, name: http, protocol: HTTP}], resolution: NONE, via: east}
`,
		".spec.via: field not declared in schema",
	},
	{
		"a key that is there twice",
		`
apiVersion: v1
kind: Service
metadata: {name: control, namespace: lab}
spec:
  type: ClusterIP
  type: ClusterIP
  ports: [{port: 80}]
`,
		"already set in map",
	},
	{
		"a value that the schema does not allow",
		`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: control, namespace: lab}
spec: {gatewayClassName: istio, listeners: [{name: Control, port: 80, protocol: HTTP, ` + allowedRoutes + `}]}
`,
		"refused: 422",
	},
	{
		"a rule (CEL) of Istio's that is broken",
		`
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: control, namespace: lab}
spec: {labels: {app: control}}
`,
		"Address is required",
	},
	{
		"a rule (CEL) of the Gateway API's that is broken",
		`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: control, namespace: lab}
spec:
  gatewayClassName: istio
  listeners: [{name: control, port: 80, protocol: HTTP, tls: {mode: Passthrough}, ` + allowedRoutes + `}]
`,
		"tls must not be specified",
	},
	{
		"a default that the server adds to a custom resource",
		`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: control, namespace: lab}
spec: {gatewayClassName: istio, listeners: [{name: control, port: 15443, protocol: TLS, tls: {mode: Passthrough}}]}
`,
		`.spec.listeners[0].allowedRoutes = {"namespaces":{"from":"Same"}} was added`,
	},
	{
		"a version that is deprecated",
		`
apiVersion: gateway.networking.k8s.io/v1alpha2
kind: TLSRoute
metadata: {name: control, namespace: lab}
spec:
  parentRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: control}]
  hostnames: [a.example.com]
  rules: [{backendRefs: [{group: "", kind: Service, name: control, port: 80, weight: 1}]}]
`,
		"warning: 299 - \"The v1alpha2 version of TLSRoute has been deprecated",
	},
	{
		"more endpoints than a slice holds",
		`
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: control, namespace: lab}
addressType: IPv4
ports: [{name: tls, port: 15443, protocol: TCP}]
endpoints: [` + strings.Repeat("{addresses: [192.0.2.1]}, ", 1001) + `]
`,
		"must have at most 1000 items",
	},
	{
		"an IPv4 address in the form of IPv6",
		`
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: control, namespace: lab}
addressType: IPv6
ports: [{name: tls, port: 15443, protocol: TCP}]
endpoints: [{addresses: ["::ffff:192.0.2.1"]}]
`,
		"IPv6",
	},
	{
		"annotations with one byte too many",
		`
apiVersion: v1
kind: Service
metadata: {name: control, namespace: lab, annotations: {a: ` + strings.Repeat("x", 256<<10) + `}}
spec: {selector: {app: control}, ports: [{name: http, port: 80, protocol: TCP, targetPort: 80}]}
`,
		"may not be more than 262144 bytes",
	},
	{
		"a kind that is not installed",
		`
apiVersion: gateway.networking.k8s.io/v1
kind: MeshRoute
metadata: {name: control, namespace: lab}
`,
		"gateway.networking.k8s.io/v1 MeshRoute is not served",
	},
}

func TestWhatIsWrongIsFound(t *testing.T) {
	use(t, Bundle{"1.5", "experimental"})
	for _, control := range controls {
		t.Run(control.name, func(t *testing.T) {
			object, err := ParseObject([]byte(control.manifest))
			if err != nil {
				t.Fatal(err)
			}
			findings, err := lab.server.Findings([]Object{object})
			if err != nil {
				t.Fatal(err)
			}
			if len(findings) != 1 || !strings.Contains(findings[0], control.finding) {
				t.Errorf("want one finding with %q, got %q", control.finding, findings)
			}
		})
	}
}

// And what the server adds to a kind of its own is none.
func TestDefaultsOfAServiceAreNoFinding(t *testing.T) {
	service, err := ParseObject([]byte(`
apiVersion: v1
kind: Service
metadata: {name: control, namespace: lab}
spec: {selector: {app: control}, ports: [{name: http, port: 80, targetPort: 8080}]}
`))
	if err != nil {
		t.Fatal(err)
	}
	accepted(t, []Object{service})
}

func TestDrift(t *testing.T) {
	for _, test := range []struct {
		name, sent, kept string
		want             []string
	}{
		{
			"the same",
			`{apiVersion: networking.istio.io/v1, metadata: {name: a}, spec: {weights: [1, 2]}}`,
			`{apiVersion: networking.istio.io/v1, metadata: {name: a, uid: u}, spec: {weights: [1, 2]}, status: {}}`,
			nil,
		},
		{
			"changed, removed and added",
			`{apiVersion: networking.istio.io/v1, metadata: {name: a}, spec: {a: 1, b: [1, 2], c: {d: x}, e: {}}}`,
			`{apiVersion: networking.istio.io/v1, metadata: {name: a, x: {}}, spec: {a: "1", b: [1], c: {}, e: {f: null}}}`,
			[]string{
				`.metadata.x = {} was added`,
				`.spec.a 1 became "1"`,
				`.spec.b [1,2] became [1]`,
				`.spec.c.d = "x" was removed`,
				`.spec.e.f = null was added`,
			},
		},
		{
			"defaults of the server's own kinds",
			`{apiVersion: discovery.k8s.io/v1, metadata: {name: a}, ports: [{port: 1}], endpoints: [{}]}`,
			`{apiVersion: discovery.k8s.io/v1, metadata: {name: a}, ports: [{port: 2, protocol: TCP}], endpoints: [{zone: b}]}`,
			[]string{".ports[0].port 1 became 2"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			sent, err := ParseObject([]byte(test.sent))
			if err != nil {
				t.Fatal(err)
			}
			kept, err := ParseObject([]byte(test.kept))
			if err != nil {
				t.Fatal(err)
			}
			if got := Drift(sent, kept.Content); !slices.Equal(got, test.want) {
				t.Errorf("want %q, got %q", test.want, got)
			}
		})
	}
}
