package lab_test

import (
	"path/filepath"
	"testing"

	"meshfedc/lab/world"
)

// Every example does what its federation says.
func TestExamples(t *testing.T) {
	sources, err := filepath.Glob(example("*"))
	if err != nil || len(sources) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, source := range sources {
		t.Run(filepath.Base(filepath.Dir(source)), func(t *testing.T) {
			judge(t, start(t, source))
		})
	}
}

// With an egress gateway clients have no other way out: they reach what they should, and only the egress gateways were
// ever on the wide area.
func TestEgressIsTheOnlyWayOut(t *testing.T) {
	running := start(t, example("hub-and-spoke"))
	judge(t, running)
	for _, pod := range running.Pods() {
		passed := running.Passed(pod)
		switch {
		case pod.Role == world.EgressGateway && passed == 0:
			t.Errorf("nothing left by %s", pod.Key())
		case pod.Role != world.EgressGateway && (passed > 0 || len(pod.Outside) > 0):
			t.Errorf("%s has a way out of its own", pod.Key())
		}
	}
}
