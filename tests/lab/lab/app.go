package lab

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"math/big"
	"net/http"
	"time"

	"meshfedc/lab/world"
)

// Revive starts a workload's application: on each of its ports it says which workload it is, and who called.
func (l *Lab) Revive(pod *world.Pod) error { return l.serve(pod, http.StatusOK) }

// Break makes a workload's application answer every call with an error of its own.
func (l *Lab) Break(pod *world.Pod, status int) {
	l.Kill(pod)
	l.must(l.serve(pod, status))
}

func (l *Lab) serve(pod *world.Pod, status int) error {
	for _, port := range pod.Workload.Ports() {
		listener, err := l.hosts[pod].Listen(fmt.Sprintf("0.0.0.0:%d", port.Target))
		if err != nil {
			return err
		}
		if port.Protocol == "tls" || port.Protocol == "https" { // these applications have a certificate of their own
			certificate, err := applicationCertificate()
			if err != nil {
				return err
			}
			listener = tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{certificate}})
		}
		server := &http.Server{Handler: introduce(pod, status), Protocols: new(http.Protocols)}
		server.Protocols.SetHTTP1(true)
		server.Protocols.SetUnencryptedHTTP2(true) // gRPC
		go func() { _ = server.Serve(listener) }()
		stop := func() { _ = server.Close() }
		l.apps[pod] = append(l.apps[pod], stop)
		l.t.Cleanup(stop)
	}
	return nil
}

// Kill ends a workload's application; its proxy stays, as when a process crashes.
func (l *Lab) Kill(pod *world.Pod) {
	for _, stop := range l.apps[pod] {
		stop()
	}
	l.apps[pod] = nil
}

// Bury ends a workload's application and its proxy, as when a node goes away.
func (l *Lab) Bury(pod *world.Pod) {
	l.Kill(pod)
	l.proxies[pod].Stop()
}

const (
	workloadHeader = "x-lab-workload"
	callerHeader   = "x-lab-caller"
)

func introduce(pod *world.Pod, status int) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, request *http.Request) {
		out.Header().Set(workloadHeader, pod.Key())
		out.Header().Set(callerHeader, request.Header.Get("x-forwarded-client-cert"))
		out.WriteHeader(status)
	})
}

func applicationCertificate() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(24 * time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}
