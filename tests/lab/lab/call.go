package lab

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

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

const patience = 5 * time.Second

// Call makes one call of a client's application to a host and port, as its protocol has it.
func (l *Lab) Call(client *world.Pod, host string, port oracle.Port) Reply {
	plane := l.planes[l.Site(client.Cluster)]
	address, known := plane.Resolve(plane.Proxy(client), host)
	if !known {
		address = "240.0.0.1" // an application that has the address from elsewhere: HTTP goes by the host's name
	}
	return l.callAt(client, net.JoinHostPort(address, fmt.Sprint(port.Number)), host, port)
}

func (l *Lab) callAt(client *world.Pod, address, host string, port oracle.Port) Reply {
	connection, err := l.hosts[client].Dial(address, patience)
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

// Probe asks a gateway for a name as a caller without a proxy, with a certificate of a mesh, and says whether the
// gateway led anywhere.
func (l *Lab) Probe(mesh, identity string, door *world.Door, sni string) (Reply, error) {
	certificate, err := l.meshes[mesh].Issue(identity)
	if err != nil {
		return Reply{}, err
	}
	config, err := certificate.Client(sni, "istio-http/1.1")
	if err != nil {
		return Reply{}, err
	}
	connection, err := l.outside.Dial(net.JoinHostPort(door.IP, fmt.Sprint(door.Port)), patience)
	if err != nil {
		return Reply{}, err
	}
	defer connection.Close()
	_ = connection.SetDeadline(time.Now().Add(patience))
	secured := tls.Client(connection, config)
	if err := secured.Handshake(); err != nil {
		return Reply{Err: err}, nil
	}
	return ask(secured, sni[strings.LastIndex(sni, "_.")+2:]), nil
}
