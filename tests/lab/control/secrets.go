package control

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/serviceregistry"
	"istio.io/istio/pilot/pkg/serviceregistry/aggregate"
	kubecontroller "istio.io/istio/pilot/pkg/serviceregistry/kube/controller"
	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/kube"
	"istio.io/istio/pkg/test"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// selectRemotePods lets ServiceEntries select pods of the other clusters, as pkg/serviceregistry/kube/controller's
// multicluster.go does; the fake server does so for its own cluster only. Pods that are there already are told of once
// more.
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
			pod.Annotations = map[string]string{"lab.example/seen": "yes"}
			if _, err := client.Kube().CoreV1().Pods(pod.Namespace).Update(context.Background(), &pod, metav1.UpdateOptions{}); err != nil {
				t.Fatal(err)
			}
		}
	}
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
