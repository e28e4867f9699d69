package analyze

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// hostile is a federation.toml whose values may be anything. One Istio Gateway, one VirtualService or TLSRoute and one
// ServiceEntry collect what both exports say, so a value that makes one of them invalid closes the other export too.
const hostile = `version = 1
[federation]
name = "hostile"
[defaults]
istio = "1.31"
dns_capture = true
mtls = "strict"
accept = ["MF0402"]
[mesh.east]
[mesh.west]
[network.east-net]
[network.NETWORK]
[cluster.east-1]
mesh = "east"
network = "east-net"
WAY
[cluster.west-1]
mesh = "west"
network = "NETWORK"
GATEWAY
[export.neighbour]
namespace = "shop"
canonical_name = "neighbour"
ports = [{ name = "http", number = 80 }]
from = ["west"]
to = ["east"]
service_accounts = ["neighbour"]
[export.shop]
namespace = "shop"
PODS
PORTS
from = ["west"]
to = ["east"]
ACCOUNTS
EXPORT
`

// What a place holds unless it is the one that is tried.
var usual = map[string]string{
	"NETWORK":  "west-net",
	"GATEWAY":  `gateway.addresses = ["192.0.2.1"]`,
	"PODS":     `canonical_name = "shop"`,
	"PORTS":    `ports = [{ name = "http", number = 80 }]`,
	"ACCOUNTS": `service_accounts = ["shop"]`,
	"EXPORT":   "",
}

// All ways out of the importing cluster, each with lists of its own.
var ways = map[string]string{
	"direct":         "",
	"virtualservice": `egress = "gateway"`,
	"tlsroute":       "egress = \"gateway\"\negress_gateway.route = \"tlsroute\"",
}

// attempt is some values for one place. Those that are refused say by which code; the others are shown to Istio.
type attempt struct {
	place, line string            // %s in the line is the value
	values      map[string]string // code, or ""
}

var (
	k60 = strings.Repeat("k", 60)
	k63 = strings.Repeat("k", 63)
	k64 = strings.Repeat("k", 64)
)

var attempts = map[string]attempt{
	"hosts": {"EXPORT", `host = "%s"`, map[string]string{
		"a.b": "", "1.a": "", "1a.2b": "", "a--b.example": "", "xn--bcher-kva.example": "", "a.example": "", "a.a.a.a.a.a.a.a": "",
		"orders": "MF0450", "localhost": "MF0450", "a-b": "MF0450", "1": "MF0212",
		"a.1": "MF0212", "10.0.0.1": "MF0212", "A.example": "MF0212", "a_b.example": "MF0212", "*.example": "MF0212", "*": "MF0212",
		"a.*.example": "MF0212", "a.example.": "MF0212", ".example": "MF0212", "a..example": "MF0212", "-a.example": "MF0212",
		"a-.example": "MF0212", "ä.example": "MF0212", "a.example:80": "MF0212", "http://a.example": "MF0212", "shop/a.example": "MF0212",
		"2001:db8::1": "MF0212", "": "MF0208",
		k63 + ".example": "", k64 + ".example": "MF0212",
		strings.Repeat(k60+".", 3) + strings.Repeat("k", 56): "", strings.Repeat(k60+".", 3) + strings.Repeat("k", 57): "MF0519",
	}},
	"names of ports": {"PORTS", `ports = [{ name = "%s", number = 80, protocol = "http" }]`, map[string]string{
		"a": "", "1": "", "1-http": "", "tcp": "", "http-a.b": "MF0211", "HTTP": "MF0211", "a_b": "MF0211", "-a": "MF0211", "*": "MF0211",
		k63: "", k64: "MF0211", "": "MF0208",
	}},
	"protocols": {"PORTS", `ports = [{ name = "a", number = 80, protocol = "%s" }]`, map[string]string{
		"http": "", "http2": "", "grpc": "", "grpc-web": "", "https": "", "tls": "", "tcp": "", "mongo": "", "mysql": "", "redis": "",
		"udp": "MF0406", "HTTP": "MF0206", "http3": "MF0206",
	}},
	"canonical names": {"PODS", `canonical_name = "%s"`, map[string]string{
		"A.b_c": "", "1": "", k63: "", k64: "MF0214", "*": "MF0214", "a*": "MF0214", "a/b": "MF0214", "": "MF0208",
	}},
	"Services": {"PODS", "naming = \"service\"\nservice = \"%s\"", map[string]string{
		"a": "", "a--1": "", k63: "", k64: "MF0211", "9to5": "MF0530", "a.b": "MF0211", "A": "MF0211", "a-": "MF0211",
	}},
	"values of selectors": {"PODS", `selector = { app = "%s" }`, map[string]string{
		"A.b_c": "", k63: "", "": "", k64: "MF0214", "*": "MF0214", "a b": "MF0214",
	}},
	"keys of selectors": {"PODS", `selector = { "%s" = "a" }`, map[string]string{
		"a": "", "A_b.c": "", "a.example/b": "", "a.example/*": "MF0213", "*": "MF0213", "a*": "MF0213", "/a": "MF0213", "a/b/c": "MF0213",
	}},
	"accounts": {"ACCOUNTS", `service_accounts = ["%s"]`, map[string]string{
		"a.b": "", "1a": "", "A": "MF0212", "a/b": "MF0212", "*": "MF0212", "": "MF0208",
	}},
	"callers": {"EXPORT", `callers = ["%s"]`, map[string]string{
		"east/*": "", "east/a/*": "", "east/a/b.c": "", "east/a/b*": "MF0601", "*": "", "*/a/b": "MF0601", "east/*/b": "MF0601",
	}},
	"namespaces that see it": {"EXPORT", `visible_to = ["%s"]`, map[string]string{
		"a": "", "1": "", "shop": "", "*": "", ".": "MF0211", "~": "MF0211", "a.b": "MF0211",
	}},
	"virtual addresses": {"EXPORT", `vip = ["%s"]`, map[string]string{
		"240.0.0.1": "", "2001:DB8:0::1": "", "::192.0.2.1": "", "::ffff:192.0.2.1": "MF0225", "0.0.0.0": "MF0451", "::": "MF0451",
		"10.0.0.0/8": "MF0219", "a.example": "MF0219",
	}},
	"gateways": {"GATEWAY", `gateway.addresses = ["%s", "192.0.2.9"]`, map[string]string{
		"192.0.2.1": "", "2001:DB8:0::1": "", "a.b": "", "1.a": "", "a.0x1": "", k63 + ".example": "",
		"a": "MF0215", "a.1": "MF0215", "a_b.example": "MF0215", "*.example": "MF0215", "A.example": "MF0215", "a.example.": "MF0215",
		"192.0.2.1:443": "MF0215", "fe80::1%eth0": "MF0215", "::ffff:192.0.2.1": "MF0225", "127.0.0.1": "MF0508", "224.0.0.1": "MF0508",
	}},
	"networks": {"NETWORK", "%s", map[string]string{"a": "", "1": "", "1-net": "", strings.Repeat("k", 53): ""}},
}

var errorCode = regexp.MustCompile(`error\[(MF\d{4})\]`)

// build compiles a federation.toml, or gives the codes of its errors.
func build(t *testing.T, toml string) (out string, codes []string) {
	t.Helper()
	out = t.TempDir()
	source := filepath.Join(out, "federation.toml")
	if err := os.WriteFile(source, []byte(toml), 0o600); err != nil {
		t.Fatal(err)
	}
	output, err := exec.Command(os.Getenv("MESHFEDC"), "build", "-f", source, "-o", filepath.Join(out, "clusters")).CombinedOutput()
	var failed *exec.ExitError
	if err != nil && (!errors.As(err, &failed) || failed.ExitCode() != 2) {
		t.Fatalf("%v\n%s", err, output)
	}
	for _, found := range errorCode.FindAllSubmatch(output, -1) {
		codes = append(codes, string(found[1]))
	}
	if err != nil && len(codes) == 0 {
		t.Fatalf("%v\n%s", err, output)
	}
	slices.Sort(codes)
	return filepath.Join(out, "clusters"), slices.Compact(codes)
}

// What the compiler accepts Istio accepts, wherever it stands; what it refuses it refuses for the reason that is expected.
func TestHostileValuesAreRefusedOrHarmless(t *testing.T) {
	if os.Getenv("MESHFEDC") == "" {
		t.Fatal("MESHFEDC does not name the compiler")
	}
	for name, attempt := range attempts {
		for value, code := range attempt.values {
			for way, lines := range ways {
				t.Run(fmt.Sprintf("%s/%q/%s", name, value, way), func(t *testing.T) {
					out, codes := build(t, attempt.file(value, lines))
					if code != "" {
						if !slices.Equal(codes, []string{code}) {
							t.Errorf("want %s, got %s", code, codes)
						}
						return
					}
					if len(codes) > 0 {
						t.Fatalf("refused: %s", codes)
					}
					istioAccepts(t, out)
				})
			}
		}
	}
}

func (a attempt) file(value, way string) string {
	text := strings.Replace(hostile, "WAY", way, 1)
	for place, line := range usual {
		if place == a.place {
			line = fmt.Sprintf(a.line, value)
		}
		text = strings.ReplaceAll(text, place, line)
	}
	return text
}

func istioAccepts(t *testing.T, out string) {
	t.Helper()
	for _, cluster := range []string{"east-1", "west-1"} {
		files, err := read(filepath.Join(out, cluster))
		if err != nil || len(files) == 0 {
			t.Fatalf("%d files: %v", len(files), err)
		}
		messages, err := webhook(files)
		if err != nil {
			t.Fatal(err)
		}
		for _, finding := range Findings(messages) {
			t.Error(finding)
		}
	}
}
