package pki

import (
	"fmt"
	"slices"
	"strings"
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
	mutex      sync.Mutex
	identities map[string]*Identity // by node ID
}

func NewSecrets() *Secrets { return &Secrets{identities: map[string]*Identity{}} }

// Add registers the identity of a node before its proxy starts.
func (s *Secrets) Add(node string, identity *Identity) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.identities[node] = identity
}

// StreamSecrets answers each new set of names once: certificates do not change here.
func (s *Secrets) StreamSecrets(stream secret.SecretDiscoveryService_StreamSecretsServer) error {
	var identity *Identity
	var sent []string
	for {
		request, err := stream.Recv()
		if err != nil {
			return err
		}
		if id := request.GetNode().GetId(); id != "" { // only the first request of a stream names the node
			s.mutex.Lock()
			identity = s.identities[id]
			s.mutex.Unlock()
		}
		if identity == nil {
			return fmt.Errorf("no identity for node %q", request.GetNode().GetId())
		}
		names := strings.Join(request.ResourceNames, ",")
		if slices.Contains(sent, names) {
			continue
		}
		sent = append(sent, names)
		response := &discovery.DiscoveryResponse{VersionInfo: "1", Nonce: names, TypeUrl: request.TypeUrl}
		for _, name := range request.ResourceNames {
			resource, err := anypb.New(identity.secret(name))
			if err != nil {
				return err
			}
			response.Resources = append(response.Resources, resource)
		}
		if err := stream.Send(response); err != nil {
			return err
		}
	}
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
