// The way from two empty clusters to a federated call, step by step: each test needs those before it. README.md says what
// is real, and run.sh how this is run.
package scratch_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	meta "k8s.io/apimachinery/pkg/apis/meta/v1"

	"meshfedc/scratch/cluster"
	"meshfedc/scratch/procedure"
)

const host = "http://httpbin.mesh.global:8000"

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
	if err := os.Chmod(made, 0o755); err != nil { // Istio's programs are not root
		t.Fatal(err)
	}
	return made
}

func TestFromNothing(t *testing.T) {
	ctx, end := context.WithTimeout(context.Background(), 10*time.Minute)
	defer end()
	var lab *procedure.Lab
	step := func(name string, do func(*testing.T) error) {
		t.Helper()
		if !t.Run(name, func(t *testing.T) {
			if err := do(t); err != nil {
				t.Fatal(err)
			}
		}) {
			pause(t)
			t.FailNow()
		}
	}
	step("clusters", func(t *testing.T) (err error) {
		lab, err = procedure.Start(ctx, where(t))
		return err
	})
	step("DNS", func(t *testing.T) error {
		return lab.Each(func(c *cluster.Cluster) error {
			if err := procedure.ApplyFiles(ctx, c, "cluster", "testdata/dns.yaml"); err != nil {
				return err
			}
			return procedure.Available(ctx, c, "kube-system", "coredns")
		})
	})
	step("compile", func(t *testing.T) (err error) {
		lab.Trees, err = procedure.Compile(lab.Compiler, filepath.Join(lab.Examples, "seed", "federation.toml"), filepath.Join(lab.Directory, "seed"))
		return err
	})
	step("certificates", func(t *testing.T) (err error) {
		lab.Authorities, err = procedure.Certify(filepath.Join(lab.Examples, "kind", "certificates.sh"), filepath.Join(lab.Directory, "keys"),
			"east-mesh=cluster.local", "west-mesh=cluster.local")
		return err
	})
	step("installation", func(t *testing.T) error {
		return lab.Each(func(c *cluster.Cluster) error { return lab.Install(ctx, c) })
	})
	step("federation", func(t *testing.T) error {
		return lab.Each(func(c *cluster.Cluster) error { return lab.Federate(ctx, c) })
	})
	step("call", func(t *testing.T) error {
		answers, err := lab.Call(ctx, lab.East, 20, host+"/hostname")
		t.Log(answers)
		return err
	})
	pause(t)
	_ = meta.GetOptions{}
}

func pause(t *testing.T) {
	if os.Getenv("SCRATCH_PAUSE") != "" {
		t.Log("pausing")
		time.Sleep(20 * time.Minute)
	}
}
