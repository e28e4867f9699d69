package apiserver

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"meshfedc/lab/apiserver/limits"
)

// The one server of all tests, and the Gateway API bundle that it has installed.
var lab struct {
	server      *Server
	definitions Definitions
	installed   []Object
}

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "apiserver-")
	if err == nil {
		err = prepare(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		end(dir, 1)
	}
	end(dir, m.Run())
}

func end(dir string, status int) {
	if lab.server != nil {
		lab.server.Stop()
	}
	os.RemoveAll(dir)
	os.Exit(status)
}

func prepare(dir string) (err error) {
	if lab.definitions, err = FindDefinitions(dir); err != nil {
		return err
	}
	if lab.server, err = Start(dir, os.Getenv("KUBE_APISERVER")); err != nil {
		return err
	}
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		<-interrupted
		end(dir, 1)
	}()
	for _, definitions := range []func() ([]Object, error){lab.definitions.Istio, lab.definitions.OpenShift} {
		objects, err := definitions()
		if err != nil {
			return err
		}
		if err := lab.server.Install(objects); err != nil {
			return err
		}
	}
	return nil
}

// use puts a bundle in the place of the one that is installed.
func use(t *testing.T, bundle Bundle) {
	t.Helper()
	definitions, err := lab.definitions.GatewayAPI(bundle)
	if err != nil {
		t.Fatal(err)
	}
	if err := lab.server.Uninstall(lab.installed); err != nil {
		t.Fatal(err)
	}
	lab.installed = definitions
	if err := lab.server.Install(definitions); err != nil {
		t.Fatal(err)
	}
}

// Every object of every example and of random federations is accepted without a warning, and kept as it was sent.
func TestObjectsAreAcceptedAsTheyStand(t *testing.T) {
	acceptedByBundle(t, append(examples(t), randomFederations(t)...))
}

// So is what stands at a limit: the limits of the compiler are not above those of the server.
func TestObjectsAtALimitAreAccepted(t *testing.T) {
	var all []Cluster
	for _, c := range limits.Cases() {
		source := filepath.Join(t.TempDir(), "federation.toml")
		if err := os.WriteFile(source, []byte(c.At), 0o600); err != nil {
			t.Fatal(err)
		}
		name := c.Code + " " + strings.ReplaceAll(c.Name, "/", " ")
		clusters, err := Print(os.Getenv("MESHFEDC"), name, source, limits.Clusters...)
		if err != nil {
			t.Fatal(err)
		}
		for _, cluster := range clusters {
			cluster.Objects = slices.DeleteFunc(cluster.Objects, func(o Object) bool {
				return c.Kind != "" && limits.KindOf(o.Content) != c.Kind
			})
			all = append(all, cluster)
		}
	}
	acceptedByBundle(t, all)
}

func acceptedByBundle(t *testing.T, clusters []Cluster) {
	for _, clusters := range byBundle(clusters) {
		bundle := clusters[0].Bundle
		t.Run(bundle.String(), func(t *testing.T) {
			use(t, bundle)
			for _, cluster := range clusters {
				t.Run(cluster.Name, func(t *testing.T) { accepted(t, cluster.Objects) })
			}
		})
	}
}

func accepted(t *testing.T, objects []Object) {
	t.Helper()
	findings, err := lab.server.Findings(objects)
	if err != nil {
		t.Fatal(err)
	}
	for _, finding := range findings {
		t.Error(finding)
	}
}

func byBundle(clusters []Cluster) [][]Cluster {
	groups := map[Bundle][]Cluster{}
	for _, cluster := range clusters {
		groups[cluster.Bundle] = append(groups[cluster.Bundle], cluster)
	}
	return slices.SortedFunc(maps.Values(groups), func(a, b []Cluster) int {
		return cmp.Compare(a[0].Bundle.String(), b[0].Bundle.String())
	})
}

func examples(t *testing.T) []Cluster {
	sources, err := filepath.Glob("../../../examples/*/federation.toml")
	if err != nil || len(sources) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	var clusters []Cluster
	for _, source := range sources {
		clusters = append(clusters, compile(t, filepath.Base(filepath.Dir(source)), source)...)
	}
	for _, cluster := range clusters {
		if len(cluster.Objects) == 0 {
			t.Errorf("%s: no objects", cluster.Name)
		}
	}
	return clusters
}

func compile(t *testing.T, name, source string) []Cluster {
	clusters, err := Compile(os.Getenv("MESHFEDC"), name, source, t.TempDir())
	if err != nil {
		t.Error(err)
	}
	return clusters
}

// Those of the seeds SEED to SEED + COUNT - 1. A seed makes the same federation every time.
func randomFederations(t *testing.T) []Cluster {
	first, count := number(t, "SEED"), number(t, "COUNT")
	var clusters []Cluster
	for seed := first; seed < first+count; seed++ {
		dir := t.TempDir()
		command := exec.Command(os.Getenv("RANDOM_FEDERATION"), strconv.FormatUint(seed, 10), dir)
		if output, err := command.CombinedOutput(); err != nil {
			t.Fatalf("random federation of seed %d: %v\n%s", seed, err, output)
		}
		clusters = append(clusters, compile(t, fmt.Sprintf("seed-%d", seed), filepath.Join(dir, "federation.toml"))...)
	}
	return clusters
}

func number(t *testing.T, variable string) uint64 {
	value, err := strconv.ParseUint(os.Getenv(variable), 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return value
}
