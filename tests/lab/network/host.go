package network

import (
	"context"
	"fmt"
	"net"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
)

// ProxyGroup is the group that proxies run under: what they send is not sent back to them.
const ProxyGroup = 1337

// Leg is one interface of a host.
type Leg struct {
	Network   string   // "": the wide area
	Addresses []string // with prefix lengths
}

// Host is a network namespace with its interfaces. Sockets that are made in it stay in it.
type Host struct {
	Name  string
	space netns.NsHandle
}

// AddHost makes a host. What no route covers goes out by the last leg.
func (f *Fabric) AddHost(name string, legs ...Leg) (*Host, error) {
	host := &Host{Name: name}
	err := onThread(func(home netns.NsHandle) error {
		var err error
		host.space, err = netns.New() // enters it, too
		if err != nil {
			return err
		}
		return netns.Set(home)
	})
	if err != nil {
		return nil, fmt.Errorf("namespace of %s: %w", name, err)
	}
	f.hosts = append(f.hosts, host)
	for i, leg := range legs {
		if err := f.connect(host, fmt.Sprintf("eth%d", i), leg, i == len(legs)-1); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return host, nil
}

func (f *Fabric) connect(host *Host, device string, leg Leg, gateway bool) error {
	attributes := netlink.NewLinkAttrs()
	attributes.Name = fmt.Sprintf("veth%d", cables.Add(1))
	attributes.MasterIndex = f.bridges[leg.Network].Attrs().Index
	pair := &netlink.Veth{LinkAttrs: attributes, PeerName: device, PeerNamespace: netlink.NsFd(host.space)}
	if err := netlink.LinkAdd(pair); err != nil {
		return err
	}
	if err := netlink.LinkSetUp(pair); err != nil {
		return err
	}
	return host.Do(func() error {
		for _, name := range []string{"lo", device} {
			link, err := netlink.LinkByName(name)
			if err != nil {
				return err
			}
			if err := netlink.LinkSetUp(link); err != nil {
				return err
			}
		}
		link, err := netlink.LinkByName(device)
		if err != nil {
			return err
		}
		for _, address := range leg.Addresses {
			if err := addAddress(link, address); err != nil {
				return err
			}
		}
		if gateway {
			return addDefault(link)
		}
		return nil
	})
}

// Do runs a function on a thread in the host's namespace.
func (h *Host) Do(work func() error) error {
	return onThread(func(home netns.NsHandle) error {
		if err := netns.Set(h.space); err != nil {
			return err
		}
		err := work()
		if back := netns.Set(home); back != nil {
			panic(back) // a thread in the wrong namespace must not be used again
		}
		return err
	})
}

func onThread(work func(home netns.NsHandle) error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	home, err := netns.Get()
	if err != nil {
		return err
	}
	defer home.Close()
	return work(home)
}

// unreached are the addresses that stand for hosts and Services. Nothing has them: a proxy that passes a call on to one, because
// it does not know what that stands for, is refused at once, as by a router that knows no way.
var unreached = []string{"198.18.0.0/15", "240.0.0.0/4"}

// Intercept sends what others than the proxy send to the proxy's outbound port, and what comes in to its inbound port:
// the part of Istio's iptables rules that decides where a connection goes.
func (h *Host) Intercept() error {
	rules := []string{
		"*nat",
		"-A OUTPUT -o lo -j RETURN",
		fmt.Sprintf("-A OUTPUT -p tcp -m owner --gid-owner %d -j RETURN", ProxyGroup),
		"-A OUTPUT -p tcp -j REDIRECT --to-ports 15001",
		"-A PREROUTING -p tcp -j REDIRECT --to-ports 15006",
		"COMMIT",
		"*filter",
	}
	for _, addresses := range unreached {
		rules = append(rules, fmt.Sprintf("-A OUTPUT -p tcp -d %s -m owner --gid-owner %d -j REJECT --reject-with tcp-reset", addresses, ProxyGroup))
	}
	rules = append(rules, "COMMIT", "")
	command := exec.Command("iptables-restore", "--wait")
	command.Stdin = strings.NewReader(strings.Join(rules, "\n"))
	var said []byte
	err := h.Do(func() error {
		var err error
		said, err = command.CombinedOutput()
		return err
	})
	if err != nil {
		return fmt.Errorf("iptables-restore: %w: %s", err, said)
	}
	return nil
}

// Start starts a command in the host, in the proxies' group.
func (h *Host) Start(command *exec.Cmd) error {
	command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 0, Gid: ProxyGroup, NoSetGroups: true}}
	return h.Do(command.Start)
}

// Listen listens on a TCP address of the host.
func (h *Host) Listen(address string) (net.Listener, error) {
	var listener net.Listener
	err := h.Do(func() error {
		var err error
		listener, err = net.Listen("tcp", address)
		return err
	})
	return listener, err
}

// ListenPacket listens on a UDP address of the host.
func (h *Host) ListenPacket(address string) (net.PacketConn, error) {
	var packets net.PacketConn
	err := h.Do(func() error {
		var err error
		packets, err = net.ListenPacket("udp", address)
		return err
	})
	return packets, err
}

// Dial connects from the host to an IP and port.
func (h *Host) Dial(address string, timeout time.Duration) (net.Conn, error) {
	var connection net.Conn
	err := h.Do(func() error {
		within, cancel := context.WithTimeout(context.Background(), timeout)
		defer cancel()
		var err error
		connection, err = new(net.Dialer).DialContext(within, "tcp", address)
		return err
	})
	return connection, err
}

func (h *Host) close() { _ = h.space.Close() }
