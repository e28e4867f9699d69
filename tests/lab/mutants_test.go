package lab_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"meshfedc/lab/control"
	"meshfedc/lab/oracle"
	"meshfedc/lab/reach"
	"meshfedc/lab/world"
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
	plain := startPlain(t, source, trees)
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
		found.judge(t, one, plain.comparison, plain.compare(t, changed))
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

// plain is a federation without a mistake. Its istiods run on, for clusters that a mistake does not change.
type plain struct {
	source     string
	planned    *world.World
	planes     map[*world.Site]*control.Plane
	prints     []string // of the sites
	comparison *reach.Comparison
}

func startPlain(t *testing.T, source string, trees reach.Trees) *plain {
	t.Helper()
	one := &plain{source: source}
	directory := one.plan(t, trees)
	one.prints = fingerprints(t, one.planned)
	one.planes = startPlanes(t, one.planned)
	one.comparison = one.run(t, one.planned, one.planes, directory, nil)
	return one
}

func (p *plain) plan(t *testing.T, trees reach.Trees) string {
	t.Helper()
	directory, err := os.MkdirTemp(t.TempDir(), "mutant")
	if err != nil {
		t.Fatal(err)
	}
	if err := trees.Write(directory); err != nil {
		t.Fatal(err)
	}
	p.planned = plan(t, p.source, directory)
	for _, site := range p.planned.Sites {
		reach.Default(site.Objects)
	}
	return directory
}

func (p *plain) run(t *testing.T, planned *world.World, planes map[*world.Site]*control.Plane, trees string, before *reach.Comparison) *reach.Comparison {
	t.Helper()
	comparison := &reach.Comparison{World: planned, Planes: planes, Table: ask(t, planned, p.source, trees), Before: before}
	comparison.Run()
	return comparison
}

// compare runs istiods of the clusters that are not as they were, or that read such ones.
func (p *plain) compare(t *testing.T, trees reach.Trees) *reach.Comparison {
	t.Helper()
	var comparison *reach.Comparison
	t.Run("one", func(t *testing.T) { // its istiods end with it
		changed := &plain{source: p.source}
		directory := changed.plan(t, trees)
		prints := fingerprints(t, changed.planned)
		same := func(i int) bool { return prints[i] == p.prints[i] }
		planes := map[*world.Site]*control.Plane{}
		for i, site := range changed.planned.Sites {
			kept := same(i)
			for j, other := range changed.planned.Sites {
				reads := site.Cluster.RemoteSecrets && other.Cluster.Mesh == site.Cluster.Mesh
				kept = kept && (!reads || same(j))
			}
			if kept {
				planes[site] = &control.Plane{FakeDiscoveryServer: p.planes[p.planned.Sites[i]].FakeDiscoveryServer, Site: site}
			} else {
				planes[site] = startPlane(t, changed.planned, site)
			}
		}
		comparison = changed.run(t, changed.planned, planes, directory, p.comparison)
	})
	if comparison == nil {
		t.FailNow()
	}
	return comparison
}

// fingerprints are all that istiods get of each site.
func fingerprints(t *testing.T, planned *world.World) []string {
	t.Helper()
	var prints []string
	for _, site := range planned.Sites {
		text, err := json.Marshal([]any{site.Objects, site.DNS})
		if err != nil {
			t.Fatal(err)
		}
		prints = append(prints, string(text))
	}
	return prints
}

// readTrees compiles a federation, and reads what every cluster applies.
func readTrees(t *testing.T, source string) reach.Trees {
	t.Helper()
	return readApplied(t, source, build(t, source))
}

// readApplied reads what others made of a federation.
func readApplied(t *testing.T, source, directory string) reach.Trees {
	t.Helper()
	federation, err := oracle.Load(source)
	if err != nil {
		t.Fatal(err)
	}
	var clusters []string
	for _, cluster := range federation.Clusters {
		clusters = append(clusters, cluster.Name)
	}
	trees, err := reach.ReadTrees(directory, clusters)
	if err != nil {
		t.Fatal(err)
	}
	return trees
}
