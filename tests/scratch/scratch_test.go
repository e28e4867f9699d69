// The way from two empty clusters to a federated call, and what happens to the call afterwards. README.md says what is real,
// and run.sh how this is run.
package scratch_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"k8s.io/klog/v2"

	"meshfedc/scratch/cluster"
	"meshfedc/scratch/procedure"
)

const longest = 8 * time.Minute

// world is what the steps share.
type world struct {
	*procedure.Lab
	ctx context.Context
}

// way is the procedure. Each step needs those before it, so one that fails is the last.
var way = []struct {
	name string
	do   func(*world) error
}{
	{"an etcd, an API server and its controllers in each of two clusters", start},
	{"DNS", (*world).resolveNames},
	{"certificates by the script of examples/kind", (*world).certify},
	{"two directories for each cluster, by meshfedc", (*world).compile},
	{"istiod, as Istio's charts install it with what meshfedc writes", (*world).install},
	{"the federation, server-side", (*world).federate},
	{"applications, injected", (*world).deploy},
	{"a gateway with an address, by istiod and a load balancer", (*world).waitForGateway},
}

// checks are what holds then. Each leaves everything as it was, so that all are made whatever fails.
var checks = []struct {
	name string
	do   func(*testing.T, *world)
}{
	{"east's sleep calls httpbin.mesh.global, and both clusters answer", bothAnswer},
	{"names are resolved by the agent of the pod", namesAreCaptured},
	{"caller and server know each other", identities},
	{"certificates are of istiod's authority, by TokenReview", certificatesAreIssued},
	{"three settings differ from what install wrote", threeSettingsDiffer},
	{"a fourth one would be seen", fourthIsSeen},
	{"what meshfedc requirements lists holds", requirementsHold},
	{"without one of them, the call fails", requirementsAreNeeded},
	{"the local application dies, and the other cluster serves", localDies},
	{"istiod goes, and comes again", istiodRestarts},
	{"an intermediate authority is replaced", intermediateIsReplaced},
	{"no Envoy has refused what istiod sent", nothingRefused},
	{"the seed with an egress gateway, in place of the seed", egress},
}

func TestFromNothing(t *testing.T) {
	klog.SetLogger(logr.Discard()) // of clients whose lab ends
	ctx, end := context.WithTimeout(t.Context(), longest)
	defer end()
	w := &world{&procedure.Lab{Where: where(t)}, ctx}
	for _, step := range way {
		passed := t.Run(step.name, func(t *testing.T) {
			if err := step.do(w); err != nil {
				t.Fatal(err)
			}
		})
		if !passed {
			t.FailNow()
		}
	}
	for _, check := range checks {
		t.Run(check.name, func(t *testing.T) { check.do(t, w) })
	}
}

func where(t *testing.T) procedure.Where {
	return procedure.Where{
		Compiler: os.Getenv("MESHFEDC"), Examples: "../../examples", Programs: os.Getenv("SCRATCH_PROGRAMS"),
		Envoy: os.Getenv("LAB_ENVOY"), Bootstrap: os.Getenv("SCRATCH_BOOTSTRAP"), CRDs: os.Getenv("SCRATCH_CRDS"), Directory: directory(t),
	}
}

// directory is kept if SCRATCH_KEEP names one: for whoever wants to read the logs.
func directory(t *testing.T) string {
	if kept := os.Getenv("SCRATCH_KEEP"); kept != "" {
		return kept
	}
	made := t.TempDir()
	for _, one := range []string{made, filepath.Dir(made)} { // Istio's programs are not root
		if err := os.Chmod(one, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return made
}

func start(w *world) (err error) {
	w.Lab, err = procedure.Start(w.ctx, w.Where)
	return err
}

func (w *world) resolveNames() error {
	return w.Each(func(c *cluster.Cluster) error {
		if err := procedure.ApplyFiles(w.ctx, c, "cluster", "testdata/dns.yaml"); err != nil {
			return err
		}
		return procedure.Available(w.ctx, c, "kube-system", "coredns")
	})
}

func (w *world) certify() (err error) {
	w.Authorities, err = procedure.Certify(filepath.Join(w.Examples, "kind", "certificates.sh"), filepath.Join(w.Directory, "keys"),
		"east-mesh="+trustDomain, "west-mesh="+trustDomain)
	return err
}

func (w *world) compile() (err error) {
	if w.Direct, err = procedure.Compile(w.Compiler, w.example("seed"), filepath.Join(w.Directory, "seed")); err != nil {
		return err
	}
	w.Egress, err = procedure.Compile(w.Compiler, w.example("seed-egress"), filepath.Join(w.Directory, "seed-egress"))
	return err
}

func (w *world) example(name string) string {
	return filepath.Join(w.Examples, name, "federation.toml")
}

func (w *world) install() error {
	return w.Each(func(c *cluster.Cluster) error { return w.Install(w.ctx, c) })
}

func (w *world) federate() error {
	return w.Each(func(c *cluster.Cluster) error {
		if err := procedure.ApplyFiles(w.ctx, c, "team", "testdata/namespaces.yaml"); err != nil {
			return err
		}
		return procedure.Federate(w.ctx, c, w.Direct)
	})
}

func (w *world) deploy() error {
	return w.Each(func(c *cluster.Cluster) error {
		if err := procedure.ApplyFiles(w.ctx, c, "team", "testdata/httpbin.yaml", "testdata/sleep.yaml"); err != nil {
			return err
		}
		for _, name := range []string{"httpbin", "sleep"} {
			if err := procedure.Available(w.ctx, c, name, name); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *world) waitForGateway() error {
	if err := procedure.Available(w.ctx, w.West, "istio-system", "eastwest-gateway-istio"); err != nil {
		return err
	}
	got, err := procedure.GatewayAddress(w.ctx, w.West, "eastwest-gateway")
	if err == nil && got != gateway {
		err = fmt.Errorf("the gateway has the address %q, and the federation says %q", got, gateway)
	}
	return err
}
