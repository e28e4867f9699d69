package lab_test

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"meshfedc/lab/control"
	"meshfedc/lab/install"
	"meshfedc/lab/lab"
	"meshfedc/lab/oracle"
	"meshfedc/lab/pki"
	"meshfedc/lab/world"
)

// How the meshes east and west trust each other. Somebody in west shows an identity of east: one that the authority of
// west's istiod has issued, or one that whoever has west's root has.
type trustCase struct {
	name      string
	ownRoots  bool   // one for each mesh; else one for both
	equal     bool   // both have Istio's default trust domain; else each has its own
	roots     bool   // with constraints
	meshes    bool   // the intermediates
	byIstiod  string // how a call ends with what west's istiod has issued: "east-1", or "failed"
	byRoot    string // the same, of who has west's root; "": nobody in west has it
	diagnosed []string
}

const accepted, refused = "east-1", "failed"

var trustCases = []trustCase{
	{name: "one root, equal domains", equal: true, byIstiod: accepted, diagnosed: []string{"MF0606 east"}},
	{name: "one root, equal domains, constrained", equal: true, meshes: true, byIstiod: accepted, diagnosed: []string{"MF0606 east"}},
	{name: "one root, distinct domains", byIstiod: accepted, diagnosed: []string{"MF1234 east.pem", "MF1234 west.pem"}},
	{name: "one root, distinct domains, constrained", meshes: true, byIstiod: refused},
	{name: "different roots", ownRoots: true, byIstiod: accepted, byRoot: accepted,
		diagnosed: []string{"MF1234 east-root.pem", "MF1234 west-root.pem"}},
	{name: "different roots, constrained intermediates", ownRoots: true, meshes: true, byIstiod: refused, byRoot: accepted,
		diagnosed: []string{"MF1234 east-root.pem", "MF1234 west-root.pem"}},
	{name: "different roots, constrained roots", ownRoots: true, roots: true, byIstiod: refused, byRoot: refused},
	{name: "different roots, both constrained", ownRoots: true, roots: true, meshes: true, byIstiod: refused, byRoot: refused},
}

// trustSite is a case with its certificates, in a directory with the federation that names them.
type trustSite struct {
	trustCase
	source string
	roots  map[string]*pki.Authority // by mesh
	meshes map[string]*pki.Authority
}

func (c trustCase) domain(mesh string) string {
	if c.equal {
		return "cluster.local"
	}
	return mesh + ".example"
}

// permitted is what a constraint of a mesh's certificates says; nothing where there is none.
func (c trustCase) permitted(mesh string, constrained bool) []string {
	if constrained {
		return []string{c.domain(mesh)}
	}
	return nil
}

func (c trustCase) prepare(t *testing.T) trustSite {
	t.Helper()
	return c.prepareFor(t, "testdata/forgery/federation.toml", "east", "west")
}

// prepareFor makes the certificates of a federation's meshes.
func (c trustCase) prepareFor(t *testing.T, federation string, meshes ...string) trustSite {
	t.Helper()
	directory := t.TempDir()
	site := trustSite{c, filepath.Join(directory, "federation.toml"), map[string]*pki.Authority{}, map[string]*pki.Authority{}}
	text, err := os.ReadFile(federation)
	must(t, err)
	shared, err := pki.NewRoot()
	must(t, err)
	toml := string(text)
	for _, mesh := range meshes {
		root, file := shared, "root.pem"
		if c.ownRoots {
			file = mesh + "-root.pem"
			root, err = pki.NewRoot(c.permitted(mesh, c.roots)...)
			must(t, err)
		}
		authority, err := root.Intermediate(mesh, c.permitted(mesh, c.meshes)...)
		must(t, err)
		site.roots[mesh], site.meshes[mesh] = root, authority
		must(t, os.WriteFile(filepath.Join(directory, file), root.Root, 0o600))
		must(t, os.WriteFile(filepath.Join(directory, mesh+".pem"), authority.Chain(), 0o600))
		keys := "[mesh." + mesh + "]\nroot = \"" + file + "\"\nintermediate = \"" + mesh + ".pem\"\n"
		if !c.equal {
			keys += "trust_domain = \"" + c.domain(mesh) + "\"\n"
		}
		toml = strings.Replace(toml, "[mesh."+mesh+"]\n", keys, 1)
	}
	if c.ownRoots {
		toml += "\n[trust]\nmode = \"roots\"\n"
	}
	must(t, os.WriteFile(site.source, []byte(toml), 0o600))
	return site
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var reported = regexp.MustCompile(`(?m)^federation\.toml:\d+:\d+: \w+\[(MF\d{4})\].*\n +\|\n *\d+ \| .*\n +\| ( *)(\^+)`)

// diagnoses are the codes that `validate` gives, each with what it points at.
func diagnoses(t *testing.T, source string) []string {
	t.Helper()
	command := exec.Command(os.Getenv("MESHFEDC"), "validate", "-f", "federation.toml")
	command.Dir = filepath.Dir(source)
	said, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	text := string(said)
	var found []string
	for _, at := range reported.FindAllStringSubmatchIndex(text, -1) {
		lines := strings.Split(text[at[0]:at[1]], "\n")
		quoted := lines[2][strings.Index(lines[2], "| ")+2:]
		from, width := at[5]-at[4], at[7]-at[6]
		found = append(found, text[at[2]:at[3]]+" "+strings.Trim(quoted[from:from+width], `"`))
	}
	return found
}

// start starts the federation, whose certificates stay as they are.
func (s trustSite) start(t *testing.T, settings lab.Settings) byName {
	t.Helper()
	federation, err := oracle.Load(s.source)
	must(t, err)
	installation, err := install.Of(s.source, t.TempDir(), s.meshes)
	must(t, err)
	planned, err := world.Plan(federation, build(t, s.source), installation)
	must(t, err)
	return byName{lab.Start(t, planned, settings)}
}

// run starts the federation. West's stranger shows what `forger` has issued, if there is one.
func (s trustSite) run(t *testing.T, forger *pki.Authority) byName {
	t.Helper()
	settings := lab.Settings{}
	if forger != nil {
		settings.Shows = func(pod *world.Pod) *pki.Identity {
			if pod.Cluster.Name != "west-1" || pod.Role != world.Client || pod.Account != "stranger" {
				return nil
			}
			identity, err := forger.Issue("spiffe://" + s.domain("east") + "/ns/shop/sa/frontend")
			must(t, err)
			return identity
		}
	}
	return s.start(t, settings)
}

// Honest calls pass in every case, with what meshfedc writes to install istiod; a forged identity is accepted exactly where
// meshfedc says that it would be.
func TestForgedIdentities(t *testing.T) {
	for _, row := range trustCases {
		t.Run(row.name, func(t *testing.T) {
			site := row.prepare(t)
			if said := diagnoses(t, site.source); !slices.Equal(said, row.diagnosed) {
				t.Errorf("meshfedc says %q; wanted %q", said, row.diagnosed)
			}
			t.Run("honest", func(t *testing.T) {
				running := site.run(t, nil)
				running.allOf(t, running.caller("east-1", "shop", "frontend"), "ledger", "east-1")
				running.allOf(t, running.caller("west-1", "office", "reader"), "ledger", "east-1")
				running.all(t, "west-1", "ledger", "failed")
				running.all(t, "east-1", "prices", "west-1")
				judge(t, running.Lab)
			})
			t.Run("by istiod", func(t *testing.T) {
				site.run(t, site.meshes["west"]).all(t, "west-1", "ledger", row.byIstiod)
			})
			if row.byRoot == "" {
				return
			}
			t.Run("by the root", func(t *testing.T) {
				another, err := site.roots["west"].Intermediate("another")
				must(t, err)
				site.run(t, another).all(t, "west-1", "ledger", row.byRoot)
			})
		})
	}
}

// Of the settings for different roots, none can be left out.
func TestDifferentRootsNeedTheirSettings(t *testing.T) {
	site := trustCase{ownRoots: true, roots: true}.prepare(t)
	for name, without := range map[string]func(*install.Istiod){
		"certificates":           func(istiod *install.Istiod) { istiod.Config.CaCertificates = nil },
		"ISTIO_MULTIROOT_MESH":   func(istiod *install.Istiod) { delete(istiod.Environment, "ISTIO_MULTIROOT_MESH") },
		"PROXY_CONFIG_XDS_AGENT": func(istiod *install.Istiod) { delete(istiod.ProxyMetadata(), "PROXY_CONFIG_XDS_AGENT") },
	} {
		t.Run(name, func(t *testing.T) {
			running := site.start(t, lab.Settings{Options: func(site *world.Site, _ *control.Options) {
				if site.Cluster.Mesh != "east" {
					return
				}
				before := site.Istiod.Clone()
				if without(site.Istiod); proto.Equal(before.Config, site.Istiod.Config) && maps.Equal(before.Environment, site.Istiod.Environment) {
					t.Fatalf("nothing to leave out of %v", before)
				}
			}})
			running.allOf(t, running.caller("west-1", "office", "reader"), "ledger", "failed")
		})
	}
}
