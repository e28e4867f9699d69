package lab_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"meshfedc/lab/install"
	"meshfedc/lab/lab"
	"meshfedc/lab/oracle"
	"meshfedc/lab/pki"
	"meshfedc/lab/world"
)

// step is one of those that `meshfedc requirements` prints for an upgrade or for another root.
type step struct {
	Name, Text      string
	Clusters, Files []string
}

func stepsOf(t *testing.T, source string, arguments ...string) []step {
	t.Helper()
	said, err := exec.Command(os.Getenv("MESHFEDC"), append([]string{"requirements", "-f", source, "--format", "json"}, arguments...)...).Output()
	must(t, err)
	var all struct{ Procedures []struct{ Steps []step } }
	must(t, json.Unmarshal(said, &all))
	if len(all.Procedures) != 1 || len(all.Procedures[0].Steps) == 0 {
		t.Fatalf("%q prints no steps:\n%s", arguments, said)
	}
	return all.Procedures[0].Steps
}

// split are the steps of the names, and the others; of each name there is one.
func split(t *testing.T, steps []step, names ...string) (these, others []step) {
	t.Helper()
	for _, one := range steps {
		if slices.Contains(names, one.Name) {
			these = append(these, one)
		} else {
			others = append(others, one)
		}
	}
	for _, name := range names {
		if !slices.ContainsFunc(these, func(one step) bool { return one.Name == name }) {
			t.Fatalf("there is no step %q", name)
		}
	}
	return these, others
}

// slip is what somebody does in place of the steps that are printed.
type slip func(t *testing.T, steps []step) []step

func without(names ...string) slip {
	return func(t *testing.T, steps []step) []step {
		_, others := split(t, steps, names...)
		return others
	}
}

// tooLate does those of the names when all others are done.
func tooLate(names ...string) slip {
	return func(t *testing.T, steps []step) []step {
		these, others := split(t, steps, names...)
		return append(others, these...)
	}
}

// change is a federation that is changed step by step while its clients call.
type change struct {
	byName
	t             *testing.T
	source, trees string // of now
	installation  *install.Installation
	authorities   map[string]*pki.Authority // by mesh: of the certificates that the federation names
	traffic       *lab.Traffic
	players
}

// players do steps, by their names.
type players map[string]func(step) error

// lost is what a step did to calls.
type lost struct{ calls []string }

func (l lost) Error() string { return strings.Join(l.calls, "; ") }

// play does the steps in their order, until one loses calls or cannot be done: that is the error.
func (c *change) play(steps []step) error {
	c.t.Helper()
	for i, one := range steps {
		play, known := c.players[one.Name]
		if !known {
			c.t.Fatalf("nobody knows how to do %q: %s", one.Name, one.Text)
		}
		err := play(one)
		if err == nil && len(one.Clusters) == 0 {
			err = c.call()
		}
		if err != nil {
			return fmt.Errorf("step %d, %s (%s): %w", i+1, one.Name, one.Text, err)
		}
	}
	return nil
}

// call makes every declared call. What was lost since the last time is an error, too.
func (c *change) call() error {
	if calls := c.traffic.Round(); len(calls) > 0 {
		return lost{calls}
	}
	return nil
}

// each does something in each of the step's clusters, one after the other, with all calls after each.
func (c *change) each(one step, do func(*world.Site) error) error {
	for _, name := range one.Clusters {
		if err := do(c.Site(c.Federation.Cluster(name))); err != nil {
			return err
		}
		if err := c.call(); err != nil {
			return fmt.Errorf("after %s: %w", name, err)
		}
	}
	return nil
}

// build compiles the federation anew, as it is now.
func (c *change) build() {
	c.t.Helper()
	c.trees = build(c.t, c.source)
	var err error
	c.installation, err = install.Of(c.source, c.t.TempDir(), c.authorities)
	must(c.t, err)
}

func (c *change) plan() *world.World {
	c.t.Helper()
	federation, err := oracle.Load(c.source)
	must(c.t, err)
	planned, err := world.Plan(federation, c.trees, c.installation)
	must(c.t, err)
	return planned
}

// installed has an istiod that starts installed as it was built last.
func (c *change) installed(site *world.Site) {
	*site.Istiod = *c.installation.Istiods[site.Cluster.Name].Clone()
}

// install replaces the istiods of the step's clusters by those that the installation of now gives.
func (c *change) install(one step) error {
	return c.each(one, func(site *world.Site) error {
		c.Replace(site)
		return nil
	})
}

// edit changes a file beside federation.toml.
func (c *change) edit(file string, edited func(before string) string) {
	c.t.Helper()
	path := filepath.Join(filepath.Dir(c.source), file)
	before, err := os.ReadFile(path)
	must(c.t, err)
	after := edited(string(before))
	if after == string(before) {
		c.t.Fatalf("nothing to change in %s", file)
	}
	must(c.t, os.WriteFile(path, []byte(after), 0o600))
}

func (c *change) validate() error {
	if said, err := exec.Command(os.Getenv("MESHFEDC"), "validate", "-f", c.source).CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, said)
	}
	return nil
}

// passes plays all steps, and fails the test if calls are lost.
func (c *change) passes(steps []step) {
	c.t.Helper()
	must(c.t, c.play(steps))
}

// loses plays steps of which some are missing, and fails the test if no call is lost.
func (c *change) loses(steps []step) {
	c.t.Helper()
	err := c.play(steps)
	if calls := (lost{}); !errors.As(err, &calls) {
		c.t.Errorf("no call is lost, but: %v", err)
		return
	}
	c.t.Logf("found: %v", err)
}

var named = regexp.MustCompile(`push_back\(\s*\{"([a-z-]+)"`)

// Every step that the compiler prints has somebody who does it, and those who do one have a step.
func TestStepsAreCovered(t *testing.T) {
	for file, known := range map[string]players{"rotation": (&rotation{}).steps(), "upgrade": (&upgrade{}).steps()} {
		listed := matches(t, named, "../../compiler/require/"+file+".cpp")
		for _, name := range listed {
			if again := name == "upgrade-first"; known[name] == nil && !again { // it has the steps of another upgrade
				t.Errorf("%s: nobody knows how to do %q", file, name)
			}
		}
		for name := range known {
			if !slices.Contains(listed, name) {
				t.Errorf("%s: the compiler prints no step %q", file, name)
			}
		}
	}
}

// report counts the calls.
func (c *change) report() {
	c.t.Helper()
	c.t.Logf("0 of %d calls are lost", c.traffic.Made())
}
