package control

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"istio.io/api/label"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/networking/util"
	labelutil "istio.io/istio/pilot/pkg/serviceregistry/util/label"
	v3 "istio.io/istio/pilot/pkg/xds/v3"
	"istio.io/istio/pkg/cluster"
	dnsproto "istio.io/istio/pkg/dns/proto"
	"istio.io/istio/pkg/network"

	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"

	"meshfedc/lab/install"
	"meshfedc/lab/world"
)

// Metadata is what a proxy tells istiod of itself: what the injector and the deployment controller put into its
// environment, as they are installed.
func Metadata(pod *world.Pod) *model.NodeMetadata {
	metadata := &model.NodeMetadata{}
	if err := json.Unmarshal(installedMetadata(pod), metadata); err != nil {
		panic(err) // an agent would not start with it
	}
	injector := pod.Istiod.Injector
	metadata.Namespace, metadata.ServiceAccount, metadata.Labels = pod.Namespace, pod.Account, pod.Labels
	metadata.IstioVersion, metadata.InterceptionMode, metadata.InstanceIPs = "1.31.0", model.InterceptionRedirect, pod.Inside
	metadata.MeshID, metadata.ClusterID = injector[install.MeshID], cluster.ID(injector[install.Cluster])
	metadata.Network = network.ID(cmp.Or(pod.Labels[label.TopologyNetwork.Name], injector[install.Network]))
	if pod.NetworkView != "" {
		metadata.RequestedNetworkView = []string{pod.NetworkView}
	}
	return metadata
}

// installedMetadata is what the installation says to every proxy, as JSON.
func installedMetadata(pod *world.Pod) []byte {
	said := map[string]string{}
	for variable, value := range pod.Istiod.ProxyMetadata() {
		if key, isMetadata := strings.CutPrefix(variable, "ISTIO_META_"); isMetadata {
			said[key] = value
		}
	}
	text, _ := json.Marshal(said)
	return text
}

// Identity is what the authority of the pod's istiod issues.
func (p *Plane) Identity(pod *world.Pod) string {
	return fmt.Sprintf("spiffe://%s/ns/%s/sa/%s", p.Env().Mesh().TrustDomain, pod.Namespace, pod.Account)
}

// NodeID names a proxy to istiod.
func NodeID(pod *world.Pod) string {
	kind := model.SidecarProxy
	if pod.Router() {
		kind = model.Router
	}
	return fmt.Sprintf("%s~%s~%s.%s~%s.svc.cluster.local", kind, pod.Inside[0], pod.Name, pod.Namespace, pod.Namespace)
}

// Locality is the pod's, from its node.
func Locality(pod *world.Pod) *core.Locality {
	part := append(strings.Split(pod.Cluster.Locality, "/"), "", "")
	return &core.Locality{Region: part[0], Zone: part[1], SubZone: part[2]}
}

// Proxy is the pod's proxy as istiod knows it once it is connected.
func (p *Plane) Proxy(pod *world.Pod) *model.Proxy {
	kind := model.SidecarProxy
	if pod.Router() {
		kind = model.Router
	}
	proxy := &model.Proxy{Type: kind, ID: pod.Name + "." + pod.Namespace, IPAddresses: pod.Inside, ConfigNamespace: pod.Namespace,
		DNSDomain: pod.Namespace + ".svc.cluster.local", Labels: pod.Labels, Locality: Locality(pod), Metadata: Metadata(pod)}
	if proxy.Locality.Region == "" {
		proxy.Locality = nil
	}
	// As istiod does for a proxy that connects (pilot/pkg/xds, setTopologyLabels); its fake does not.
	proxy.Labels = labelutil.AugmentLabels(proxy.Labels, proxy.Metadata.ClusterID, util.LocalityToString(proxy.Locality), "", proxy.Metadata.Network)
	return p.SetupProxy(proxy)
}

// Resolve is what the client's own DNS proxy answers: the name table that istiod gives it. Without DNS capture only
// Kubernetes' Services resolve.
func (p *Plane) Resolve(client *model.Proxy, host string) (string, bool) {
	for _, object := range p.Site.Objects {
		if object.Kind() == "Service" && fmt.Sprintf("%s.%s.svc.cluster.local", object.Name(), object.Namespace()) == host {
			ip, _ := object["spec"].(map[string]any)["clusterIP"].(string)
			return ip, ip != ""
		}
	}
	if !bool(client.Metadata.DNSCapture) {
		return "", false
	}
	resources, _, err := p.Discovery.Generators[v3.NameTableType].Generate(client, &model.WatchedResource{TypeUrl: v3.NameTableType},
		&model.PushRequest{Forced: true, Push: p.PushContext(), Start: time.Now()})
	if err != nil || len(resources) == 0 {
		return "", false
	}
	names := &dnsproto.NameTable{}
	if err := resources[0].Resource.UnmarshalTo(names); err != nil || len(names.Table[host].GetIps()) == 0 {
		return "", false
	}
	return names.Table[host].Ips[0], true
}

// Node is the proxy's own description in its bootstrap.
func Node(pod *world.Pod) map[string]any {
	locality := Locality(pod)
	return map[string]any{"id": NodeID(pod), "cluster": pod.Name + "." + pod.Namespace, "metadata": Metadata(pod).ToStruct().AsMap(),
		"locality": map[string]any{"region": locality.Region, "zone": locality.Zone, "sub_zone": locality.SubZone}}
}
