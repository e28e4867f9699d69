// Package apiserver applies what meshfedc writes to a real Kubernetes API server, and says what the server thinks of it.
package apiserver

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

const (
	token       = "lab"
	startsIn    = time.Minute
	pollsEvery  = 50 * time.Millisecond
	etcdSocket  = "etcd:1"
	certificate = "apiserver.crt" // the name is the API server's
)

// Server is an etcd and an API server that nobody else can reach: one is behind a socket file, the other on loopback.
type Server struct {
	Client
	dir       string
	etcd, api *process
}

// Start runs both below a directory, which is left for the caller to remove.
func Start(dir, apiserver string) (*Server, error) {
	server := &Server{dir: dir}
	if err := server.start(dir, apiserver); err != nil {
		server.Stop()
		return nil, err
	}
	return server, nil
}

// Stop ends both.
func (s *Server) Stop() {
	for _, process := range []*process{s.api, s.etcd} {
		if process != nil {
			process.stop()
		}
	}
}

// StartDeployer runs istiod's controller of deployments against the server.
func (s *Server) StartDeployer(deployer string) (*process, error) {
	return startProcess(s.dir, deployer, "-server", s.url, "-ca", filepath.Join(s.dir, certificate), "-token", token)
}

func (s *Server) start(dir, apiserver string) error {
	var err error
	if s.etcd, err = startEtcd(dir); err != nil {
		return err
	}
	port, err := freePort()
	if err != nil {
		return err
	}
	if s.api, err = startAPI(dir, apiserver, port); err != nil {
		return err
	}
	return s.connect(filepath.Join(dir, certificate), port)
}

// etcd wants even a socket file to be named like a host and a port. It is made where etcd runs, in the directory.
func startEtcd(dir string) (*process, error) {
	const clients, peers = "unix://" + etcdSocket, "unix://peers:1"
	return startProcess(dir, "etcd", "--data-dir", "etcd", "--unsafe-no-fsync",
		"--listen-client-urls", clients, "--advertise-client-urls", clients,
		"--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers, "--initial-cluster", "default="+peers)
}

// Service accounts are left out: the namespaces of this cluster have no controller that gives them one.
func startAPI(dir, apiserver, port string) (*process, error) {
	key, tokens := filepath.Join(dir, "service-accounts.key"), filepath.Join(dir, "tokens")
	if err := writeKey(key); err != nil {
		return nil, err
	}
	if err := os.WriteFile(tokens, []byte(token+",lab,lab,system:masters\n"), 0o600); err != nil {
		return nil, err
	}
	return startProcess(dir, apiserver, "--etcd-servers", "unix://"+filepath.Join(dir, etcdSocket),
		"--bind-address", "127.0.0.1", "--secure-port", port, "--cert-dir", dir, "--token-auth-file", tokens, "--authorization-mode", "AlwaysAllow",
		"--service-account-key-file", key, "--service-account-signing-key-file", key,
		"--service-account-issuer", "https://lab.invalid", "--disable-admission-plugins", "ServiceAccount",
		"--service-cluster-ip-range", "10.96.0.0/16", "--enable-priority-and-fairness=false")
}

// connect waits until the API server has made its certificate and says that it is ready.
func (s *Server) connect(certificate, port string) error {
	for deadline := time.Now().Add(startsIn); time.Now().Before(deadline); time.Sleep(pollsEvery) {
		for _, process := range []*process{s.etcd, s.api} {
			if !process.running() {
				return process.failure("ended")
			}
		}
		roots := x509.NewCertPool()
		if pem, err := os.ReadFile(certificate); err != nil || !roots.AppendCertsFromPEM(pem) {
			continue
		}
		s.Client = newClient("https://127.0.0.1:"+port, roots)
		if reply, err := s.do(http.MethodGet, "/readyz", nil); err == nil && reply.status == http.StatusOK {
			return nil
		}
	}
	return s.api.failure(fmt.Sprintf("is not ready after %s", startsIn))
}

func freePort() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	return port, errors.Join(err, listener.Close())
}

func writeKey(path string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}), 0o600)
}
