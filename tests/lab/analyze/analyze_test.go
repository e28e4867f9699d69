package analyze

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"istio.io/istio/pkg/log"
)

func TestMain(m *testing.M) {
	options := log.DefaultOptions()
	options.SetDefaultOutputLevel(log.OverrideScopeName, log.ErrorLevel)
	if err := log.Configure(options); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// The committed output of every example and golden case, a directory per cluster, and the directories that LAB_TREES
// names, an environment variable. Installations are for their installers to judge.
func clusters(t *testing.T) []string {
	t.Helper()
	dirs := filepath.SplitList(os.Getenv("LAB_TREES"))
	for _, pattern := range []string{"../../../out/*/*", "../../golden/*/expected/*"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("no clusters in %s: %v", pattern, err)
		}
		dirs = append(dirs, found...)
	}
	return slices.DeleteFunc(dirs, func(path string) bool {
		info, err := os.Stat(path)
		return err == nil && !info.IsDir() || strings.HasSuffix(filepath.Dir(path), "-install")
	})
}

func TestIstioSaysNothingUnexpected(t *testing.T) {
	for _, dir := range clusters(t) {
		t.Run(strings.TrimPrefix(dir, "../../"), func(t *testing.T) {
			messages, err := Directory(dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, finding := range Findings(messages) {
				t.Error(finding)
			}
		})
	}
}

// An expectation that nothing meets would hide the first message that does.
func TestEveryExpectationIsMet(t *testing.T) {
	var messages []Message
	for _, dir := range clusters(t) {
		more, err := Directory(dir)
		if err != nil {
			t.Fatal(err)
		}
		messages = append(messages, more...)
	}
	messages = append(messages, manifest(t, egressBackend("cluster.example"))...)
	for _, e := range expected {
		if !slices.ContainsFunc(messages, e.meets) {
			t.Errorf("nobody gets %s about %s: %s", e.code, e.kind, e.reason)
		}
	}
}

// manifest is what Istio says about some documents.
func manifest(t *testing.T, text string) []Message {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "lab")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "control.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	messages, err := Directory(filepath.Dir(dir))
	if err != nil {
		t.Fatal(err)
	}
	return messages
}

// egressBackend is a VirtualService to a Service that is not there.
func egressBackend(domain string) string {
	return `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: egress-to-west, namespace: egress}
spec:
  hosts: [a.example.com]
  http: [{route: [{destination: {host: egress-to-west.egress.svc.` + domain + `, port: {number: 15443}}}]}]
`
}

func TestAnEgressBackendThatIsNotThereIsFound(t *testing.T) {
	if findings := Findings(manifest(t, egressBackend("cluster.local"))); len(findings) != 1 {
		t.Errorf("want one finding, got %q", findings)
	}
}

// A message that is expected about one kind is a finding about another.
func TestWhatIsExpectedIsExpectedOfItsKind(t *testing.T) {
	policy := Message{"IST0127", "security.istio.io/AuthorizationPolicy", "lab/control", "No matching workloads for …"}
	authentication, refused := policy, policy
	authentication.Kind = "security.istio.io/PeerAuthentication"
	refused.Code = Refused
	want := []Message{authentication, refused}
	if got := Findings([]Message{policy, authentication, refused}); !slices.Equal(got, want) {
		t.Errorf("want %q, got %q", want, got)
	}
}

// What is wrong with these objects is found, so it would be found in others.
func TestWhatIsWrongIsFound(t *testing.T) {
	for _, control := range []struct {
		name     string
		manifest string
		finding  string // the beginning of one
	}{
		{
			"an object that the webhook refuses",
			`
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: control, namespace: lab}
spec: {hosts: ["*"], ports: [{number: 80, name: http, protocol: HTTP}], resolution: NONE}
`,
			"[refused] networking.istio.io/ServiceEntry lab/control: ",
		},
		{
			"an object that the analyzers refuse",
			`
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: control, namespace: lab}
spec: {host: a.example.com, trafficPolicy: {outlierDetection: {maxEjectionPercent: 101}}}
`,
			"[IST0106] networking.istio.io/DestinationRule lab/control: Schema validation error: ",
		},
		{
			"an object that the webhook warns of",
			`
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: control, namespace: lab}
spec:
  servers:
  - {port: {number: 443, name: tls, protocol: TLS}, hosts: [a.example.com], tls: {mode: PASSTHROUGH, credentialName: c}}
`,
			"[warned] networking.istio.io/Gateway lab/control: ",
		},
		{
			"a kind that Istio does not have",
			`
apiVersion: networking.istio.io/v1
kind: MeshRoute
metadata: {name: control, namespace: lab}
`,
			"[refused] networking.istio.io/MeshRoute lab/control: ",
		},
		{
			"a VirtualService of a gateway and to a host that are not there",
			`
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: control, namespace: lab}
spec:
  hosts: [a.example.com]
  gateways: [nowhere]
  http: [{route: [{destination: {host: b.example.com}}]}]
`,
			`[IST0101] networking.istio.io/VirtualService lab/control: Referenced gateway not found: "nowhere"`,
		},
	} {
		t.Run(control.name, func(t *testing.T) {
			findings := Findings(manifest(t, control.manifest))
			isFound := func(m Message) bool { return strings.HasPrefix(m.String(), control.finding) }
			if !slices.ContainsFunc(findings, isFound) {
				t.Errorf("want %q, got %q", control.finding, findings)
			}
		})
	}
}
