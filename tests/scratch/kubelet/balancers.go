package kubelet

import (
	"context"
	"sync"

	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// balancers give Services of type LoadBalancer an address of the node's wide-area network, and leave the rest to kube-proxy.
type balancers struct {
	cluster Cluster
	client  kubernetes.Interface
	mutex   sync.Mutex
	given   map[string]string // address by namespace and name
}

func (b *balancers) see(ctx context.Context, service *core.Service) {
	if service.Spec.Type != core.ServiceTypeLoadBalancer || len(service.Status.LoadBalancer.Ingress) > 0 {
		return
	}
	address, isNew := b.choose(service.Namespace + "/" + service.Name)
	if address == "" {
		return // as with a real one whose pool is empty, the Service stays pending
	}
	if isNew {
		if err := b.cluster.Node.Run("ip", "address", "add", address+"/32", "dev", WideArea); err != nil {
			return
		}
	}
	changed := service.DeepCopy()
	changed.Status.LoadBalancer.Ingress = []core.LoadBalancerIngress{{IP: address}}
	_, _ = b.client.CoreV1().Services(service.Namespace).UpdateStatus(ctx, changed, meta.UpdateOptions{}) // a conflict is seen again
}

// choose gives a Service the address that it has already, or the next one.
func (b *balancers) choose(name string) (address string, isNew bool) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if address, found := b.given[name]; found {
		return address, false
	}
	if b.given == nil {
		b.given = map[string]string{}
	}
	if len(b.given) == len(b.cluster.Balancers) {
		return "", false
	}
	address = b.cluster.Balancers[len(b.given)]
	b.given[name] = address
	return address, true
}

// WideArea is the interface of a node by which others reach it.
const WideArea = "wan"
