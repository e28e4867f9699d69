package install

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
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

var federations = []federation{
	{name: "equal trust domains", expect: func(i *Istiod) []string {
		return wrong(
			is("mesh ID", i.Mesh.DefaultConfig.MeshId, "east-mesh"),
			is("mesh ID of pods", i.Injector["global.meshID"], "east-mesh"),
			is("network", i.Injector["global.network"], "east-network"),
			is("cluster", i.Injector["global.multiCluster.clusterName"], "east-cluster"),
			is("cluster of istiod", i.Environment["CLUSTER_ID"], "east-cluster"),
			is("trust domain", i.Mesh.TrustDomain, "cluster.local"),
			is("root namespace", i.Mesh.RootNamespace, "istio-system"),
			is("DNS capture", i.Mesh.DefaultConfig.ProxyMetadata["ISTIO_META_DNS_CAPTURE"], "true"),
			is("authorities", fmt.Sprint(len(i.Mesh.CaCertificates)), "0"),
			is("several roots", i.Environment["ISTIO_MULTIROOT_MESH"], ""),
			is("readers", strings.Join(i.Readers, " "), ""),
			is("further deployments", strings.Join(i.Classes, " "), ""))
	}},
	{name: "distinct trust domains, one root", east: `trust_domain = "east.example"`, west: `trust_domain = "west.example"`,
		expect: func(i *Istiod) []string {
			return wrong(
				is("trust domain", i.Mesh.TrustDomain, "east.example"),
				is("authorities", fmt.Sprint(i.Mesh.CaCertificates), `[trust_domains:"west.example"]`),
				is("several roots", i.Environment["ISTIO_MULTIROOT_MESH"], ""))
		}},
	{name: "aliases", east: `trust_domain = "east.example"`, west: `trust_domain = "west.example"`, trust: `domains = "aliases"`,
		expect: func(i *Istiod) []string {
			return wrong(
				is("aliases", strings.Join(i.Mesh.TrustDomainAliases, " "), "west.example"),
				is("authorities", fmt.Sprint(len(i.Mesh.CaCertificates)), "0"))
		}},
	{name: "several roots", trust: `mode = "roots"`,
		east: "trust_domain = \"east.example\"\nroot = \"east.pem\"", west: "trust_domain = \"west.example\"\nroot = \"west.pem\"",
		expect: func(i *Istiod) []string {
			if len(i.Mesh.CaCertificates) != 1 {
				return []string{fmt.Sprint("authorities: ", i.Mesh.CaCertificates)}
			}
			other := i.Mesh.CaCertificates[0]
			return wrong(
				is("a PEM block", fmt.Sprint(strings.HasPrefix(other.GetPem(), "-----BEGIN CERTIFICATE-----\n")), "true"),
				is("trust domains", strings.Join(other.TrustDomains, " "), "west.example"),
				is("several roots", i.Environment["ISTIO_MULTIROOT_MESH"], "true"),
				is("roots by XDS", i.Mesh.DefaultConfig.ProxyMetadata["PROXY_CONFIG_XDS_AGENT"], "true"))
		}},
	{name: "the oldest that all install", version: "1.29.7", defaults: "alpha_gateway_api = true",
		expect: func(i *Istiod) []string {
			return wrong(
				is("hub", i.Injector["global.hub"], "docker.io/istio"),
				is("alpha kinds", i.Environment["PILOT_ENABLE_ALPHA_GATEWAY_API"], "true"))
		}},
	{name: "charts whose images are where hosting ends", version: "1.30.4", expect: func(i *Istiod) []string {
		return wrong(
			is("hub", i.Injector["global.hub"], "docker.io/istio"),
			is("readers", strings.Join(i.Readers, " "), ""))
	}},
	{name: "revision, names and domains of its own", defaults: "revision = \"blue\"\ncluster_domain = \"k8s.example\"",
		east: `root_namespace = "mesh-system"`, expect: func(i *Istiod) []string {
			domain := slices.Index(i.Arguments, "--domain")
			return wrong(
				is("namespace", i.Namespace, "mesh-system"),
				is("root namespace", i.Mesh.RootNamespace, "mesh-system"),
				is("revision", i.Environment["REVISION"], "blue"),
				is("address", i.Mesh.DefaultConfig.DiscoveryAddress, "istiod-blue.mesh-system.svc:15012"),
				is("domain", i.Arguments[domain+1], "k8s.example"))
		}},
	{name: "istio-csr signs", trust: `cacerts = { from = "istio-csr", issuer = "root" }`, expect: func(i *Istiod) []string {
		return wrong(
			is("istiod's own authority", i.Environment["ENABLE_CA_SERVER"], "false"),
			is("authority of pods", i.Injector["global.caAddress"], "cert-manager-istio-csr.cert-manager.svc:443"))
	}},
	{name: "remote secrets", east: `remote_secrets = true`, expect: func(i *Istiod) []string {
		if len(i.Readers) == 0 {
			return []string{"nobody may read the cluster"}
		}
		return nil
	}},
}

// is says what is wrong; empty if nothing.
func is(what, found, wanted string) string {
	if found == wanted {
		return ""
	}
	return fmt.Sprintf("%s: %q, not %q", what, found, wanted)
}

func wrong(answers ...string) []string {
	return slices.DeleteFunc(answers, func(answer string) bool { return answer == "" })
}

// Every dialect comes to the same istiod, and that is the one which the federation asks for.
func TestDialectsInstallTheSame(t *testing.T) {
	for _, one := range federations {
		t.Run(one.name, func(t *testing.T) {
			var first *Istiod
			for _, dialect := range dialects {
				dir := one.build(t, dialect)
				for _, problem := range Problems(dir) {
					t.Errorf("%s: %s", dialect, problem)
				}
				istiod := installed(t, dir)
				if first == nil {
					first = istiod
				}
				compare(t, dialect, first, istiod)
				for _, answer := range one.expect(istiod) {
					t.Errorf("%s: %s", dialect, answer)
				}
			}
		})
	}
}

func installed(t *testing.T, dir string) *Istiod {
	t.Helper()
	objects, err := Render(dir)
	if err != nil {
		t.Fatal(err)
	}
	istiod, err := Installed(objects)
	if err != nil {
		t.Fatal(err)
	}
	return istiod
}

func compare(t *testing.T, dialect string, a, b *Istiod) {
	t.Helper()
	if !proto.Equal(a.Mesh, b.Mesh) {
		t.Errorf("%s: mesh config\n%v\nis not\n%v", dialect, b.Mesh, a.Mesh)
	}
	if !slices.Equal(a.Arguments, b.Arguments) {
		t.Errorf("%s: arguments %q, not %q", dialect, b.Arguments, a.Arguments)
	}
	if !reflect.DeepEqual(a.Environment, b.Environment) {
		t.Errorf("%s: environment %v, not %v", dialect, b.Environment, a.Environment)
	}
	if a.Namespace != b.Namespace {
		t.Errorf("%s: namespace %s, not %s", dialect, b.Namespace, a.Namespace)
	}
}

// With a revision for each version, the operator names istiod; the federation's objects must carry that name.
func TestSailNamesTheRevision(t *testing.T) {
	revision := "blue-v" + strings.ReplaceAll(release(), ".", "-")
	one := federation{defaults: fmt.Sprintf("revision = %q", revision)}
	istiod := installed(t, one.build(t, `{ by = "sail", update = "RevisionBased" }`))
	if answer := is("revision", istiod.Environment["REVISION"], revision); answer != "" {
		t.Error(answer)
	}
}

// Each of these, written by mistake, installs something else without a word. The checks are to say so.
var slips = [][2]string{
	{"meshID:", "meshId:"},
	{"network:", "networkName:"},
	{"multiCluster:", "multicluster:"},
	{"clusterName:", "cluster:"},
	{"enableReaderRBAC:", "enableReadersRBAC:"},
	{"istioNamespace:", "namespace_:"},
	{"trustDomain:", "trustDomian:"},
	{"caCertificates:", "caCertificate:"},
	{"trustDomains:", "domains:"},
	{"proxyMetadata:", "proxyMetaData:"},
	{"ISTIO_META_DNS_CAPTURE:", "ISTIO_META_DNS_CAPTURED:"},
	{"PROXY_CONFIG_XDS_AGENT:", "PROXY_XDS_AGENT:"},
	{"ISTIO_MULTIROOT_MESH:", "PILOT_MULTIROOT_MESH:"},
	{"env:", "environment:"},
}

func TestSlipsAreFound(t *testing.T) {
	one := federations[slices.IndexFunc(federations, func(f federation) bool { return f.name == "several roots" })]
	for _, dialect := range dialects {
		for _, slip := range slips {
			t.Run(dialect+"/"+slip[1], func(t *testing.T) {
				dir := one.build(t, dialect)
				if replace(t, dir, slip[0], slip[1]) == 0 {
					t.Fatalf("%s is not written", slip[0])
				}
				if problems := Problems(dir); len(problems) == 0 {
					t.Errorf("%s was not found", slip[1])
				}
			})
		}
	}
}

// replace edits every file of values, and counts the edits.
func replace(t *testing.T, dir, old, new string) int {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	edits := 0
	for _, file := range files {
		if filepath.Base(file) == "namespace.yaml" {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		edits += strings.Count(string(text), " "+old)
		write(t, file, []byte(strings.ReplaceAll(string(text), " "+old, " "+new)))
	}
	return edits
}
