package lab

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"sync"
	"time"

	"google.golang.org/grpc"

	"meshfedc/lab/network"
	"meshfedc/lab/world"
)

func serve(server *grpc.Server, address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	go func() { _ = server.Serve(listener) }()
	return nil
}

// doors are the load balancers and NATs in front of the east-west gateways. Each lets in only who should come that way,
// and remembers who else tried.
type doors struct {
	mutex     sync.Mutex
	trespass  []string
	open      map[*world.Pod][]net.Conn // connections, by the gateway behind
	closed    map[*world.Pod]bool       // gateways that are down
	passed    map[string]int            // connections by the caller's IP
	listeners []net.Listener
}

// startDoors puts a load balancer in front of each gateway: one leg on the wide area, with all the gateway's addresses,
// one in its network.
func (l *Lab) startDoors() error {
	l.doors = &doors{open: map[*world.Pod][]net.Conn{}, closed: map[*world.Pod]bool{}, passed: map[string]int{}}
	l.t.Cleanup(l.doors.close)
	byGateway := map[*world.Pod][]*world.Door{}
	for _, door := range l.Doors {
		byGateway[door.Behind] = append(byGateway[door.Behind], door)
	}
	count := 0
	for gateway, found := range byGateway {
		count++
		inside := fmt.Sprintf("100.%d.255.%d/16", netip.MustParseAddr(gateway.Inside[0]).As4()[1], count)
		var public []string
		seen := map[string]bool{}
		for _, door := range found {
			if !seen[door.IP] {
				seen[door.IP] = true
				public = append(public, door.IP+single(door.IP))
			}
		}
		host, err := l.fabric.AddHost("load balancer of "+gateway.Key(),
			network.Leg{Network: gateway.Cluster.Network, Addresses: []string{inside}}, network.Leg{Addresses: public})
		if err != nil {
			return err
		}
		for _, door := range found {
			listener, err := host.Listen(net.JoinHostPort(door.IP, fmt.Sprint(door.Port)))
			if err != nil {
				return err
			}
			l.doors.listeners = append(l.doors.listeners, listener)
			go l.doors.admit(listener, host, door)
		}
	}
	return nil
}

func single(ip string) string {
	if netip.MustParseAddr(ip).Is4() {
		return "/32"
	}
	return "/128"
}

func (d *doors) admit(listener net.Listener, host *network.Host, door *world.Door) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		if d.admitted(connection, door) {
			go forward(connection, host, net.JoinHostPort(door.Behind.Inside[0], "15443"))
		} else {
			_ = connection.Close()
		}
	}
}

func (d *doors) admitted(connection net.Conn, door *world.Door) bool {
	caller, _, _ := net.SplitHostPort(connection.RemoteAddr().String())
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.closed[door.Behind] {
		return false
	}
	d.passed[caller]++
	if door.Callers[caller] {
		d.open[door.Behind] = append(d.open[door.Behind], connection)
		return true
	}
	d.trespass = append(d.trespass, fmt.Sprintf("%s dialled %s of %s", caller, net.JoinHostPort(door.IP, fmt.Sprint(door.Port)), door.Behind.Key()))
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

func (d *doors) close() {
	for _, listener := range d.listeners {
		_ = listener.Close()
	}
}

// Trespasses are calls that came to a gateway by a way that the federation does not give them.
func (l *Lab) Trespasses() []string {
	l.doors.mutex.Lock()
	defer l.doors.mutex.Unlock()
	return l.doors.trespass
}

// Passed counts the connections that a pod made to gateways of other networks.
func (l *Lab) Passed(pod *world.Pod) int {
	l.doors.mutex.Lock()
	defer l.doors.mutex.Unlock()
	count := 0
	for _, address := range pod.Outside {
		count += l.doors.passed[address]
	}
	return count
}

// Shut takes a gateway away: nobody comes in by it any more, and who is in is thrown out.
func (l *Lab) Shut(gateway *world.Pod) {
	l.doors.mutex.Lock()
	defer l.doors.mutex.Unlock()
	l.doors.closed[gateway] = true
	for _, connection := range l.doors.open[gateway] {
		_ = connection.Close()
	}
}
