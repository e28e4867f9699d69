package lab_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"meshfedc/lab/lab"
	"meshfedc/lab/oracle"
	"meshfedc/lab/reach"
	"meshfedc/lab/world"
)

// What `trace` says is what real Envoys do with calls: of random federations, and of as many trees with a mistake in them.
// LAB_REACH_CALLS is how many of each.
func TestReachByCalls(t *testing.T) {
	seed := number(t, "LAB_SEED", 1)
	for i := range number(t, "LAB_REACH_CALLS", 5) {
		source := randomFederation(t, seed+i)
		trees := readTrees(t, source)
		t.Run(fmt.Sprint(seed+i), func(t *testing.T) { callAll(t, source, trees) })
		random := rand.New(rand.NewPCG(uint64(seed+i), 1))
		mutation, changed := anyMutation(t, source, trees, random)
		t.Run(fmt.Sprintf("%d mutated", seed+i), func(t *testing.T) {
			t.Log(mutation)
			callAll(t, source, changed)
		})
	}
}

// anyMutation is one that Envoys do not refuse: the lab waits until they have their configuration.
func anyMutation(t *testing.T, source string, trees reach.Trees, random *rand.Rand) (reach.Mutation, reach.Trees) {
	t.Helper()
	all := trees.Mutations()
	for {
		one := all[random.IntN(len(all))]
		changed, err := one.Apply(trees, random)
		if err != nil {
			continue
		}
		directory := t.TempDir()
		if err := changed.Write(directory); err != nil {
			t.Fatal(err)
		}
		table, err := reach.Ask(plan(t, source, directory), source, directory, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		if !table.Refused() {
			return one, changed
		}
	}
}

func callAll(t *testing.T, source string, trees reach.Trees) {
	directory := t.TempDir()
	if err := trees.Write(directory); err != nil {
		t.Fatal(err)
	}
	planned := plan(t, source, directory)
	for _, site := range planned.Sites {
		reach.Default(site.Objects)
	}
	table, err := reach.Ask(planned, source, directory, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	running := lab.Start(t, planned, lab.Settings{})
	compared := 0
	for _, client := range running.Pods() {
		if client.Role != world.Client {
			continue
		}
		for _, export := range planned.Federation.Exports {
			for _, port := range export.Ports {
				answer := table.Answer(client, export.Host, port.Number)
				if answer == nil || answer.Verdict == "unknown" || answer.Verdict == "unresolved" || !client.Cluster.Addressable(export, port) {
					continue
				}
				compared++
				if wrong := callOne(running, client, export, port, answer); wrong != "" {
					t.Errorf("%s calls %s:%d: %s; %s %v", client.Key(), export.Host, port.Number, wrong, answer.Verdict, answer.Causes)
				}
			}
		}
	}
	t.Logf("%d clusters, %d Envoys, %d comparisons", len(running.Sites), len(running.Pods()), compared)
}

// callOne says what is wrong with the answer; empty: nothing.
func callOne(running *lab.Lab, client *world.Pod, export *oracle.Export, port oracle.Port, answer *reach.Answer) string {
	partly := answer.Verdict == "partly"
	answered := partly || answer.Verdict == "reached"
	calls, enough := callsOf(answer)
	for range calls {
		reply := running.Call(client, export, port)
		if reply.Status != 200 {
			if answered && !partly {
				return fmt.Sprintf("status %d, %v", reply.Status, reply.Err)
			}
			continue
		}
		ends := slices.ContainsFunc(answer.Ends, func(end reach.End) bool { return end.Cluster+"/"+end.Workload == reply.Workload })
		if !answered || !ends {
			return fmt.Sprintf("answered by %s", reply.Workload)
		}
		if partly {
			return ""
		}
	}
	if partly && enough {
		return fmt.Sprintf("none of %d calls is answered", calls)
	}
	return ""
}

// callsOf is how many calls are made, and whether one of them is answered, but for luck, where a share of them is.
func callsOf(answer *reach.Answer) (calls int, enough bool) {
	const luck, most = 1e-6, 300.0
	switch answer.Verdict {
	case "reached":
		return 8, true
	case "partly":
		served := 0.0
		for _, end := range answer.Ends {
			served += end.Share
		}
		needed := math.Log(luck) / math.Log(1-served)
		return int(math.Ceil(min(needed, most))), needed <= most
	}
	return 3, true
}
