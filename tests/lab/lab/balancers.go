package lab

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"meshfedc/lab/network"
	"meshfedc/lab/world"
)

// balancers are the load balancers and NATs in front of the east-west gateways. Each lets in only who should come that way,
// and remembers who else tried.
type balancers struct {
	mutex     sync.Mutex
	trespass  []string
	hosts     map[*world.Pod]*network.Host
	doors     map[*world.Pod][]*world.Door
	listeners map[*world.Pod][]net.Listener // none where the gateway is down
	open      map[*world.Pod][]net.Conn     // connections, by the gateway behind
	passed    map[string]int                // connections by the caller's IP
}

// startBalancers puts a load balancer in front of each gateway: one leg on the wide area, with all the gateway's addresses,
// one in its network.
func (l *Lab) startBalancers() error {
	l.balancers = &balancers{hosts: map[*world.Pod]*network.Host{}, doors: map[*world.Pod][]*world.Door{},
		listeners: map[*world.Pod][]net.Listener{}, open: map[*world.Pod][]net.Conn{}, passed: map[string]int{}}
	l.t.Cleanup(l.balancers.close)
	for _, door := range l.Doors {
		l.balancers.doors[door.Behind] = append(l.balancers.doors[door.Behind], door)
	}
	for gateway, found := range l.balancers.doors {
		inside := fmt.Sprintf("100.%d.255.%d/16", netip.MustParseAddr(gateway.Inside[0]).As4()[1], len(l.balancers.hosts)+1)
		host, err := l.fabric.AddHost("load balancer of "+gateway.Key(),
			network.Leg{Network: gateway.Cluster.Network, Addresses: []string{inside}}, network.Leg{Addresses: public(found)})
		if err != nil {
			return err
		}
		l.balancers.hosts[gateway] = host
		if err := l.balancers.listen(gateway); err != nil {
			return err
		}
	}
	return nil
}

// listen opens a gateway's doors.
func (b *balancers) listen(gateway *world.Pod) error {
	for _, door := range b.doors[gateway] {
		listener, err := b.hosts[gateway].Listen(net.JoinHostPort(door.IP, fmt.Sprint(door.Port)))
		if err != nil {
			return err
		}
		b.listeners[gateway] = append(b.listeners[gateway], listener)
		go b.admit(listener, b.hosts[gateway], door)
	}
	return nil
}

// public are the doors' addresses, each once, with the length of a single one.
func public(found []*world.Door) []string {
	var addresses []string
	for _, door := range found {
		ip := netip.MustParseAddr(door.IP)
		if address := netip.PrefixFrom(ip, ip.BitLen()).String(); !slices.Contains(addresses, address) {
			addresses = append(addresses, address)
		}
	}
	return addresses
}

func (b *balancers) admit(listener net.Listener, host *network.Host, door *world.Door) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		if b.admitted(connection, door) {
			go forward(connection, host, behindBalancer(door))
		} else {
			_ = connection.Close()
		}
	}
}

// behindBalancer is where a load balancer leads: to the gateway, or to the router before it.
func behindBalancer(door *world.Door) string {
	if door.Router != nil {
		return net.JoinHostPort(door.Router.IP, routerPort)
	}
	return net.JoinHostPort(door.Behind.Inside[0], "15443")
}

func (b *balancers) admitted(connection net.Conn, door *world.Door) bool {
	caller, _, _ := net.SplitHostPort(connection.RemoteAddr().String())
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if len(b.listeners[door.Behind]) == 0 { // it was accepted when the gateway went down
		return false
	}
	b.passed[caller]++
	if door.Callers[caller] {
		b.open[door.Behind] = append(b.open[door.Behind], connection)
		return true
	}
	b.trespass = append(b.trespass, fmt.Sprintf("%s dialled %s of %s", caller, net.JoinHostPort(door.IP, fmt.Sprint(door.Port)), door.Behind.Key()))
	return false
}

func forward(connection net.Conn, host *network.Host, to string) {
	defer connection.Close()
	gateway, err := host.Dial(to, 5*time.Second)
	if err != nil {
		return
	}
	defer gateway.Close()
	go func() { _, _ = io.Copy(gateway, connection); _ = gateway.(*net.TCPConn).CloseWrite() }()
	_, _ = io.Copy(connection, gateway)
}

func (b *balancers) close() {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	for _, listeners := range b.listeners {
		for _, listener := range listeners {
			_ = listener.Close()
		}
	}
}

// Trespasses are calls that came to a gateway by a way that the federation does not give them.
func (l *Lab) Trespasses() []string {
	l.balancers.mutex.Lock()
	defer l.balancers.mutex.Unlock()
	return l.balancers.trespass
}

// Passed counts the connections that a pod made to gateways of other networks.
func (l *Lab) Passed(pod *world.Pod) int {
	l.balancers.mutex.Lock()
	defer l.balancers.mutex.Unlock()
	count := 0
	for _, address := range pod.Outside {
		count += l.balancers.passed[address]
	}
	return count
}

// Shut takes a gateway away: its addresses refuse connections, and who is in is thrown out.
func (l *Lab) Shut(gateway *world.Pod) {
	l.balancers.mutex.Lock()
	defer l.balancers.mutex.Unlock()
	for _, listener := range l.balancers.listeners[gateway] {
		_ = listener.Close()
	}
	for _, connection := range l.balancers.open[gateway] {
		_ = connection.Close()
	}
	l.balancers.listeners[gateway], l.balancers.open[gateway] = nil, nil
}

// Open brings a gateway back.
func (l *Lab) Open(gateway *world.Pod) {
	l.balancers.mutex.Lock()
	defer l.balancers.mutex.Unlock()
	l.must(l.balancers.listen(gateway))
}
