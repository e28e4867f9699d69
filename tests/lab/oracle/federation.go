// Package oracle says what a federation means: who reaches whom, under which identity, by which way. It reads
// federation.toml with a TOML library of its own and follows the language's description, not the compiler's code, so
// that the two can disagree.
package oracle

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// Federation is a federation.toml with its fragments and the exports that it finds in manifests, names resolved, inheritance applied.
type Federation struct {
	Name, Domain string
	Clusters     []*Cluster // by name
	Exports      []*Export  // by name
	aliases      bool       // a mesh takes the trust domains of its callers for its own
	egressPorts  map[string]int
	running      map[*Cluster][]*Workload
}

// Cluster is one Kubernetes cluster and the settings that hold in it.
type Cluster struct {
	Name, Mesh, Network        string
	TrustDomain, RootNamespace string
	RemoteSecrets              bool   // its istiod reads the other clusters of its mesh
	Locality                   string // region/zone/subzone; empty if not declared
	ImportNamespace            string // empty: the export's
	DNSCapture                 bool
	Revision                   string
	Gateway                    *Gateway // nil: none
	Egress                     EgressGateway
	egress                     map[string]string // by network, and "default"
	imports                    []string          // nil: all
}

// Gateway is an east-west gateway.
type Gateway struct {
	Namespace   string
	Name        string
	Addresses   []string
	Port        int
	Pending     bool
	Deploy      bool
	View        bool // its pods have ISTIO_META_REQUESTED_NETWORK_VIEW; of an existing one the installation's doing
	Selector    map[string]string
	Passes      []string // what other Gateways pass already on an existing gateway
	ServiceType string
	Views       map[string]View // by the consumer's network
	Router      *Router         // nil: none
}

// Router stands before a gateway, has the addresses in its stead, and passes TLS by its server name.
type Router struct {
	Service string // of an existing gateway
}

// View is a gateway as one network sees it.
type View struct {
	Addresses []string
	Port      int // 0: the gateway's
}

// EgressGateway is a cluster's way out, where a network is left by one.
type EgressGateway struct {
	Namespace, Name string
	Deploy          bool
	Selector        map[string]string // of an existing one's pods
	Service         string            // of an existing one
}

// Export is one service.
type Export struct {
	Name, Namespace, Host string
	Alias                 bool   // a further host of the export `Of`, and an export like any other to those who get it
	Of                    string // the export's own name
	further               []string
	Service               bool   // naming = "service"
	ofService             bool   // it is a further host of a Service
	ServiceName           string // of the Kubernetes Service, with naming "service"
	Selector              map[string]string
	CanonicalName         string
	Ports                 []Port
	ServiceAccounts       []string
	Prefer                string
	Callers               []string
	VisibleTo             []string
	VIPs                  []string
	from, merge, to       []string
	weight                map[string]int // by network, and "default"
	share                 map[string]int // percentages by network, and "local"; nil: not shared out
	places                map[string]map[string]any
	in                    map[*Cluster]*Export
}

// Port is one port of an export.
type Port struct {
	Name, Protocol string
	Number, Target int
}

// Load reads a federation, its fragments and its manifests. The file is taken to be right: the compiler has accepted it.
func Load(path string) (*Federation, error) {
	main, err := read(path)
	if err != nil {
		return nil, err
	}
	exports := tables(main["export"])
	for _, pattern := range strings_(main["include"]) {
		files, err := filepath.Glob(filepath.Join(filepath.Dir(path), pattern))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			fragment, err := read(file)
			if err != nil {
				return nil, err
			}
			for name, table := range tables(fragment["export"]) {
				exports[name] = table
			}
		}
	}
	if err := discover(main, filepath.Dir(path), exports); err != nil {
		return nil, err
	}
	federation := &Federation{egressPorts: map[string]int{}, running: map[*Cluster][]*Workload{}}
	top := table(main["federation"])
	federation.aliases = table(main["trust"])["domains"] == "aliases"
	federation.Name, federation.Domain = text(top["name"], ""), text(top["domain"], "mesh.global")
	for name, network := range tables(main["network"]) {
		federation.egressPorts[name] = number(network["egress_port"], 15443)
	}
	for name, own := range tables(main["cluster"]) {
		mesh := tables(main["mesh"])[text(own["mesh"], "")]
		federation.Clusters = append(federation.Clusters, readCluster(name, own, mesh, table(main["defaults"])))
	}
	for name, own := range exports {
		export := readExport(name, own, top)
		federation.Exports = append(federation.Exports, export)
		for _, host := range export.aliases() {
			federation.Exports = append(federation.Exports, export.alias(host))
		}
	}
	slices.SortFunc(federation.Clusters, func(a, b *Cluster) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(federation.Exports, func(a, b *Export) int { return strings.Compare(a.Name, b.Name) })
	for _, cluster := range federation.Clusters {
		if cluster.Gateway != nil { // of existing gateways, only those that must have a view do, and those that others find by its label
			cluster.Gateway.View = cluster.Gateway.Deploy || cluster.RemoteSecrets || federation.NeedsView(cluster)
		}
	}
	return federation, nil
}

func readCluster(name string, own, mesh, defaults map[string]any) *Cluster {
	inherited := func(key string) any {
		for _, level := range []map[string]any{own, mesh, defaults} {
			if value, ok := level[key]; ok {
				return value
			}
		}
		return nil
	}
	cluster := &Cluster{
		Name: name, Mesh: text(own["mesh"], ""), Network: text(own["network"], ""),
		TrustDomain:     text(mesh["trust_domain"], "cluster.local"),
		RootNamespace:   text(mesh["root_namespace"], "istio-system"),
		RemoteSecrets:   mesh["remote_secrets"] == true,
		Locality:        text(own["locality"], ""),
		ImportNamespace: text(inherited("import_namespace"), ""),
		DNSCapture:      inherited("dns_capture") == true,
		Revision:        text(inherited("revision"), ""),
		egress:          map[string]string{"default": "direct"},
	}
	for _, level := range []map[string]any{defaults, mesh, own} { // tables merge; a word replaces
		switch egress := level["egress"].(type) {
		case string:
			cluster.egress = map[string]string{"default": egress}
		case map[string]any:
			for network, mode := range egress {
				cluster.egress[network] = text(mode, "")
			}
		}
	}
	if list, ok := own["imports"].([]any); ok {
		cluster.imports = append([]string{}, strings_(list)...)
	}
	egress := table(own["egress_gateway"])
	cluster.Egress = EgressGateway{Namespace: text(egress["namespace"], cluster.RootNamespace), Name: text(egress["name"], "egress-gateway"),
		Deploy: egress["deploy"] != false, Selector: stringMap(egress["selector"]), Service: text(egress["service"], "")}
	if gateway, ok := own["gateway"].(map[string]any); ok {
		cluster.Gateway = readGateway(gateway)
		cluster.Gateway.Namespace = text(gateway["namespace"], cluster.RootNamespace)
	}
	return cluster
}

func readGateway(own map[string]any) *Gateway {
	gateway := &Gateway{
		Name: text(own["name"], "eastwest-gateway"), Addresses: strings_(own["addresses"]), Port: number(own["port"], 15443),
		Pending: own["pending"] == true, Deploy: own["deploy"] != false, Selector: stringMap(own["selector"]),
		Passes: strings_(own["passes"]), ServiceType: text(own["service_type"], "LoadBalancer"), Views: map[string]View{},
	}
	if router, ok := own["router"].(map[string]any); ok { // others dial it, and not the gateway's own Service
		gateway.Router = &Router{Service: text(router["service"], "")}
		gateway.Addresses, gateway.Port = strings_(router["addresses"]), number(own["port"], 443)
		gateway.ServiceType = text(own["service_type"], "ClusterIP")
	}
	for network, view := range tables(own["seen_from"]) {
		gateway.Views[network] = View{Addresses: strings_(view["addresses"]), Port: number(view["port"], 0)}
	}
	return gateway
}

func readExport(name string, own, federation map[string]any) *Export {
	export := &Export{
		Name: name, Of: name, Namespace: text(own["namespace"], ""), Service: text(own["naming"], text(federation["naming"], "global")) == "service",
		ServiceName: text(own["service"], name), Selector: stringMap(own["selector"]), CanonicalName: text(own["canonical_name"], ""),
		ServiceAccounts: strings_(own["service_accounts"]), Prefer: text(own["prefer"], "spread"),
		Callers: strings_(own["callers"]), VisibleTo: strings_(own["visible_to"]), VIPs: strings_(own["vip"]),
		further: strings_(own["alias"]),
		from:    strings_(own["from"]), merge: strings_(own["merge"]), to: strings_(own["to"]),
		weight: map[string]int{"default": 1},
	}
	export.Host = text(own["host"], name+"."+text(federation["domain"], "mesh.global"))
	if export.Service {
		export.Host = fmt.Sprintf("%s.%s.svc.cluster.local", export.ServiceName, export.Namespace)
	}
	if weight, ok := own["weight"]; ok {
		export.weight = weights(weight)
	}
	export.places, export.in = tables(own["at"]), map[*Cluster]*Export{}
	for _, row := range own["ports"].([]any) {
		port := table(row)
		n := number(port["number"], 0)
		export.Ports = append(export.Ports, Port{Name: text(port["name"], ""), Number: n, Target: number(port["target"], n),
			Protocol: text(port["protocol"], protocolOf(text(port["name"], "")))})
	}
	return export
}

func weights(value any) map[string]int {
	found := map[string]int{"default": 1}
	switch weight := value.(type) {
	case int64:
		found["default"] = int(weight)
	case map[string]any:
		for network, item := range weight {
			found[network] = number(item, 1)
		}
	}
	return found
}

// In is the export as it holds in a cluster: what the table about its mesh says in place of the export's own keys, and
// then what the table about the cluster itself says. Who is of the export is said of the export, not of this.
func (e *Export) In(cluster *Cluster) *Export {
	if len(e.places) == 0 {
		return e
	}
	if found, ok := e.in[cluster]; ok {
		return found
	}
	here := *e
	here.places, here.Ports = nil, slices.Clone(e.Ports)
	for _, own := range []map[string]any{e.places[cluster.Mesh], e.places[cluster.Name]} {
		here.replace(own)
	}
	e.in[cluster] = &here
	return &here
}

func (e *Export) replace(own map[string]any) {
	e.Namespace = text(own["namespace"], e.Namespace)
	if own["selector"] != nil || own["canonical_name"] != nil { // one replaces the other
		e.Selector, e.CanonicalName = stringMap(own["selector"]), text(own["canonical_name"], "")
	}
	if own["service_accounts"] != nil {
		e.ServiceAccounts = strings_(own["service_accounts"])
	}
	if own["alias"] != nil {
		e.further = strings_(own["alias"])
	}
	if own["weight"] != nil {
		e.weight = weights(own["weight"])
	}
	if own["share"] != nil {
		e.share = map[string]int{}
		for whom, percent := range table(own["share"]) {
			e.share[whom] = number(percent, 0)
		}
	}
	for i, port := range e.Ports {
		e.Ports[i].Target = number(table(own["targets"])[port.Name], port.Target)
	}
}

// aliases are all further hosts, those of single places included.
func (e *Export) aliases() []string {
	hosts := slices.Clone(e.further)
	for _, place := range e.places {
		hosts = append(hosts, strings_(place["alias"])...)
	}
	slices.Sort(hosts)
	return slices.Compact(hosts)
}

// isHostAt says whether the cluster has this host: aliases of consumers may differ by place, and who serves others has all.
func (e *Export) isHostAt(cluster *Cluster) bool {
	return !e.Alias || named(cluster, e.from) || slices.Contains(e.In(cluster).further, e.Host)
}

// alias is the same workloads by another host: a global one, whatever the export's own is, and without a fixed address.
func (e *Export) alias(host string) *Export {
	alias := *e
	alias.Name, alias.Host, alias.Alias = e.Name+" as "+host, host, true
	alias.Service, alias.ofService = false, e.Service
	alias.VIPs, alias.in = nil, map[*Cluster]*Export{}
	return &alias
}

// protocolOf is Istio's rule: the longest protocol that the name is, or that stands before a dash.
func protocolOf(name string) string {
	for _, word := range []string{"grpc-web", "http2", "https", "grpc", "http", "tls", "tcp", "mongo", "mysql", "redis"} {
		if name == word || strings.HasPrefix(name, word+"-") {
			return word
		}
	}
	return ""
}

func read(path string) (map[string]any, error) {
	bytes, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	document := map[string]any{}
	if err := toml.Unmarshal(bytes, &document); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return document, nil
}

func table(value any) map[string]any {
	found, _ := value.(map[string]any)
	return found
}

func tables(value any) map[string]map[string]any {
	found := map[string]map[string]any{}
	for name, own := range table(value) {
		found[name] = table(own)
	}
	return found
}

func text(value any, absent string) string {
	if found, ok := value.(string); ok {
		return found
	}
	return absent
}

func number(value any, absent int) int {
	if found, ok := value.(int64); ok {
		return int(found)
	}
	return absent
}

func strings_(value any) []string {
	var found []string
	list, _ := value.([]any)
	for _, item := range list {
		found = append(found, text(item, ""))
	}
	return found
}

func stringMap(value any) map[string]string {
	found := map[string]string{}
	for key, item := range table(value) {
		found[key] = text(item, "")
	}
	return found
}
