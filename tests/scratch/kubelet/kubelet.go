// Package kubelet plays what runs pods on the one node of a cluster: scheduler, kubelet, container runtime, container
// network and load balancers. It does what a pod's specification says and nothing else; whatever it does not know it
// refuses, and says so in the pod's status.
package kubelet

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"time"

	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"

	"meshfedc/scratch/machine"
)

const refreshEvery = 2 * time.Second // of volumes; real kubelets take up to a minute

// What containers without limits are told of the node.
var allocatable = core.ResourceList{
	core.ResourceCPU: resource.MustParse("2"), core.ResourceMemory: resource.MustParse("8Gi"), core.ResourceEphemeralStorage: resource.MustParse("8Gi"),
}

// Cluster is what the node of a cluster needs to know of it.
type Cluster struct {
	Name        string
	Node        machine.Space
	NodeAddress string
	Pods        string // the first three numbers of pods' addresses
	DNS         string
	ServiceHost string // where pods find the API server
	Domain      string
	Balancers   []string // addresses to give to Services
}

// Kubelet runs the pods of a cluster.
type Kubelet struct {
	cluster   Cluster
	client    kubernetes.Interface
	images    Images
	container string // the program that becomes a container
	directory string
	network   *network

	mutex sync.Mutex
	pods  map[types.UID]*pod
}

// Start registers the node, and runs until the context ends.
func Start(ctx context.Context, cluster Cluster, client kubernetes.Interface, images Images, program, directory string) (*Kubelet, error) {
	k := &Kubelet{cluster: cluster, client: client, images: images, container: program, directory: directory,
		network: &network{cluster: cluster}, pods: map[types.UID]*pod{}}
	if err := k.register(ctx); err != nil {
		return nil, err
	}
	factory := informers.NewSharedInformerFactory(client, 0)
	watch := func(informer cache.SharedIndexInformer, handle func(any)) error {
		_, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{AddFunc: handle, UpdateFunc: func(_, now any) { handle(now) }})
		return err
	}
	if err := watch(factory.Core().V1().Pods().Informer(), func(object any) { k.see(ctx, object.(*core.Pod)) }); err != nil {
		return nil, err
	}
	balancers := &balancers{cluster: cluster, client: client}
	if err := watch(factory.Core().V1().Services().Informer(), func(object any) { balancers.see(ctx, object.(*core.Service)) }); err != nil {
		return nil, err
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	return k, nil
}

func (k *Kubelet) register(ctx context.Context) error {
	node := &core.Node{ObjectMeta: meta.ObjectMeta{Name: k.cluster.Name, Labels: map[string]string{"kubernetes.io/hostname": k.cluster.Name}}}
	node.Spec.PodCIDR = k.cluster.Pods + ".0/24"
	created, err := k.client.CoreV1().Nodes().Create(ctx, node, meta.CreateOptions{})
	if err != nil {
		return err
	}
	created.Status = core.NodeStatus{
		Addresses:   []core.NodeAddress{{Type: core.NodeInternalIP, Address: k.cluster.NodeAddress}, {Type: core.NodeHostName, Address: k.cluster.Name}},
		Conditions:  []core.NodeCondition{{Type: core.NodeReady, Status: core.ConditionTrue, Reason: "KubeletReady"}},
		Allocatable: allocatable, Capacity: allocatable,
	}
	_, err = k.client.CoreV1().Nodes().UpdateStatus(ctx, created, meta.UpdateOptions{})
	return err
}

// see takes what the API server says of a pod: there is one node, so every pod is bound to it.
func (k *Kubelet) see(ctx context.Context, object *core.Pod) {
	if object.Spec.NodeName == "" {
		binding := &core.Binding{ObjectMeta: meta.ObjectMeta{Name: object.Name, Namespace: object.Namespace},
			Target: core.ObjectReference{Kind: "Node", Name: k.cluster.Name}}
		_ = k.client.CoreV1().Pods(object.Namespace).Bind(ctx, binding, meta.CreateOptions{}) // else it is bound or gone already
		return
	}
	k.mutex.Lock()
	defer k.mutex.Unlock()
	p := k.pods[object.UID]
	if p == nil {
		p = newPod(object.DeepCopy(), filepath.Join(k.directory, "pods", object.Namespace+"_"+object.Name))
		k.pods[object.UID] = p
		go k.run(ctx, p)
	}
	if object.DeletionTimestamp != nil {
		p.stopOnce.Do(func() { close(p.stopping) })
	}
}

// running is the pod of a namespace and a name.
func (k *Kubelet) running(namespace, name string) *pod {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	for _, p := range k.pods {
		if p.object.Namespace == namespace && p.object.Name == name {
			return p
		}
	}
	return nil
}

func (k *Kubelet) forget(p *pod) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	delete(k.pods, p.object.UID)
	_ = os.RemoveAll(filepath.Join(p.directory, "volumes"))
}
