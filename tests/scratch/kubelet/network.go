package kubelet

import (
	"fmt"
	"sync"

	core "k8s.io/api/core/v1"

	"meshfedc/scratch/machine"
)

// network gives each pod a namespace, an address and a cable to the node, which passes on what is for others.
type network struct {
	cluster Cluster
	mutex   sync.Mutex
	last    int
}

// router is the node, as pods see it: the same address at each cable.
const router = "169.254.1.1"

func (n *network) attach(p *pod) error {
	n.mutex.Lock()
	n.last++
	number := n.last
	n.mutex.Unlock()
	if number > 250 {
		return fmt.Errorf("the network of %s has no address left", n.cluster.Name)
	}
	node := n.cluster.Node
	space, err := machine.NewSpace(fmt.Sprintf("%s-%d", n.cluster.Name, number))
	if err != nil {
		return err
	}
	p.space = space
	cable, address := fmt.Sprintf("pod%d", number), fmt.Sprintf("%s.%d", n.cluster.Pods, number)
	for _, step := range []error{
		node.Run("ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", space.Name),
		node.Run("ip", "address", "add", router+"/32", "dev", cable),
		node.Run("ip", "link", "set", cable, "up"),
		node.Run("ip", "route", "add", address+"/32", "dev", cable),
		space.Run("ip", "address", "add", address+"/32", "dev", "eth0"),
		space.Run("ip", "link", "set", "eth0", "up"),
		space.Run("ip", "route", "add", router+"/32", "dev", "eth0"),
		space.Run("ip", "route", "add", "default", "via", router),
		space.Set("net.ipv4.ip_unprivileged_port_start", "0"), // as container runtimes do
	} {
		if step != nil {
			return step
		}
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.object.Status.PodIP, p.object.Status.PodIPs = address, []core.PodIP{{IP: address}}
	p.object.Status.HostIP, p.object.Status.HostIPs = n.cluster.NodeAddress, []core.HostIP{{IP: n.cluster.NodeAddress}}
	return nil
}

// detach ends the pod's namespace, and the cable with it.
func (n *network) detach(p *pod) error { return p.space.Remove() }
