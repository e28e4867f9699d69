// Package pki makes certificates at run time: roots, an intermediate per mesh, a leaf per workload, and the secret
// discovery server that proxies get theirs from. Nothing of it outlives the process.
package pki

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/url"
	"time"
)

// Authority is a certificate with its key: the root, or an intermediate.
type Authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	chain       []byte // PEM, the authority's own certificate first, without the root
	Root        []byte // PEM
}

// NewRoot makes a root of its own, for identities of the permitted trust domains; none: of any.
func NewRoot(permitted ...string) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := authority("root", 1, permitted)
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	return &Authority{certificate: certificate, key: key, Root: encode("CERTIFICATE", der)}, err
}

// Intermediate makes a mesh's authority, for identities of the permitted trust domains; none: of any.
func (a *Authority) Intermediate(name string, permitted ...string) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.CreateCertificate(rand.Reader, authority(name, 0, permitted), a.certificate, &key.PublicKey, a.key)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	return &Authority{certificate: certificate, key: key, chain: encode("CERTIFICATE", der), Root: a.Root}, err
}

// Trusting is the same authority, with other roots beside it: what root-cert.pem has in the Secret that an istiod signs with.
func (a *Authority) Trusting(roots []byte) *Authority {
	other := *a
	other.Root = roots
	return &other
}

// Leads says whether one of the roots has signed the authority, without which istiod does not start.
func (a *Authority) Leads() error {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(a.Root)
	_, err := a.certificate.Verify(x509.VerifyOptions{Roots: roots, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	return err
}

// Chain are the certificates that stand between a workload's and the root, PEM.
func (a *Authority) Chain() []byte { return a.chain }

// Identity is a workload's certificate chain and key, PEM.
type Identity struct {
	Chain, Key, Root []byte
}

// Issue makes the certificate of a SPIFFE ID, for servers and clients.
func (a *Authority) Issue(spiffe string) (*Identity, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	id, err := url.Parse(spiffe)
	if err != nil {
		return nil, err
	}
	template := unnamed()
	template.URIs = []*url.URL{id}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, &key.PublicKey, a.key)
	if err != nil {
		return nil, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	chain := append(encode("CERTIFICATE", der), a.chain...)
	return &Identity{Chain: chain, Key: encode("PRIVATE KEY", private), Root: a.Root}, err
}

// Client is the TLS configuration of a caller that is no proxy: it shows its certificate and accepts any server of the
// root.
func (i *Identity) Client(sni, protocol string) (*tls.Config, error) {
	pair, err := tls.X509KeyPair(i.Chain, i.Key)
	return &tls.Config{Certificates: []tls.Certificate{pair}, ServerName: sni, NextProtos: []string{protocol}, InsecureSkipVerify: true}, err
}

func unnamed() *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	return &x509.Certificate{SerialNumber: serial, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		BasicConstraintsValid: true}
}

func authority(name string, below int, permitted []string) *x509.Certificate {
	template := unnamed()
	template.Subject = pkix.Name{Organization: []string{"lab"}, CommonName: name}
	template.IsCA = true
	template.MaxPathLen = below
	template.MaxPathLenZero = below == 0
	template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
	template.PermittedURIDomains = permitted
	template.PermittedDNSDomainsCritical = len(permitted) > 0 // of the whole extension
	return template
}

func encode(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}
