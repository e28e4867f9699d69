package lab_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"meshfedc/lab/lab"
	"meshfedc/lab/oracle"
	"meshfedc/lab/world"
)

// guide is the federation of an existing gateway that has the Gateway of Istio's guide, beside what meshfedc writes.
type guide struct {
	view     bool // the gateway's pods have a network view
	passes   bool // the federation says what that Gateway passes
	services bool // some exports have hosts that it passes
	consumes bool // its cluster also gets from others what it serves
}

func (g guide) source(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("testdata/guide/federation.toml")
	if err != nil {
		t.Fatal(err)
	}
	said := string(text)
	change := func(from, to string, wanted bool) {
		if !strings.Contains(said, from) {
			t.Fatalf("no %q", from)
		}
		if wanted {
			said = strings.ReplaceAll(said, from, to)
		}
	}
	const selector = "gateway.selector = { istio = \"eastwestgateway\" }\n"
	change(selector, selector+"gateway.view = true\n", g.view)
	change(selector, selector+"gateway.passes = [\"*.local\"]\n", g.passes)
	change("naming = \"service\"\n", "", !g.services)
	change("from = [\"a\", \"b\"]\nto = [\"b\", \"c\"]", "from = [\"a\", \"b\"]\nto = [\"a\", \"b\", \"c\"]", g.consumes)
	source := filepath.Join(t.TempDir(), "federation.toml")
	if err := os.WriteFile(source, []byte(said), 0o644); err != nil {
		t.Fatal(err)
	}
	return source
}

// plan puts the guide's Gateway there, said or not.
func (g guide) plan(t *testing.T, source, trees string) *world.World {
	t.Helper()
	federation, err := oracle.Load(source)
	if err != nil {
		t.Fatal(err)
	}
	gateway := federation.Cluster("a-1").Gateway
	gateway.Passes, gateway.View = []string{"*.local"}, g.view
	planned, err := world.Plan(federation, trees, installed(t, source))
	if err != nil {
		t.Fatal(err)
	}
	return planned
}

func (g guide) start(t *testing.T) byName {
	t.Helper()
	source := g.source(t)
	return byName{lab.Start(t, g.plan(t, source, build(t, source)), lab.Settings{})}
}

// says expects a diagnostic of the compiler.
func (g guide) says(t *testing.T, wanted string) {
	t.Helper()
	said, _ := exec.Command(os.Getenv("MESHFEDC"), "validate", "-f", g.source(t)).CombinedOutput()
	if !strings.Contains(string(said), wanted) {
		t.Errorf("the compiler does not say %s:\n%s", wanted, said)
	}
}

// Beside the Gateway of Istio's guide exports pass: those that it passes by itself if the federation says so, those that it
// does not pass in any case. Without a network view its cluster may not consume what it serves.
func TestGuide(t *testing.T) {
	for name, shape := range map[string]guide{
		"said, with a view":        {view: true, passes: true, services: true, consumes: true},
		"said, without a view":     {passes: true, services: true},
		"not said, with a view":    {view: true, consumes: true},
		"not said, without a view": {},
	} {
		t.Run(name, func(t *testing.T) {
			running := shape.start(t)
			judge(t, running.Lab)
			passed := running.Passed(running.gateway("a-1"))
			if shape.view && passed > 0 {
				t.Errorf("the gateway sent %d connections on", passed)
			}
			if relays := !shape.view && shape.services; relays != (passed > 0) {
				t.Errorf("the gateway sent %d connections on; wanted some: %t", passed, relays)
			}
		})
	}
}

// What the federation does not say of that Gateway, Envoy refuses: two chains for one server name. The compiler warns.
func TestControlGuideNotSaid(t *testing.T) {
	for name, shape := range map[string]guide{
		"with a view":    {view: true, services: true, consumes: true},
		"without a view": {services: true},
	} {
		t.Run(name, func(t *testing.T) {
			shape.says(t, "warning[MF0525]")
			mustFind(t, shape.start(t).Lab, "a-1/istio-system/eastwest-gateway-0 refused configuration")
		})
	}
}

// Where the federation says it, and our own Gateway has the host all the same, Envoy refuses it as well.
func TestControlGuideTwice(t *testing.T) {
	for name, shape := range map[string]guide{
		"with a view":    {view: true, passes: true, services: true, consumes: true},
		"without a view": {passes: true, services: true},
	} {
		t.Run(name, func(t *testing.T) {
			source := shape.source(t)
			trees := build(t, source)
			edit{"a-1/istio-system/eastwest-gateway.yaml", "    - own.mesh.global\n",
				"    - own.mesh.global\n    - plain.plain.svc.cluster.local\n"}.apply(t, trees)
			running := lab.Start(t, shape.plan(t, source, trees), lab.Settings{})
			mustFind(t, running, "a-1/istio-system/eastwest-gateway-0 refused configuration")
		})
	}
}

// Without a view, a cluster that consumes what it serves is refused; and the lab sees why, if the view is only believed to be
// there: of the calls that arrive, half are sent on.
func TestControlGuideWithoutView(t *testing.T) {
	for name, shape := range map[string]guide{
		"said":     {passes: true, services: true, consumes: true},
		"not said": {consumes: true},
	} {
		t.Run(name, func(t *testing.T) {
			shape.says(t, "error[MF0527]")
			believed := shape
			believed.view = true
			source := believed.source(t)
			running := byName{lab.Start(t, shape.plan(t, source, build(t, source)), lab.Settings{})}
			tally(running.Lab, running.client("c-1"), running.export("both"), 120)
			if running.Passed(running.gateway("a-1")) == 0 {
				t.Error("the lab does not see that the gateway sends calls on")
			}
		})
	}
}
