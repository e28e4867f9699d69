package lab_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"meshfedc/lab/oracle"
	"meshfedc/lab/reach"
)

const mutantsOfOne = 25 // that a federation has, so that many federations have some

// tally of mutants.
type mutants struct {
	tried               map[string]bool // kinds, paths and operations
	agreed, same, wrong int
	refused, compared   int
	unknown             int
	fields              map[string]int
}

// What `trace` and `exposure` say of trees with a mistake in them is what istiod generates for these. LAB_MUTANTS is how
// many.
func TestReachOfMutants(t *testing.T) {
	wanted, seed := number(t, "LAB_MUTANTS", 25), number(t, "LAB_SEED", 1)
	found := &mutants{tried: map[string]bool{}, fields: map[string]int{}}
	for i := 0; found.agreed+found.wrong < wanted; i++ {
		source := randomFederation(t, seed+i)
		t.Run(fmt.Sprint(seed+i), func(t *testing.T) {
			mutate(t, found, source, uint64(seed+i), min(mutantsOfOne, wanted-found.agreed-found.wrong))
		})
	}
	t.Logf("%d mutants agree, %d do not, %d change nothing, %d are refused; %d kinds, paths and operations; %d comparisons, %d unknown",
		found.agreed, found.wrong, found.same, found.refused, len(found.tried), found.compared, found.unknown)
	for _, field := range slices.SortedFunc(maps.Keys(found.fields), func(a, b string) int { return found.fields[b] - found.fields[a] }) {
		t.Logf("unknown: %d by %s", found.fields[field], field)
	}
	if found.unknown*100 > found.compared {
		t.Errorf("more than one answer in a hundred is unknown")
	}
}

// mutate tries what was not tried before, in an order that the seed decides.
func mutate(t *testing.T, found *mutants, source string, seed uint64, wanted int) {
	trees := readTrees(t, source)
	random := rand.New(rand.NewPCG(seed, 0))
	plain := compareTrees(t, source, trees)
	all := trees.Mutations()
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for _, one := range all {
		if wanted == 0 {
			return
		}
		if found.tried[one.Triple()] {
			continue
		}
		changed, err := one.Apply(trees, random)
		if err != nil {
			found.refused++
			continue
		}
		found.tried[one.Triple()] = true
		wanted--
		found.judge(t, one, plain, compareTrees(t, source, changed))
	}
}

func (m *mutants) judge(t *testing.T, one reach.Mutation, plain, changed *reach.Comparison) {
	t.Helper()
	m.compared += changed.Compared
	m.unknown += changed.Unknown
	for field, count := range changed.Fields {
		m.fields[field] += count
	}
	if len(changed.Wrong) == 0 {
		m.agreed++
		if slices.Equal(plain.Cells, changed.Cells) {
			m.same++
		}
		return
	}
	m.wrong++
	t.Errorf("%s: %d wrong", one, len(changed.Wrong))
	for i, wrong := range changed.Wrong {
		if i < 3 {
			t.Log(wrong)
		}
	}
}

// compareTrees runs istiods of the trees and compares.
func compareTrees(t *testing.T, source string, trees reach.Trees) *reach.Comparison {
	t.Helper()
	directory, err := os.MkdirTemp(t.TempDir(), "mutant")
	if err != nil {
		t.Fatal(err)
	}
	if err := trees.Write(directory); err != nil {
		t.Fatal(err)
	}
	var comparison *reach.Comparison
	t.Run("one", func(t *testing.T) { // its istiods end with it
		comparison = compareWith(t, plan(t, source, directory), source, directory)
	})
	if comparison == nil {
		t.FailNow()
	}
	return comparison
}

// readTrees compiles a federation, and reads what every cluster applies.
func readTrees(t *testing.T, source string) reach.Trees {
	t.Helper()
	federation, err := oracle.Load(source)
	if err != nil {
		t.Fatal(err)
	}
	var clusters []string
	for _, cluster := range federation.Clusters {
		clusters = append(clusters, cluster.Name)
	}
	trees, err := reach.ReadTrees(build(t, source), clusters)
	if err != nil {
		t.Fatal(err)
	}
	return trees
}
