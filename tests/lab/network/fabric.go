// Package network makes networks that truly cannot reach each other: a bridge per network, and one wide-area bridge
// that only those hosts are on which are given a leg there. A host is a network namespace of this process. Everything
// lives in the network namespace that the process was started in, and goes with it.
package network

import (
	"fmt"
	"net"
	"os"
	"sync/atomic"

	"github.com/vishvananda/netlink"
)

// Fabric is the bridges.
type Fabric struct {
	bridges map[string]netlink.Link // by network; "" is the wide area
	hosts   []*Host
}

// cables counts those of all fabrics: the kernel takes away a namespace, and the cable into it, some time after it is closed.
var cables atomic.Int64

// New needs a network namespace without other bridges.
func New() (*Fabric, error) {
	if err := os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("0"), 0o644); err != nil {
		return nil, err // with forwarding, the bridges' owner would join what must be apart
	}
	loopback, err := netlink.LinkByName("lo")
	if err != nil {
		return nil, err
	}
	if err := netlink.LinkSetUp(loopback); err != nil {
		return nil, err
	}
	fabric := &Fabric{bridges: map[string]netlink.Link{}}
	return fabric, fabric.bridge("", "wan")
}

// AddNetwork makes a network; `prefix` is the address, with its length, under which this process is on it.
func (f *Fabric) AddNetwork(name, prefix string) error {
	if err := f.bridge(name, fmt.Sprintf("net%d", len(f.bridges))); err != nil {
		return err
	}
	return addAddress(f.bridges[name], prefix)
}

func (f *Fabric) bridge(name, device string) error {
	attributes := netlink.NewLinkAttrs()
	attributes.Name = device
	bridge := &netlink.Bridge{LinkAttrs: attributes}
	if err := netlink.LinkAdd(bridge); err != nil {
		return fmt.Errorf("bridge %s: %w", device, err)
	}
	f.bridges[name] = bridge
	return netlink.LinkSetUp(bridge)
}

// Close takes down every host and bridge.
func (f *Fabric) Close() {
	for _, host := range f.hosts {
		host.close()
	}
	for _, bridge := range f.bridges {
		_ = netlink.LinkDel(bridge)
	}
}

func addAddress(link netlink.Link, prefix string) error {
	address, err := netlink.ParseAddr(prefix)
	if err != nil {
		return err
	}
	if address.IP.To4() == nil {
		address.Flags = 0x02 // IFA_F_NODAD: usable at once
	}
	if err := netlink.AddrAdd(link, address); err != nil {
		return fmt.Errorf("address %s: %w", prefix, err)
	}
	return nil
}

// addDefault sends what has no nearer route to the link, IPv4 and IPv6.
func addDefault(link netlink.Link) error {
	for _, all := range []string{"0.0.0.0/0", "::/0"} {
		_, destination, _ := net.ParseCIDR(all)
		route := &netlink.Route{LinkIndex: link.Attrs().Index, Dst: destination, Scope: netlink.SCOPE_LINK}
		if err := netlink.RouteAdd(route); err != nil {
			return fmt.Errorf("default route %s: %w", all, err)
		}
	}
	return nil
}
