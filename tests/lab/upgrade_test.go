package lab_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"meshfedc/lab/control"
	"meshfedc/lab/lab"
	"meshfedc/lab/world"
)

// upgrade is a change of Istio's version, cluster by cluster.
type upgrade struct {
	change
	bundles map[string]string // of the Gateway API's CRDs, by cluster
}

const (
	oldBundle = "v1.4.1"
	// The lab's istiod is a new one. In the place of an old one, it reads TLSRoutes as that does of the old CRDs: by having
	// others.
	readable = "v1.6.0"
)

func startUpgrade(t *testing.T) *upgrade {
	t.Helper()
	text, err := os.ReadFile("testdata/upgrade/federation.toml")
	must(t, err)
	source := filepath.Join(t.TempDir(), "federation.toml")
	must(t, os.WriteFile(source, text, 0o600))
	u := &upgrade{change: change{t: t, source: source}, bundles: map[string]string{}}
	u.build()
	u.byName = byName{lab.Start(t, u.plan(), lab.Settings{
		Options: func(site *world.Site, options *control.Options) {
			u.installed(site)
			options.Bundle = readable
			if bundle := u.bundles[site.Cluster.Name]; bundle != "" {
				options.Bundle = bundle
			}
		}})}
	u.players = u.steps()
	u.traffic = u.StartTraffic()
	return u
}

func (u *upgrade) steps() players {
	return players{
		"know":        func(step) error { return nil },
		"set":         u.set,
		"install":     u.installNew,
		"gateway-api": u.installBundle,
		"apply":       u.apply,
		"restart":     func(one step) error { return u.restart(one, world.Workload, world.Client) },
	}
}

var assignment = regexp.MustCompile("`([a-z_.]+) = (\"[^`]*\")`")

// set writes what the step says into the table of its cluster.
func (u *upgrade) set(one step) error {
	found := assignment.FindAllStringSubmatch(one.Text, -1)
	if len(found) == 0 || len(one.Clusters) != 1 {
		return fmt.Errorf("nothing to set")
	}
	for _, each := range found {
		u.edit("federation.toml", func(before string) string {
			head := "[cluster." + one.Clusters[0] + "]\n"
			start, table, _ := strings.Cut(before, head)
			table, rest, _ := strings.Cut(table, "\n\n")
			lines := slices.DeleteFunc(strings.Split(table, "\n"), func(line string) bool { return strings.HasPrefix(line, each[1]+" = ") })
			lines = append(lines, each[1]+" = "+each[2])
			return start + head + strings.Join(lines, "\n") + "\n\n" + rest
		})
	}
	return u.validate()
}

// installNew starts an istiod that cannot read what the CRDs do not have, and so do the gateways that it deploys anew.
func (u *upgrade) installNew(one step) error {
	u.build()
	for _, cluster := range one.Clusters {
		u.bundles[cluster] = oldBundle
	}
	if err := u.install(one); err != nil {
		return err
	}
	return u.restart(one, world.EastWest, world.EgressGateway)
}

var bundle = regexp.MustCompile(`CRDs of (\d+\.\d+)`)

func (u *upgrade) installBundle(one step) error {
	version := bundle.FindStringSubmatch(one.Text)
	if version == nil {
		return fmt.Errorf("no version of CRDs")
	}
	for _, cluster := range one.Clusters {
		u.bundles[cluster] = "v" + version[1] + ".0"
	}
	return u.install(one)
}

// apply makes one change after the other, with all calls after each.
func (u *upgrade) apply(one step) error {
	u.build()
	fresh := u.plan()
	return u.each(one, func(site *world.Site) error {
		var failed error
		site.Apply(fresh.Site(fresh.Federation.Cluster(site.Cluster.Name)), func() {
			if u.Replace(site); failed == nil {
				failed = u.call()
			}
		})
		return failed
	})
}

// restart replaces the proxies of pods. Kubernetes has a new pod before it takes away the old one; the lab does not call
// meanwhile.
func (u *upgrade) restart(one step, roles ...world.Role) error {
	return u.each(one, func(site *world.Site) error {
		for _, pod := range site.Pods {
			if slices.Contains(roles, pod.Role) {
				u.traffic.Pause(func() { u.Restart(pod) })
			}
		}
		return nil
	})
}

// The steps that `meshfedc requirements --upgrade` prints lose no call, in any cluster.
func TestUpgrade(t *testing.T) {
	u := startUpgrade(t)
	for _, cluster := range []string{"south-1", "east-1", "west-1"} {
		u.passes(stepsOf(t, u.source, "--upgrade", cluster+"=1.31.1"))
	}
	judge(t, u.Lab)
	u.report()
}

// Who does not leave TLSRoutes before has no route while istiod and the CRDs do not fit together.
func TestUpgradeWithTLSRoutes(t *testing.T) {
	u := startUpgrade(t)
	steps := stepsOf(t, u.source, "--upgrade", "south-1=1.31.1")
	kept := slices.DeleteFunc(slices.Clone(steps), func(one step) bool {
		return one.Name == "set" && strings.Contains(one.Text, "egress_gateway.route")
	})
	if len(kept) != len(steps)-2 {
		t.Fatalf("TLSRoutes are not left: %v", steps)
	}
	u.loses(kept)
}
