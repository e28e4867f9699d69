package lab_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"meshfedc/lab/control"
	"meshfedc/lab/lab"
	"meshfedc/lab/pki"
	"meshfedc/lab/world"
)

// rotation is a change of roots.
type rotation struct {
	change
	trustCase
	rotated       []string // the meshes whose root is replaced
	old, new      *pki.Authority
	both          []byte                    // PEM
	intermediates map[string]*pki.Authority // of the new root, by mesh
}

var rotationMeshes = []string{"east", "south", "west"}

// startRotation runs the federation with the certificates of a case.
func startRotation(t *testing.T, c trustCase) *rotation {
	t.Helper()
	site := c.prepareFor(t, "testdata/rotation/federation.toml", rotationMeshes...)
	r := &rotation{trustCase: c, rotated: rotationMeshes, new: site.roots["west"]}
	if c.ownRoots {
		r.rotated = []string{"west"}
	}
	r.change = change{t: t, source: site.source, authorities: site.meshes}
	r.build()
	r.byName = byName{lab.Start(t, r.plan(), lab.Settings{
		Options: func(site *world.Site, _ *control.Options) { r.installed(site) }})}
	r.players = r.steps()
	r.traffic = r.StartTraffic()
	return r
}

func (r *rotation) steps() players {
	return players{
		"issue":             r.issue,
		"append-to-files":   r.files(func(string) []byte { return r.both }),
		"install":           r.install,
		"append-root":       r.trust(func() []byte { return r.both }),
		"wait-for-trust":    r.wait,
		"sign":              r.sign,
		"replace-files":     r.files(func(file string) []byte { return r.intermediates[strings.TrimSuffix(file, ".pem")].Chain() }),
		"renew":             r.renew,
		"remove-root":       r.remove,
		"remove-from-files": r.files(func(string) []byte { return r.new.Root }),
	}
}

func (r *rotation) issue(step) error {
	r.old = r.new
	var err error
	permitted := r.permitted("west", r.roots)
	if r.new, err = pki.NewRoot(permitted...); err != nil {
		return err
	}
	r.both = slices.Concat(r.old.Root, r.new.Root)
	r.intermediates = map[string]*pki.Authority{}
	for _, mesh := range r.rotated {
		if r.intermediates[mesh], err = r.new.Intermediate(mesh, r.permitted(mesh, r.meshes)...); err != nil {
			return err
		}
	}
	return nil
}

// files changes those that the step names; what is compiled of them must be valid.
func (r *rotation) files(content func(file string) []byte) func(step) error {
	return func(one step) error {
		for _, file := range one.Files {
			r.edit(file, func(string) string { return string(content(file)) })
		}
		if err := r.validate(); err != nil {
			return err
		}
		r.build()
		return nil
	}
}

// trust changes root-cert.pem of the Secrets, and nothing else of them.
func (r *rotation) trust(roots func() []byte) func(step) error {
	return func(one step) error {
		return r.each(one, func(site *world.Site) error { return r.Sign(site, r.Authority(site).Trusting(roots())) })
	}
}

// wait is a day, in which proxies renew their certificates. Where istiod sends them roots, they need not.
func (r *rotation) wait(one step) error {
	return r.each(one, func(site *world.Site) error {
		for _, pod := range site.Pods {
			if !r.ownRoots {
				r.Renew(pod)
			}
			if !r.Trusts(pod, r.old.Root) || !r.Trusts(pod, r.new.Root) {
				return fmt.Errorf("%s does not trust both roots", pod.Key())
			}
		}
		return nil
	})
}

func (r *rotation) sign(one step) error {
	return r.each(one, func(site *world.Site) error {
		return r.Sign(site, r.intermediates[site.Cluster.Mesh].Trusting(r.Authority(site).Root))
	})
}

func (r *rotation) renew(one step) error {
	return r.each(one, func(site *world.Site) error {
		for _, pod := range site.Pods {
			r.Renew(pod)
		}
		return nil
	})
}

// remove also waits until the proxies of each cluster have got certificates from an istiod that knows the new root alone.
func (r *rotation) remove(one step) error {
	if err := r.trust(func() []byte { return r.new.Root })(one); err != nil {
		return err
	}
	return r.renew(one)
}

// done says what still trusts the old root.
func (r *rotation) done() error {
	for _, pod := range r.Pods() {
		if r.Trusts(pod, r.old.Root) || bytes.Contains(r.Authority(r.Site(pod.Cluster)).Root, r.old.Root) {
			return fmt.Errorf("%s still trusts the old root", pod.Key())
		}
	}
	return nil
}

// The steps that `meshfedc requirements --rotate-root` prints lose no call, and leave nothing of the old root. Slips lose some.
func TestRootsAreReplaced(t *testing.T) {
	for _, row := range []struct {
		trustCase
		slips map[string]slip
	}{
		{trustCase{name: "one root, equal domains", equal: true, meshes: true}, nil},
		{trustCase{name: "one root, distinct domains", meshes: true}, map[string]slip{
			"signs before all trust":   without("wait-for-trust"),
			"forgets before all renew": without("renew"),
		}},
		{trustCase{name: "different roots", ownRoots: true, roots: true, meshes: true}, map[string]slip{
			"signs before peers trust":    without("install", "wait-for-trust"),
			"peers forget before it does": tooLate("renew", "remove-root"),
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Run("all steps", func(t *testing.T) {
				r := startRotation(t, row.trustCase)
				r.passes(stepsOf(t, r.source, "--rotate-root", "west"))
				must(t, r.done())
				judge(t, r.Lab)
				r.report()
			})
			for name, slip := range row.slips {
				t.Run(name, func(t *testing.T) {
					r := startRotation(t, row.trustCase)
					r.loses(slip(t, stepsOf(t, r.source, "--rotate-root", "west")))
				})
			}
		})
	}
}
