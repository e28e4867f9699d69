package lab_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"istio.io/istio/pkg/config/mesh"

	"meshfedc/lab/control"
	"meshfedc/lab/lab"
	"meshfedc/lab/pki"
	"meshfedc/lab/world"
)

const requirements = "testdata/requirements/federation.toml"

// What `meshfedc requirements` lists, and how it is known that calls need it: by a violation here, by a test elsewhere, or not
// at all, for a reason.
var requirementKinds = map[string]struct{ elsewhere, reason string }{
	"cacerts":                  {},
	"cert-manager":             {reason: "the lab has no operators: its certificates come from its own authorities"},
	"compatibility":            {reason: "istiod reads the flags that it stands for once, when the lab's only process starts"},
	"connection":               {},
	"discovery-selectors":      {},
	"egress-gateway":           {reason: "the lab's deployment controller makes Services at once; it is violated in the lab that starts from nothing"},
	"egress-ports":             {reason: "the lab has no kube-proxy: gateways are dialled at their pods"},
	"external-secrets":         {reason: "as cert-manager"},
	"gateway-address":          {reason: "it is a step that is left to do: nobody imports from the gateway until it is done"},
	"gateway-api":              {},
	"gateway-port":             {reason: "as egress-ports"},
	"gateway-view":             {elsewhere: "TestControlExistingGatewayLostItsView"},
	"istio-csr":                {reason: "as cert-manager"},
	"istio-patch":              {reason: "the lab has one version of Istio"},
	"istio-version":            {reason: "as istio-patch"},
	"istiod-setting":           {},
	"network-label":            {reason: "see TestWithoutNetworkLabel: calls to pods with sidecars do not need it"},
	"parameters":               {elsewhere: "TestGatewaysAreDeployed"},
	"registry":                 {reason: "the lab has no images"},
	"route-hosts":              {reason: "the lab has no OpenShift, which would admit Routes"},
	"service-entry-visibility": {},
	"sidecars":                 {},
}

// Settings of istiod's installation that `meshfedc requirements` lists one by one.
var istiodSettings = map[string]struct{ elsewhere, reason string }{
	"global.meshID":                   {reason: "nothing that is compiled names it: it is for telemetry and remote secrets"},
	"global.multiCluster.clusterName": {reason: "as global.meshID"},
	"global.network":                  {},
	"meshConfig.caCertificates":       {elsewhere: "TestTrustDomains"},
	"meshConfig.trustDomain":          {},
	"meshConfig.trustDomainAliases":   {elsewhere: "TestTrustDomains"},
	"ISTIO_META_DNS_CAPTURE":          {},
	"ISTIO_MULTIROOT_MESH":            {elsewhere: "TestDifferentRootsNeedTheirSettings"},
	"PILOT_ENABLE_ALPHA_GATEWAY_API":  {reason: "since Istio 1.30, TLSRoutes need no flag"},
	"PROXY_CONFIG_XDS_AGENT":          {elsewhere: "TestDifferentRootsNeedTheirSettings"},
	"global.caAddress":                {reason: "the lab has no istio-csr"},
	"ENABLE_CA_SERVER":                {reason: "the lab has no istio-csr"},
}

// violation is a requirement that does not hold in one cluster.
type violation struct {
	kind    string // with the setting after a blank
	cluster string
	plan    func(*world.Site)
	options func(*world.Site, *control.Options)
	running func(*testing.T, byName)
	roots   bool   // the cluster's mesh has another root
	client  string // who calls; "": east-1
	port    int    // of the export: 0 is HTTP, 1 TCP
}

var violations = []violation{
	{kind: "cacerts", cluster: "west-1", roots: true},
	{kind: "connection", cluster: "west-1", running: func(_ *testing.T, n byName) { n.Shut(n.gateway("west-1")) }},
	{kind: "discovery-selectors", cluster: "west-1",
		options: config("discoverySelectors: [{matchLabels: {kubernetes.io/metadata.name: istio-system}}]")},
	{kind: "gateway-api", cluster: "south-1", client: "south-1", options: func(_ *world.Site, o *control.Options) { o.Bundle = "v1.4.1" }},
	{kind: "istiod-setting global.network", cluster: "west-1", plan: func(site *world.Site) {
		for _, pod := range site.Pods {
			if pod.Workload != nil {
				pod.Labels["topology.istio.io/network"] = "another-net"
				relabel(site, "Pod", pod.Name, "topology.istio.io/network", "another-net")
			}
		}
	}},
	{kind: "istiod-setting meshConfig.trustDomain", cluster: "west-1", options: config("trustDomain: another.example")},
	{kind: "istiod-setting ISTIO_META_DNS_CAPTURE", cluster: "east-1", port: 1, plan: func(site *world.Site) {
		delete(site.Istiod.ProxyMetadata(), "ISTIO_META_DNS_CAPTURE")
	}},
	{kind: "service-entry-visibility", cluster: "east-1",
		options: config("serviceEntryVisibility: {defaultVisibility: NAMESPACE, applyToSidecars: true}")},
	{kind: "sidecars", cluster: "east-1", plan: func(site *world.Site) {
		site.Objects = append(site.Objects, world.Object{"apiVersion": "networking.istio.io/v1", "kind": "Sidecar",
			"metadata": map[string]any{"name": "default", "namespace": site.Cluster.RootNamespace},
			"spec":     map[string]any{"egress": []any{map[string]any{"hosts": []any{"./*", "istio-system/*"}}}}})
	}},
}

// config is said in addition to what is installed.
func config(yaml string) func(*world.Site, *control.Options) {
	return func(site *world.Site, _ *control.Options) {
		said, err := mesh.ApplyMeshConfig(yaml, site.Istiod.Config)
		if err != nil {
			panic(err)
		}
		site.Istiod.Config = said
	}
}

func relabel(site *world.Site, kind, name, key, value string) {
	for _, object := range site.Objects {
		if object.Kind() == kind && object.Name() == name {
			object["metadata"].(map[string]any)["labels"].(map[string]any)[key] = value
		}
	}
}

// run starts the federation, and calls the export.
func (v violation) run(t *testing.T, wanted string) {
	t.Helper()
	planned := plan(t, requirements, build(t, requirements))
	settings := lab.Settings{Options: func(site *world.Site, options *control.Options) {
		if site.Cluster.Name == v.cluster && v.options != nil {
			v.options(site, options)
		}
	}}
	for _, site := range planned.Sites {
		if site.Cluster.Name == v.cluster && v.plan != nil {
			v.plan(site)
		}
	}
	if v.roots {
		settings.Authority = map[string]*pki.Authority{}
		for _, site := range planned.Sites {
			root, err := pki.NewRoot()
			must(t, err)
			settings.Authority[site.Cluster.Mesh], err = root.Intermediate(site.Cluster.Mesh)
			must(t, err)
		}
	}
	running := byName{lab.Start(t, planned, settings)}
	if v.running != nil {
		v.running(t, running)
	}
	client := "east-1"
	if v.client != "" {
		client = v.client
	}
	const calls = 10
	export := running.export("web")
	if got := tallyPort(running.Lab, running.client(client), export, export.Ports[v.port], calls); got[wanted] != calls {
		t.Errorf("%v; wanted %d from %s", got, calls, wanted)
	}
}

func TestRequirements(t *testing.T) {
	t.Run("all hold", func(t *testing.T) { judge(t, start(t, requirements)) })
	for _, one := range violations {
		t.Run(one.kind, func(t *testing.T) { one.run(t, "failed") })
	}
}

// What hides hosts from ambient's proxies alone hides nothing here.
func TestVisibilityOfOtherProxies(t *testing.T) {
	violation{cluster: "east-1", options: config("serviceEntryVisibility: {defaultVisibility: NAMESPACE}")}.run(t, "west-1")
}

// The namespaces that are listed are enough.
func TestDiscoverySelectors(t *testing.T) {
	for _, cluster := range []string{"east-1", "south-1", "west-1"} {
		t.Run(cluster, func(t *testing.T) {
			said, err := exec.Command(os.Getenv("MESHFEDC"), "requirements", "-f", requirements, "--cluster", cluster).Output()
			must(t, err)
			listed := regexp.MustCompile("or selects the namespaces (.*)").FindSubmatch(said)
			if listed == nil {
				t.Fatalf("no namespaces in\n%s", said)
			}
			client := cluster
			if cluster == "west-1" {
				client = "east-1"
			}
			violation{cluster: cluster, client: client, options: config("discoverySelectors: [{matchLabels: {selected: \"yes\"}}]"),
				plan: func(site *world.Site) {
					for _, namespace := range strings.Split(string(listed[1]), ", ") {
						relabel(site, "Namespace", namespace, "selected", "yes")
					}
				}}.run(t, "west-1")
		})
	}
}

// Pods have the label of the network themselves, by the injector. So do gateways, by what is compiled or by their charts.
func TestWithoutNetworkLabel(t *testing.T) {
	violation{cluster: "west-1", plan: func(site *world.Site) {
		relabel(site, "Namespace", site.Cluster.RootNamespace, "topology.istio.io/network", "")
	}}.run(t, "west-1")
}

var (
	added    = regexp.MustCompile(`found\.add\(\s*"([a-z-]+)"`)
	declared = regexp.MustCompile(`(?m)^func (Test\w+)\(`)
)

// Every kind of requirement that the compiler lists has a row above, and every row that says so has its test.
func TestRequirementsAreCovered(t *testing.T) {
	listed := matches(t, added, "../../compiler/require/*.cpp")
	tests := matches(t, declared, "*_test.go", "apiserver/*_test.go")
	violated := map[string]bool{}
	for _, one := range violations {
		kind, setting, _ := strings.Cut(one.kind, " ")
		violated[kind] = true
		if _, known := istiodSettings[setting]; setting != "" && !known {
			t.Errorf("%s is no setting of istiod", setting)
		}
		violated[setting] = true
	}
	for _, kind := range listed {
		if _, known := requirementKinds[kind]; !known {
			t.Errorf("%s: how is it known that calls need it? Add a violation or a reason", kind)
		}
	}
	for _, rows := range []map[string]struct{ elsewhere, reason string }{requirementKinds, istiodSettings} {
		for kind, row := range rows {
			switch {
			case row.elsewhere != "" && !slices.Contains(tests, row.elsewhere):
				t.Errorf("%s: there is no %s", kind, row.elsewhere)
			case row.elsewhere == "" && row.reason == "" && !violated[kind]:
				t.Errorf("%s: nothing violates it", kind)
			}
		}
	}
	for kind := range requirementKinds {
		if !slices.Contains(listed, kind) {
			t.Errorf("%s: the compiler lists no such requirement", kind)
		}
	}
}

// matches are what the first group finds in the files.
func matches(t *testing.T, expression *regexp.Regexp, patterns ...string) []string {
	t.Helper()
	var found []string
	for _, pattern := range patterns {
		paths, err := filepath.Glob(pattern)
		must(t, err)
		for _, path := range paths {
			text, err := os.ReadFile(path)
			must(t, err)
			for _, match := range expression.FindAllStringSubmatch(string(text), -1) {
				found = append(found, match[1])
			}
		}
	}
	return found
}
