package lab

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"meshfedc/lab/network"
	"meshfedc/lab/world"
)

const routerPort = "443"

// startRouters starts a HAProxy for each cluster that has a router, on a host of its own in the cluster's network: in TCP
// mode, with a rule for each Route, as OpenShift's router passes TLS on.
func (l *Lab) startRouters() error {
	directory, err := os.MkdirTemp("", "routers")
	if err != nil {
		return err
	}
	l.t.Cleanup(func() { _ = os.RemoveAll(directory) })
	for _, site := range l.Sites {
		if site.Router == nil {
			continue
		}
		leg := network.Leg{Network: site.Cluster.Network, Addresses: []string{site.Router.IP + "/16"}}
		host, err := l.fabric.AddHost(site.Router.Key, leg)
		if err != nil {
			return err
		}
		l.routers[site] = host
		configuration := filepath.Join(directory, site.Cluster.Name+".cfg")
		if err := os.WriteFile(configuration, []byte(haproxy(site.Router)), 0o600); err != nil {
			return err
		}
		if err := l.runRouter(host, configuration, net.JoinHostPort(site.Router.IP, routerPort)); err != nil {
			return fmt.Errorf("%s: %w", site.Router.Key, err)
		}
	}
	return nil
}

// runRouter returns when the router listens.
func (l *Lab) runRouter(host *network.Host, configuration, address string) error {
	command := exec.Command("haproxy", "-db", "-q", "-f", configuration)
	command.Stderr = os.Stderr
	if err := host.Start(command); err != nil {
		return err
	}
	l.t.Cleanup(func() { _ = command.Process.Kill(); _ = command.Wait() })
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		connection, err := host.Dial(address, time.Second)
		if err == nil {
			return connection.Close()
		}
		if time.Now().After(deadline) {
			return err
		}
	}
}

// haproxy is a router's configuration. What no Route has is refused: there is no default backend.
func haproxy(router *world.Router) string {
	var frontend, backends strings.Builder
	fmt.Fprintf(&frontend, `global
  maxconn 4000
defaults
  mode tcp
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend public
  bind %s:%s
  tcp-request inspect-delay 5s
  tcp-request content reject unless { req.ssl_hello_type 1 }
`, router.IP, routerPort)
	for i, route := range router.Routes {
		fmt.Fprintf(&frontend, "  use_backend route%d if { req.ssl_sni -i %s }\n", i, route.Host)
		fmt.Fprintf(&backends, "backend route%d\n", i)
		for j, pod := range route.Pods {
			fmt.Fprintf(&backends, "  server pod%d %s\n", j, pod)
		}
	}
	return frontend.String() + backends.String()
}
