package lab

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"meshfedc/lab/network"
	"meshfedc/lab/oracle"
	"meshfedc/lab/world"
)

// Reply is how one call ended.
type Reply struct {
	Status   int    // of HTTP; 0: no answer
	Workload string // the pod's key
	Server   string // the identity that the client's side saw; empty where it is not forwarded
	Caller   string // the identity that the server's side saw
	Err      error
}

const patience = 10 * time.Second

// Call makes one call of a client's application to an export's port, as its protocol has it.
func (l *Lab) Call(client *world.Pod, export *oracle.Export, port oracle.Port) Reply {
	address, known := l.resolve(client, export, port)
	if !known {
		return Reply{Err: fmt.Errorf("%s has no address", export.Host)}
	}
	return l.callAt(client, address, export.Host, port)
}

// resolve is where the client's application dials a host.
func (l *Lab) resolve(client *world.Pod, export *oracle.Export, port oracle.Port) (string, bool) {
	plane := l.planes[l.Site(client.Cluster)]
	address, known := plane.Resolve(plane.Proxy(client), export.Host)
	switch {
	case known:
		return address, true
	case len(export.VIPs) > 0:
		return export.VIPs[0], true
	default: // an application that has some address: what counts is the host's name
		return "240.0.0.1", oracle.CarriesName(port)
	}
}

// CallService makes one call to the ordinary Service that an export's workloads have in the client's own cluster.
func (l *Lab) CallService(client *world.Pod, export *oracle.Export, port oracle.Port) Reply {
	plane := l.planes[l.Site(client.Cluster)]
	host := export.In(client.Cluster).OrdinaryHost()
	address, known := plane.Resolve(plane.Proxy(client), host)
	if !known {
		return Reply{Err: fmt.Errorf("%s has no address", host)}
	}
	return l.callAt(client, address, host, port)
}

func (l *Lab) callAt(client *world.Pod, address, host string, port oracle.Port) Reply {
	connection, err := l.hosts[client].Dial(net.JoinHostPort(address, fmt.Sprint(port.Number)), patience)
	if err != nil {
		return Reply{Err: err}
	}
	defer connection.Close()
	_ = connection.SetDeadline(time.Now().Add(patience))
	if port.Protocol == "tls" || port.Protocol == "https" {
		connection = tls.Client(connection, &tls.Config{ServerName: host, InsecureSkipVerify: true})
	}
	return ask(connection, net.JoinHostPort(host, fmt.Sprint(port.Number)))
}

func ask(connection net.Conn, host string) Reply {
	request, err := http.NewRequest(http.MethodGet, "http://"+host+"/", nil)
	if err != nil {
		return Reply{Err: err}
	}
	request.Close = true
	if err := request.Write(connection); err != nil {
		return Reply{Err: err}
	}
	response, err := http.ReadResponse(bufio.NewReader(connection), request)
	if err != nil {
		return Reply{Err: err}
	}
	_ = response.Body.Close()
	reply := Reply{Status: response.StatusCode, Workload: response.Header.Get(workloadHeader)}
	for _, part := range strings.Split(response.Header.Get(callerHeader), ";") {
		if id, ok := strings.CutPrefix(part, "By="); ok {
			reply.Server = id
		}
		if id, ok := strings.CutPrefix(part, "URI="); ok {
			reply.Caller = id
		}
	}
	return reply
}

// Probe asks a gateway for a port of a host by a server name, as a caller without a proxy, with a certificate of the gateway's
// own mesh. Status 0 of the reply: the gateway led nowhere.
func (l *Lab) Probe(gateway *world.Pod, identity, sni, host string) (Reply, error) {
	return l.probe(l.Site(gateway.Cluster), l.hosts[gateway], "127.0.0.1:15443", identity, sni, host)
}

// ProbeRouter asks the router before a site's gateway in the same way.
func (l *Lab) ProbeRouter(site *world.Site, identity, sni, host string) (Reply, error) {
	return l.probe(site, l.routers[site], net.JoinHostPort(site.Router.IP, routerPort), identity, sni, host)
}

func (l *Lab) probe(site *world.Site, from *network.Host, address, identity, sni, host string) (Reply, error) {
	certificate, err := l.cacerts[site].Issue(identity)
	if err != nil {
		return Reply{}, err
	}
	config, err := certificate.Client(sni, "istio-http/1.1")
	if err != nil {
		return Reply{}, err
	}
	connection, err := from.Dial(address, patience)
	if err != nil { // a gateway that nothing is exported by does not even listen
		return Reply{Err: err}, nil
	}
	defer connection.Close()
	_ = connection.SetDeadline(time.Now().Add(patience))
	secured := tls.Client(connection, config)
	if err := secured.Handshake(); err != nil {
		return Reply{Err: err}, nil
	}
	return ask(secured, host), nil
}
