package control

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pilot/pkg/config/memory"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/serviceregistry"
	"istio.io/istio/pilot/pkg/serviceregistry/aggregate"
	kubecontroller "istio.io/istio/pilot/pkg/serviceregistry/kube/controller"
	"istio.io/istio/pilot/pkg/serviceregistry/serviceentry"
	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/schema/collection"
	"istio.io/istio/pkg/config/schema/collections"
	"istio.io/istio/pkg/kube"
	"istio.io/istio/pkg/test"
	"istio.io/istio/pkg/test/util/retry"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"meshfedc/lab/world"
)

// selectRemotePods lets ServiceEntries select pods of the other clusters, as pkg/serviceregistry/kube/controller's
// multicluster.go does; the fake server does so for its own cluster only. Pods that are there already are told of once
// more, with a label that they did not have.
func selectRemotePods(t test.Failer, server *xds.FakeDiscoveryServer, clients []kube.Client) {
	for _, registry := range registries(t, server).GetRegistries() {
		remote, ok := unwrapped(registry).(*kubecontroller.FakeController)
		if ok && remote.Cluster() != server.ServiceEntryRegistry.Cluster() {
			remote.AppendWorkloadHandler(server.ServiceEntryRegistry.WorkloadInstanceHandler)
		}
	}
	for _, client := range clients {
		pods, err := client.Kube().CoreV1().Pods("").List(context.Background(), metav1.ListOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for _, pod := range pods.Items {
			pod.Labels["lab.example/seen"] = "yes"
			if _, err := client.Kube().CoreV1().Pods(pod.Namespace).Update(context.Background(), &pod, metav1.UpdateOptions{}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// selectRemoteEntries lets ServiceEntries, and the Services of the other clusters, select these clusters' WorkloadEntries, as
// multicluster.go does; the fake server does so for its own cluster only. It is done cluster by cluster: of entries with one
// name a ServiceEntry gets the own cluster's, and that one of the others that came last.
func selectRemoteEntries(t test.Failer, server *xds.FakeDiscoveryServer, others []*world.Site) {
	all := registries(t, server)
	for _, registry := range all.GetRegistries() {
		remote, ok := unwrapped(registry).(*kubecontroller.FakeController)
		if !ok || remote.Cluster() == server.ServiceEntryRegistry.Cluster() {
			continue
		}
		at := slices.IndexFunc(others, func(site *world.Site) bool { return site.Cluster.Name == string(remote.Cluster()) })
		store := memory.NewController(memory.MakeSkipValidation(collection.NewSchemasBuilder().MustAdd(collections.WorkloadEntry).Build()))
		entries := serviceentry.NewWorkloadEntryController(store, server.Discovery, nil, server.Env().Watcher,
			serviceentry.WithClusterID(remote.Cluster()), serviceentry.WithNetworkIDCb(remote.Network))
		entries.AppendWorkloadHandler(remote.WorkloadInstanceHandler)
		entries.AppendWorkloadHandler(server.ServiceEntryRegistry.WorkloadInstanceHandler)
		var read atomic.Int64
		entries.AppendWorkloadHandler(func(*model.WorkloadInstance, model.Event) { read.Add(1) })
		stop := test.NewStop(t)
		all.AddRegistryAndRun(entries, stop)
		go store.Run(stop)
		written := workloadEntries(t, others[at])
		for _, entry := range written {
			if _, err := store.Create(entry); err != nil {
				t.Fatal(err)
			}
		}
		retry.UntilOrFail(t, func() bool { return read.Load() == int64(len(written)) }, retry.Timeout(time.Minute))
	}
}

func workloadEntries(t test.Failer, site *world.Site) []config.Config {
	var texts []string
	for _, object := range site.Objects {
		if object.Kind() == "WorkloadEntry" {
			text, err := yaml.Marshal(object)
			if err != nil {
				t.Fatal(err)
			}
			texts = append(texts, string(text))
		}
	}
	entries, _, err := crd.ParseInputs(strings.Join(texts, "\n---\n"))
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

// ownFirst puts the istiod's own cluster before those that it reads, as a real one has them: what a Service says is taken
// from the first cluster that has one of its name. The fake server has them in any order.
func ownFirst(t test.Failer, server *xds.FakeDiscoveryServer) {
	all := registries(t, server)
	var others []*kubecontroller.FakeController
	for _, registry := range all.GetRegistries() {
		if remote, ok := unwrapped(registry).(*kubecontroller.FakeController); ok && remote.Cluster() != server.ServiceEntryRegistry.Cluster() {
			others = append(others, remote)
		}
	}
	slices.SortFunc(others, func(a, b *kubecontroller.FakeController) int {
		return strings.Compare(string(a.Cluster()), string(b.Cluster()))
	})
	for _, remote := range others {
		all.DeleteRegistry(remote.Cluster(), remote.Provider())
		all.AddRegistry(remote)
	}
	server.Discovery.ConfigUpdate(&model.PushRequest{Forced: true, Reason: model.NewReasonStats(model.ServiceUpdate)})
}

func registries(t test.Failer, server *xds.FakeDiscoveryServer) *aggregate.Controller {
	all, ok := server.Registry.(*aggregate.Controller)
	if !ok {
		t.Fatal("the registry holds no others")
	}
	return all
}

// unwrapped is what the aggregate of all registries holds in an entry that only it knows.
func unwrapped(registry serviceregistry.Instance) any {
	if entry := reflect.Indirect(reflect.ValueOf(registry)); entry.Kind() == reflect.Struct {
		if inner := entry.FieldByName("Instance"); inner.IsValid() {
			return inner.Interface()
		}
	}
	return registry
}
