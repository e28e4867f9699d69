// Package control runs one cluster's istiod: its real registries, Gateway API controller and configuration generators,
// as Istio's own tests start them, fed with one cluster's objects and nothing else.
package control

import (
	"cmp"
	"net"
	"slices"
	"strings"

	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/cluster"
	"istio.io/istio/pkg/config/schema/gvr"
	"istio.io/istio/pkg/kube"
	"istio.io/istio/pkg/log"
	"istio.io/istio/pkg/test"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	metadatafake "k8s.io/client-go/metadata/fake"
	k8stesting "k8s.io/client-go/testing"
	"sigs.k8s.io/yaml"

	"meshfedc/lab/world"
)

// Options are what there is of a mesh beside its objects and the installation of its istiods.
type Options struct {
	Listen       string        // where proxies connect; "": nowhere, for simulations
	Reads        []*world.Site // other clusters, by remote secrets
	ClusterLocal []string      // hosts whose endpoints in other clusters do not count (serviceSettings)
	Bundle       string        // of the Gateway API; "": a new one
	Without      []string      // exceptions that are not made
}

// Plane is a running istiod.
type Plane struct {
	*xds.FakeDiscoveryServer
	Site      *world.Site
	multiRoot bool
	lifetime  *lifetime
}

func init() {
	for _, scope := range log.Scopes() {
		scope.SetOutputLevel(log.NoneLevel)
	}
}

// Start serves a site's objects until it is stopped, or the test ends, by an istiod as it is installed there: the test fails if
// it differs from that in more than what is listed.
func Start(within test.Failer, site *world.Site, options Options) *Plane {
	t := &lifetime{Failer: within}
	within.Cleanup(t.end)
	// istiod waits five seconds for a server, and then half a minute. On a loaded machine the lab's own may take longer.
	model.NetworkGatewayTestDNSServers = slices.Repeat([]string{serveNames(t, "127.0.0.1:0", site.DNS)}, 12)
	istio, kubernetes := documents(t, site)
	setFeatures(site, options)
	others := map[cluster.ID]string{}
	for _, other := range options.Reads {
		_, others[cluster.ID(other.Cluster.Name)] = documents(t, other)
	}
	var clients []kube.Client
	server := xds.NewFakeDiscoveryServer(t, xds.FakeOptions{
		KubernetesObjectStringByCluster: others,
		DefaultClusterName:              cluster.ID(site.Istiod.Environment["CLUSTER_ID"]),
		KubernetesObjectString:          kubernetes,
		ConfigString:                    istio,
		MeshConfig:                      meshConfig(site, options),
		KubeClientModifier: func(client kube.Client) {
			stampBundle(client, cmp.Or(options.Bundle, "v1.6.0"))
			clients = append(clients, client)
		},
		ListenerBuilder: listener(options.Listen),
	})
	if len(options.Reads) > 0 {
		ownFirst(t, server)
		selectRemoteEntries(t, server, options.Reads)
		selectRemotePods(t, server, clients)
	}
	plane := &Plane{FakeDiscoveryServer: server, Site: site, multiRoot: site.Istiod.Environment["ISTIO_MULTIROOT_MESH"] == "true",
		lifetime: t}
	if unlisted := plane.Unlisted(); len(unlisted) > 0 {
		t.Fatalf("istiod of %s is not as it is installed: %q", site.Cluster.Name, unlisted)
	}
	return plane
}

func listener(address string) func() (net.Listener, error) {
	if address == "" {
		return nil
	}
	return func() (net.Listener, error) { return net.Listen("tcp", address) }
}

// documents are Istio's objects, and all others, as the fake takes them.
func documents(t test.Failer, site *world.Site) (istio, kubernetes string) {
	var own, others []string
	objects := append(classes(), site.Objects...)
	for _, object := range objects {
		if object.GatewayAPI() { // an API server converts to the version that istiod watches
			switch object.Kind() {
			case "TLSRoute":
				object["apiVersion"] = "gateway.networking.k8s.io/" + gvr.TLSRoute.Version
			default:
				object["apiVersion"] = "gateway.networking.k8s.io/" + gvr.KubernetesGateway.Version
			}
		}
		text, err := yaml.Marshal(object)
		if err != nil {
			t.Fatal(err)
		}
		if object.Istio() {
			own = append(own, string(text))
		} else {
			others = append(others, string(text))
		}
	}
	return strings.Join(own, "\n---\n"), strings.Join(others, "\n---\n")
}

// classes are what istiod creates at its first start.
func classes() []world.Object {
	class := func(name, controller string) world.Object {
		return world.Object{"apiVersion": "gateway.networking.k8s.io/v1", "kind": "GatewayClass",
			"metadata": map[string]any{"name": name, "uid": name}, "spec": map[string]any{"controllerName": controller}}
	}
	return []world.Object{class("istio", "istio.io/gateway-controller"), class("istio-remote", "istio.io/unmanaged-gateway")}
}

// stampBundle gives CRDs the annotation with their version, which istiod checks before it watches a kind.
func stampBundle(client kube.Client, bundle string) {
	metadata, ok := client.Metadata().(*metadatafake.FakeMetadataClient)
	if !ok {
		return
	}
	stamp := func(action k8stesting.Action) (bool, runtime.Object, error) {
		write, ok := action.(interface{ GetObject() runtime.Object })
		if !ok {
			return false, nil, nil
		}
		if object, ok := write.GetObject().(*metav1.PartialObjectMetadata); ok && strings.Contains(object.Name, "gateway.networking.k8s.io") {
			object.Annotations = map[string]string{"gateway.networking.k8s.io/bundle-version": bundle, "gateway.networking.k8s.io/channel": "standard"}
		}
		return false, nil, nil
	}
	metadata.PrependReactor("create", "*", stamp)
	metadata.PrependReactor("update", "*", stamp)
}
