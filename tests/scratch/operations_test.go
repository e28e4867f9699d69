package scratch_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	rbac "k8s.io/api/rbac/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"

	"meshfedc/scratch/cluster"
	"meshfedc/scratch/procedure"
)

// presented is the certificate that a pod shows on a port, to whoever connects from its node.
func (w *world) presented(c *cluster.Cluster, namespace, label string, port int) (*x509.Certificate, error) {
	pods, err := procedure.Pods(w.ctx, c, namespace, label)
	if err != nil || len(pods) != 1 {
		return nil, fmt.Errorf("%s: %d pods %s: %w", c.Name, len(pods), label, err)
	}
	connection, err := c.Node.Dial(w.ctx, "tcp", fmt.Sprintf("%s:%d", pods[0].Status.PodIP, port))
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	return peer(connection)
}

// peer looks at the certificate only. Whose it should be is for the caller to say.
func peer(connection net.Conn) (*x509.Certificate, error) {
	client := tls.Client(connection, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"istio", "h2"}})
	_ = connection.SetDeadline(time.Now().Add(5 * time.Second))
	if err := client.Handshake(); err != nil {
		return nil, err
	}
	return client.ConnectionState().PeerCertificates[0], nil
}

// issued is an error unless the authority has issued the certificate.
func issued(certificate *x509.Certificate, by procedure.Authorities, mesh string) error {
	text, err := by.Read(mesh, "ca-cert.pem")
	if err != nil {
		return err
	}
	block, _ := pem.Decode(text)
	authority, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return err
	}
	return certificate.CheckSignatureFrom(authority)
}

func certificatesAreIssued(t *testing.T, w *world) {
	for _, c := range []*cluster.Cluster{w.East, w.West} {
		certificate, err := w.presented(c, "httpbin", "app=httpbin", 80)
		if err != nil {
			t.Fatal(err)
		}
		if err := issued(certificate, w.Authorities, procedure.Mesh(c)); err != nil {
			t.Errorf("%s: not by the intermediate authority of its mesh: %v", c.Name, err)
		}
		if len(certificate.URIs) != 1 || certificate.URIs[0].String() != server {
			t.Errorf("%s: the identity is %v", c.Name, certificate.URIs)
		}
		if other := map[string]string{"east-mesh": "west-mesh", "west-mesh": "east-mesh"}[procedure.Mesh(c)]; issued(certificate, w.Authorities, other) == nil {
			t.Errorf("%s: by the authority of the other mesh", c.Name)
		}
	}
	w.withoutReviews(t)
}

// Whoever has no right to ask the API server whose a token is cannot issue a certificate.
func (w *world) withoutReviews(t *testing.T) {
	const role = "istiod-clusterrole-istio-system"
	roles := w.East.Client.RbacV1().ClusterRoles()
	whole, err := roles.Get(w.ctx, role, meta.GetOptions{})
	w.must(t, err)
	lesser := whole.DeepCopy()
	for i := range lesser.Rules {
		rule := &lesser.Rules[i]
		rule.Resources = slices.DeleteFunc(rule.Resources, func(resource string) bool { return resource == "tokenreviews" })
	}
	lesser.Rules = slices.DeleteFunc(lesser.Rules, func(rule rbac.PolicyRule) bool { return len(rule.Resources) == 0 && len(rule.NonResourceURLs) == 0 })
	_, err = roles.Update(w.ctx, lesser, meta.UpdateOptions{FieldManager: "helm"})
	w.must(t, err)
	w.must(t, procedure.BeginRestart(w.ctx, w.East, "sleep", "sleep"))
	time.Sleep(8 * time.Second) // three or so are enough for a pod that gets its certificate
	found, err := w.East.Client.AppsV1().Deployments("sleep").Get(w.ctx, "sleep", meta.GetOptions{})
	w.must(t, err)
	if found.Status.UpdatedReplicas != 1 || found.Status.UnavailableReplicas != 1 {
		t.Errorf("a pod became ready, or none was begun, while istiod may not review tokens: %+v", found.Status)
	}
	now, err := roles.Get(w.ctx, role, meta.GetOptions{})
	w.must(t, err)
	now.Rules = whole.Rules
	_, err = roles.Update(w.ctx, now, meta.UpdateOptions{FieldManager: "helm"})
	w.must(t, err)
	w.must(t, procedure.Available(w.ctx, w.East, "sleep", "sleep"))
	w.expectBoth(t, soon)
}

func istiodRestarts(t *testing.T, w *world) {
	err := w.Each(func(c *cluster.Cluster) error {
		return procedure.Scale(w.ctx, c, "istio-system", "istiod", 0)
	})
	w.must(t, err)
	if answers := w.call(t); answers[w.East.Name]+answers[w.West.Name] != calls || answers[w.West.Name] == 0 { // proxies do without it
		t.Errorf("without istiod: %v", answers)
	}
	err = w.Each(func(c *cluster.Cluster) error {
		if err := procedure.Scale(w.ctx, c, "istio-system", "istiod", 1); err != nil {
			return err
		}
		if err := w.reconnected(c); err != nil {
			return err
		}
		return procedure.Restart(w.ctx, c, "httpbin", "httpbin") // it injects and configures what is new
	})
	w.must(t, err)
	w.expectBoth(t, soon)
}

// reconnected waits until every proxy of a cluster has found istiod again; until then it keeps what it knew.
func (w *world) reconnected(c *cluster.Cluster) error {
	proxies, err := c.Client.CoreV1().Pods("").List(w.ctx, meta.ListOptions{LabelSelector: "service.istio.io/canonical-name"})
	if err != nil {
		return err
	}
	connected := regexp.MustCompile(`(?m)^pilot_xds\{.*\} (\d+)$`)
	client := http.Client{Transport: &http.Transport{DialContext: c.Node.Dial, DisableKeepAlives: true}}
	return procedure.Eventually(w.ctx, soon, func() (bool, error) {
		pods, err := procedure.Pods(w.ctx, c, "istio-system", "app=istiod")
		if err != nil || len(pods) != 1 {
			return false, err
		}
		reply, err := client.Get("http://" + pods[0].Status.PodIP + ":15014/metrics")
		if err != nil {
			return false, nil
		}
		defer reply.Body.Close()
		metrics, err := io.ReadAll(reply.Body)
		sum := 0
		for _, match := range connected.FindAllSubmatch(metrics, -1) {
			number, _ := strconv.Atoi(string(match[1]))
			sum += number
		}
		return sum >= len(proxies.Items), err
	})
}

func intermediateIsReplaced(t *testing.T, w *world) {
	renewed, err := w.Authorities.Renewed(filepath.Join(w.Directory, "renewed-keys"), "east-mesh="+trustDomain, "west-mesh="+trustDomain)
	w.must(t, err)
	w.must(t, w.useAuthority(w.West, renewed))
	w.must(t, procedure.Restart(w.ctx, w.West, "httpbin", "httpbin"))
	certificate, err := w.presented(w.West, "httpbin", "app=httpbin", 80)
	w.must(t, err)
	w.must(t, issued(certificate, renewed, "west-mesh"))
	w.expectBoth(t, soon)
}

// useAuthority replaces the Secret `cacerts` of a cluster, and waits until istiod, which is not restarted, signs with it.
func (w *world) useAuthority(c *cluster.Cluster, authorities procedure.Authorities) error {
	if err := procedure.SetAuthority(w.ctx, c, authorities); err != nil {
		return err
	}
	return procedure.Eventually(w.ctx, soon, func() (bool, error) {
		certificate, err := w.presented(c, "istio-system", "app=istiod", 15012)
		return err == nil && issued(certificate, authorities, procedure.Mesh(c)) == nil, nil
	})
}

func nothingRefused(t *testing.T, w *world) {
	logs, err := filepath.Glob(filepath.Join(w.Directory, "*-cluster", "pods", "*", "istio-proxy.log"))
	if err != nil || len(logs) == 0 {
		t.Fatalf("%d logs: %v", len(logs), err)
	}
	for _, log := range logs {
		w.refusedNothing(t, log)
	}
}

// refusedNothing reads the log of an agent, to which Envoy writes what it refuses.
func (w *world) refusedNothing(t *testing.T, log string) {
	t.Helper()
	text, err := os.ReadFile(log)
	w.must(t, err)
	for line := range strings.Lines(string(text)) {
		if strings.Contains(line, " rejected: ") {
			t.Errorf("%s: %s", filepath.Base(filepath.Dir(log)), line)
		}
	}
}
