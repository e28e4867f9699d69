package scratch_test

import (
	"context"
	"fmt"
	"maps"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"meshfedc/scratch/cluster"
	"meshfedc/scratch/procedure"
)

const (
	name        = "httpbin.mesh.global"
	url         = "http://" + name + ":8000"
	trustDomain = "cluster.local"
	gateway     = "172.18.255.1"
	caller      = "spiffe://" + trustDomain + "/ns/sleep/sa/sleep"
	server      = "spiffe://" + trustDomain + "/ns/httpbin/sa/httpbin"

	calls      = 20
	soon       = 30 * time.Second // until what has changed is so everywhere
	ejection   = time.Minute      // until an endpoint is back that was ejected
	mayBeLost  = 5                // calls, before outlier detection ejects an endpoint
	bothNeeded = calls / 4        // of each cluster, of half of the calls that it should answer
)

// call makes the calls, and fails the test only if they cannot be made.
func (w *world) call(t *testing.T) procedure.Answers {
	t.Helper()
	answers, err := w.Call(w.ctx, w.East, calls, url+"/hostname")
	if err != nil {
		t.Fatal(err)
	}
	return answers
}

func (w *world) areFromBoth(answers procedure.Answers) bool {
	east, west := answers[w.East.Name], answers[w.West.Name]
	return east+west == calls && east >= bothNeeded && west >= bothNeeded
}

// expect makes calls until the answers are as they should be.
func (w *world) expect(t *testing.T, within time.Duration, what string, are func(procedure.Answers) bool) {
	t.Helper()
	var last procedure.Answers
	err := procedure.Eventually(w.ctx, within, func() (bool, error) {
		last = w.call(t)
		return are(last), nil
	})
	if err != nil {
		t.Fatalf("answers are not %s %s: %v", what, err, last)
	}
	t.Logf("%d calls: %v", calls, last)
}

func (w *world) expectBoth(t *testing.T, within time.Duration) {
	t.Helper()
	w.expect(t, within, "of both clusters", w.areFromBoth)
}

func (w *world) expectOnly(t *testing.T, only *cluster.Cluster, within time.Duration) {
	t.Helper()
	w.expect(t, within, "of "+only.Name+" only", func(answers procedure.Answers) bool { return answers[only.Name] == calls })
}

func bothAnswer(t *testing.T, w *world) { w.expectBoth(t, soon) }

// The cluster's own DNS does not know the name. The pod does, by an address that Istio has allocated.
func namesAreCaptured(t *testing.T, w *world) {
	resolver := net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return w.East.Node.Dial(ctx, network, "10.96.0.10:53")
	}}
	if addresses, err := resolver.LookupHost(w.ctx, name+"."); err == nil {
		t.Errorf("the DNS of the cluster knows %s: %v", name, addresses)
	}
	if _, err := resolver.LookupHost(w.ctx, "istiod.istio-system.svc.cluster.local."); err != nil {
		t.Error(err)
	}
	said, err := w.execute("getent", "ahostsv4", name)
	if err != nil || !strings.HasPrefix(said, "240.240.") {
		t.Errorf("the pod resolves %s as %q: %v", name, said, err)
	}
}

// execute runs a command in east's container sleep.
func (w *world) execute(arguments ...string) (string, error) {
	pods, err := procedure.Pods(w.ctx, w.East, "sleep", "app=sleep")
	if err != nil || len(pods) != 1 {
		return "", fmt.Errorf("%d pods: %w", len(pods), err)
	}
	said, err := w.East.Kubelet.Exec(w.ctx, "sleep", pods[0].Name, "sleep", arguments...)
	return string(said), err
}

func identities(t *testing.T, w *world) {
	for range calls {
		headers, err := w.Headers(w.ctx, w.East, url+"/headers")
		if err != nil {
			t.Fatal(err)
		}
		seen := strings.Join(headers["X-Forwarded-Client-Cert"], ",")
		if !strings.Contains(seen, "By="+server) || !strings.Contains(seen, "URI="+caller) {
			t.Fatalf("the server is not %s, or its caller is not %s: %s", server, caller, seen)
		}
	}
}

func localDies(t *testing.T, w *world) {
	pods, err := procedure.Pods(w.ctx, w.East, "httpbin", "app=httpbin")
	if err != nil || len(pods) != 1 {
		t.Fatal(len(pods), err)
	}
	if err := w.East.Kubelet.Crash("httpbin", pods[0].Name, "httpbin"); err != nil {
		t.Fatal(err)
	}
	answers := w.call(t)
	if lost := calls - answers[w.West.Name] - answers[w.East.Name]; lost > mayBeLost || answers[w.West.Name] == 0 {
		t.Errorf("after its death: %v", answers)
	}
	t.Logf("%d calls at its death: %v", calls, answers)
	w.expectOnly(t, w.West, soon)
	w.expectBoth(t, ejection) // the kubelet starts it again
}

// agentLog is the log of an agent in east.
func (w *world) agentLog(t *testing.T, pod string) string {
	t.Helper()
	logs, err := filepath.Glob(filepath.Join(w.Directory, w.East.Name, "pods", pod, "istio-proxy.log"))
	if err != nil || len(logs) != 1 {
		t.Fatalf("%s has %d logs: %v", pod, len(logs), err)
	}
	return logs[0]
}

// callerPod is the pod in east that calls.
func (w *world) callerPod(t *testing.T) string {
	t.Helper()
	pods, err := procedure.Pods(w.ctx, w.East, "sleep", "app=sleep")
	if err != nil || len(pods) != 1 {
		t.Fatal(len(pods), err)
	}
	return pods[0].Name
}

// closeFirewall keeps the pods of east from the gateway of west. What is under way is cut off as well.
func (w *world) closeFirewall(t *testing.T) (open func()) {
	t.Helper()
	rule := []string{"FORWARD", "-s", "10.244.0.0/16", "-d", gateway, "-p", "tcp", "-j", "REJECT", "--reject-with", "tcp-reset"}
	w.must(t, w.East.Node.Run("iptables", append([]string{"-I"}, rule...)...))
	return func() { w.must(t, w.East.Node.Run("iptables", append([]string{"-D"}, rule...)...)) }
}

func (w *world) must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// sorted are the keys of a set, for messages.
func sorted[V any](set map[string]V) []string { return slices.Sorted(maps.Keys(set)) }
