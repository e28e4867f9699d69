package lab_test

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"meshfedc/lab/reach"
)

// instance is a federation that has a kind and a field.
type instance struct {
	of   *federationTrees
	what reach.Mutation
}

// apply draws values by what is tried, so that a run can be repeated in parts.
func (i instance) apply() (reach.Trees, error) {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(i.what.Triple()))
	return i.what.Apply(i.of.trees, rand.New(rand.NewPCG(hash.Sum64(), 0)))
}

// federationTrees is what a federation compiles to.
type federationTrees struct {
	source string
	trees  reach.Trees
}

func (f *federationTrees) cost() int {
	objects := 0
	for _, one := range f.trees {
		objects += len(one)
	}
	return len(f.trees)*100 + objects // the clusters are what takes long
}

const (
	instancesOfOne = 4 // that a federation has of a combination: not all can be applied
	triesOfOne     = 3 // of a combination that changed nothing so far, each in another federation
)

// combination is a kind, a field and an operation, and what became of it.
type combination struct {
	triple    string
	instances []instance // those that cost least first
	tried     []*federationTrees
	fate      string // agrees, wrong, same, refused
	fields    []string
}

// next is an instance in a federation that was not tried. Nil: there is none.
func (c *combination) next() *instance {
	for i, one := range c.instances {
		if slices.Contains(c.tried, one.of) {
			continue
		}
		if _, err := one.apply(); err == nil {
			return &c.instances[i]
		}
	}
	return nil
}

// Every kind, field and operation of what federations compile to, at least once. LAB_COVERAGE is how many random federations
// are looked at beside the examples and the lab's own; without it, nothing is. LAB_PART is the part of the combinations that
// is tried, as 1/4; LAB_REPORT is a file that gets a line for each of them.
func TestReachOfEveryField(t *testing.T) {
	random := number(t, "LAB_COVERAGE", 0)
	if random == 0 {
		t.Skip("LAB_COVERAGE is not set")
	}
	all := part(t, combinations(t, random))
	found := &mutants{tried: map[string]bool{}, fields: map[string]int{}}
	for range triesOfOne {
		found.coverOnce(t, all)
	}
	fates := map[string]int{}
	for _, one := range all {
		fates[one.fate]++
		one.write(t)
	}
	t.Logf("%v; %d comparisons, %d unknown", fates, found.compared, found.unknown)
}

func part(t *testing.T, all []*combination) []*combination {
	t.Helper()
	part, parts := 1, 1
	if text := os.Getenv("LAB_PART"); text != "" {
		if _, err := fmt.Sscanf(text, "%d/%d", &part, &parts); err != nil || part < 1 || part > parts {
			t.Fatalf("LAB_PART is %q", text)
		}
	}
	t.Logf("part %d of %d of %d kinds, fields and operations", part, parts, len(all))
	return all[(part-1)*len(all)/parts : part*len(all)/parts]
}

// coverOnce tries all that changed nothing so far once more, federation by federation.
func (m *mutants) coverOnce(t *testing.T, all []*combination) {
	work, of := map[*federationTrees][]*instance{}, map[*instance]*combination{}
	for _, one := range all {
		if one.fate != "refused" && one.fate != "same" {
			continue
		}
		if next := one.next(); next != nil {
			work[next.of] = append(work[next.of], next)
			of[next] = one
		}
	}
	federations := slices.SortedFunc(maps.Keys(work), func(a, b *federationTrees) int { return cmp.Compare(a.source, b.source) })
	for _, federation := range federations {
		t.Run(filepath.Base(filepath.Dir(federation.source)), func(t *testing.T) {
			plain := startPlain(t, federation.source, federation.trees)
			for _, one := range work[federation] {
				m.cover(t, of[one], one, plain)
			}
		})
	}
}

func (m *mutants) cover(t *testing.T, one *combination, by *instance, plain *plain) {
	t.Helper()
	changed, err := by.apply()
	if err != nil {
		t.Fatal(err)
	}
	one.tried = append(one.tried, by.of)
	wrong, comparison := m.wrong, plain.compare(t, changed)
	m.judge(t, by.what, plain.comparison, comparison)
	one.fate, one.fields = "agrees", slices.Sorted(maps.Keys(comparison.Fields))
	if slices.Equal(plain.comparison.Cells, comparison.Cells) {
		one.fate = "same"
	}
	if m.wrong > wrong {
		one.fate = "wrong"
	}
}

func (c *combination) write(t *testing.T) {
	t.Helper()
	if c.fate == "wrong" || len(c.fields) > 0 {
		t.Logf("%s: %s %v", c.fate, c.triple, c.fields)
	}
	path := os.Getenv("LAB_REPORT")
	if path == "" {
		return
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := fmt.Fprintf(file, "%s\t%s\t%s\n", c.fate, c.triple, strings.Join(c.fields, "; ")); err != nil {
		t.Fatal(err)
	}
}

// combinations are all that the federations have, those of one federation together.
func combinations(t *testing.T, random int) []*combination {
	var sources []string
	for _, pattern := range []string{example("*"), "testdata/*/federation.toml", "testdata/published/*/federation.toml"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("no federations: %v", err)
		}
		sources = append(sources, found...)
	}
	seed := number(t, "LAB_SEED", 1)
	for i := range random {
		sources = append(sources, randomFederation(t, seed+i))
	}
	known := map[string]*combination{}
	for _, source := range sources {
		federation := &federationTrees{source: source, trees: readTrees(t, source)}
		here := map[string]int{}
		for _, mutation := range federation.trees.Mutations() {
			triple := mutation.Triple()
			if here[triple]++; here[triple] > instancesOfOne {
				continue
			}
			if known[triple] == nil {
				known[triple] = &combination{triple: triple, fate: "refused"}
			}
			known[triple].instances = append(known[triple].instances, instance{federation, mutation})
		}
	}
	all := slices.Collect(maps.Values(known))
	for _, one := range all {
		slices.SortStableFunc(one.instances, func(a, b instance) int { return cmp.Compare(a.of.cost(), b.of.cost()) })
	}
	slices.SortFunc(all, func(a, b *combination) int {
		return cmp.Or(cmp.Compare(a.instances[0].of.source, b.instances[0].of.source), cmp.Compare(a.triple, b.triple))
	})
	return all
}
