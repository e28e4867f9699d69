package machine

import "fmt"

// Switch joins nodes, and this process, in one network.
type Switch struct {
	name  string
	ports int
}

// NewSwitch makes a switch on which this process has an address, with its prefix length.
func NewSwitch(name, address string) (*Switch, error) {
	for _, args := range [][]string{
		{"link", "set", "lo", "up"},
		{"link", "add", name, "type", "bridge"},
		{"address", "add", address, "dev", name},
		{"link", "set", name, "up"},
	} {
		if err := Run("ip", args...); err != nil {
			return nil, err
		}
	}
	return &Switch{name: name}, nil
}

// Attach gives a namespace an interface on the switch.
func (s *Switch) Attach(space Space, device, address string) error {
	s.ports++
	port := fmt.Sprintf("%s%d", s.name, s.ports)
	for _, err := range []error{
		Run("ip", "link", "add", port, "type", "veth", "peer", "name", device, "netns", space.Name),
		Run("ip", "link", "set", port, "master", s.name, "up"),
		space.Run("ip", "address", "add", address, "dev", device),
		space.Run("ip", "link", "set", device, "up"),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}
