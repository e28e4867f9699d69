package pki

import (
	"fmt"
	"slices"
	"strconv"
	"sync"

	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	tlsv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/tls/v3"
	discovery "github.com/envoyproxy/go-control-plane/envoy/service/discovery/v3"
	secret "github.com/envoyproxy/go-control-plane/envoy/service/secret/v3"
	"google.golang.org/protobuf/types/known/anypb"
)

// Secrets gives every proxy its own certificate, as istio-agent does.
type Secrets struct {
	secret.UnimplementedSecretDiscoveryServiceServer
	mutex sync.Mutex
	shown map[string]*shown // by node ID
}

// shown is what a node has, until it is replaced.
type shown struct {
	identity *Identity
	replaced chan struct{}
	streams  map[*subscription]bool // those that are open: has the proxy taken it?
}

func NewSecrets() *Secrets { return &Secrets{shown: map[string]*shown{}} }

// Add registers the identity of a node before its proxy starts, and sends it to one that runs.
func (s *Secrets) Add(node string, identity *Identity) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	next := &shown{identity: identity, replaced: make(chan struct{}), streams: map[*subscription]bool{}}
	if before := s.shown[node]; before != nil {
		for stream := range before.streams {
			next.streams[stream] = false
		}
		close(before.replaced)
	}
	s.shown[node] = next
}

// Taken says whether a node's proxy has what it was given last. A gateway that passes TLS on asks for nothing.
func (s *Secrets) Taken(node string) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, taken := range s.shown[node].streams {
		if !taken {
			return false
		}
	}
	return true
}

// subscription is a stream of a proxy, which asks for a name or several.
type subscription struct {
	node  string
	names []string
	kind  string
	sent  int    // responses
	nonce string // of the last one
	last  *shown // in it
}

// StreamSecrets answers each new set of names once, and again whenever the certificates change.
func (s *Secrets) StreamSecrets(stream secret.SecretDiscoveryService_StreamSecretsServer) error {
	own := &subscription{}
	defer s.forget(own)
	requests := received(stream)
	for {
		select {
		case request, open := <-requests:
			if !open {
				return nil
			}
			if id := request.GetNode().GetId(); id != "" { // only the first request of a stream names the node
				own.node = id
			}
			if own.sent > 0 && slices.Equal(own.names, request.ResourceNames) {
				s.answered(own, request)
				continue
			}
			own.names, own.kind = request.ResourceNames, request.TypeUrl
		case <-own.replaced():
		}
		if err := s.send(stream, own); err != nil {
			return err
		}
	}
}

func received(stream secret.SecretDiscoveryService_StreamSecretsServer) <-chan *discovery.DiscoveryRequest {
	requests := make(chan *discovery.DiscoveryRequest)
	go func() {
		defer close(requests)
		for {
			request, err := stream.Recv()
			if err != nil {
				return
			}
			select {
			case requests <- request:
			case <-stream.Context().Done():
				return
			}
		}
	}()
	return requests
}

// replaced is closed once there is something newer than what was sent; never before anything was.
func (s *subscription) replaced() <-chan struct{} {
	if s.last == nil {
		return nil
	}
	return s.last.replaced
}

// answered notes that the proxy has taken what was sent last; what it refuses, it has not.
func (s *Secrets) answered(own *subscription, request *discovery.DiscoveryRequest) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if request.ErrorDetail == nil && request.ResponseNonce == own.nonce {
		own.last.streams[own] = true
	}
}

func (s *Secrets) forget(own *subscription) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if current := s.shown[own.node]; current != nil {
		delete(current.streams, own)
	}
}

func (s *Secrets) send(stream secret.SecretDiscoveryService_StreamSecretsServer, own *subscription) error {
	s.mutex.Lock()
	current := s.shown[own.node]
	if current == nil {
		s.mutex.Unlock()
		return fmt.Errorf("no identity for node %q", own.node)
	}
	own.sent++
	own.nonce, own.last = strconv.Itoa(own.sent), current
	current.streams[own] = false
	s.mutex.Unlock()
	response := &discovery.DiscoveryResponse{VersionInfo: own.nonce, Nonce: own.nonce, TypeUrl: own.kind}
	for _, name := range own.names {
		resource, err := anypb.New(current.identity.secret(name))
		if err != nil {
			return err
		}
		response.Resources = append(response.Resources, resource)
	}
	return stream.Send(response)
}

// secret is what Istio's configuration calls "default", the workload's own certificate, or else a root.
func (i *Identity) secret(name string) *tlsv3.Secret {
	inline := func(pem []byte) *core.DataSource {
		return &core.DataSource{Specifier: &core.DataSource_InlineBytes{InlineBytes: pem}}
	}
	if name == "default" {
		return &tlsv3.Secret{Name: name, Type: &tlsv3.Secret_TlsCertificate{
			TlsCertificate: &tlsv3.TlsCertificate{CertificateChain: inline(i.Chain), PrivateKey: inline(i.Key)}}}
	}
	return &tlsv3.Secret{Name: name, Type: &tlsv3.Secret_ValidationContext{
		ValidationContext: &tlsv3.CertificateValidationContext{TrustedCa: inline(i.Root)}}}
}
