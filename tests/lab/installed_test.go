package lab_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	meshconfig "istio.io/api/mesh/v1alpha1"

	"meshfedc/lab/control"
	"meshfedc/lab/install"
	"meshfedc/lab/lab"
	"meshfedc/lab/oracle"
	"meshfedc/lab/world"
)

// What is installed is what the federation means, as the oracle reads it. LAB_RANDOM is how many random ones are looked at.
func TestInstallations(t *testing.T) {
	var sources []string
	for _, pattern := range []string{example("*"), "testdata/*/federation.toml", "testdata/published/*/federation.toml"} {
		found, err := filepath.Glob(pattern)
		must(t, err)
		sources = append(sources, found...)
	}
	seed := number(t, "LAB_SEED", 1)
	for i := range number(t, "LAB_RANDOM", 25) {
		sources = append(sources, randomFederation(t, seed+i))
	}
	for _, source := range sources {
		federation, err := oracle.Load(source)
		must(t, err)
		installation := installed(t, source)
		for _, cluster := range federation.Clusters {
			for _, wrong := range differences(installation.Istiods[cluster.Name], cluster, federation.ForeignDomains(cluster.Mesh)) {
				t.Errorf("%s: %s: %s", source, cluster.Name, wrong)
			}
		}
	}
}

func differences(istiod *install.Istiod, cluster *oracle.Cluster, foreign []string) []string {
	accepted := slices.Clone(istiod.Config.TrustDomainAliases)
	for _, one := range istiod.Config.CaCertificates {
		accepted = append(accepted, one.TrustDomains...)
	}
	slices.Sort(accepted)
	slices.Sort(foreign)
	var wrong []string
	for setting, values := range map[string][2]string{
		"trust domain":            {istiod.Config.TrustDomain, cluster.TrustDomain},
		"accepted domains":        {strings.Join(slices.Compact(accepted), " "), strings.Join(foreign, " ")},
		"root namespace":          {istiod.Config.RootNamespace, cluster.RootNamespace},
		"namespace":               {istiod.Namespace, cluster.RootNamespace},
		"mesh ID":                 {istiod.Injector[install.MeshID], cluster.Mesh},
		"network":                 {istiod.Injector[install.Network], cluster.Network},
		"network of the gateways": {istiod.Label, cluster.Network},
		"cluster":                 {istiod.Environment["CLUSTER_ID"], cluster.Name},
		"cluster of pods":         {istiod.Injector[install.Cluster], cluster.Name},
		"DNS capture":             {strconv.FormatBool(istiod.CapturesNames()), strconv.FormatBool(cluster.DNSCapture)},
	} {
		if values[0] != values[1] {
			wrong = append(wrong, fmt.Sprintf("%s: %q, not %q", setting, values[0], values[1]))
		}
	}
	return wrong
}

// Every exception is one of some istiod. That there is no other, control.Start makes sure of each istiod of the lab.
func TestExceptions(t *testing.T) {
	found := map[string]bool{}
	for _, source := range []string{example("upgrade"), secrets, istioCSR(t)} {
		t.Run(filepath.Base(filepath.Dir(source)), func(t *testing.T) {
			for _, plane := range startPlanes(t, plan(t, source, build(t, source))) {
				for _, one := range plane.Differences() {
					found[one] = true
				}
			}
		})
	}
	for _, one := range control.Exceptions {
		if !found[one.Setting] {
			t.Errorf("%s: no istiod differs in it", one.Setting)
		}
	}
}

// istioCSR is an example in which another authority signs.
func istioCSR(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(example("kind"))
	must(t, err)
	source := filepath.Join(t.TempDir(), "federation.toml")
	must(t, os.WriteFile(source, []byte(strings.Replace(string(text), "[trust]\n",
		"[trust]\ncacerts = { from = \"istio-csr\", issuer = \"root\" }\n", 1)), 0o600))
	return source
}

// If install wrote anything less or else, the lab's istiods would differ in that.
func TestOtherSettingsAreSeen(t *testing.T) {
	source := example("kind")
	planes := startPlanes(t, plan(t, source, build(t, source)))
	plane := slices.Collect(maps.Values(planes))[0]
	installed := plane.Site.Istiod
	for setting, change := range map[string]func(*install.Istiod){
		"meshConfig.trustDomain":                   func(i *install.Istiod) { i.Config.TrustDomain = "another.example" },
		"meshConfig.rootNamespace":                 func(i *install.Istiod) { i.Config.RootNamespace = "another" },
		"meshConfig.caCertificates":                func(i *install.Istiod) { i.Config.CaCertificates = []*meshconfig.MeshConfig_CertificateData{{}} },
		"meshConfig.outboundTrafficPolicy.mode":    func(i *install.Istiod) { i.Config.OutboundTrafficPolicy.Mode = 0 },
		"meshConfig.defaultConfig.proxyMetadata":   func(i *install.Istiod) { i.ProxyMetadata()["ISTIO_META_DNS_CAPTURE"] = "false" },
		"environment CLUSTER_ID":                   func(i *install.Istiod) { i.Environment["CLUSTER_ID"] = "another" },
		"environment ISTIO_MULTIROOT_MESH":         func(i *install.Istiod) { i.Environment["ISTIO_MULTIROOT_MESH"] = "true" },
		"environment PILOT_ENABLE_AMBIENT":         func(i *install.Istiod) { i.Environment["PILOT_ENABLE_AMBIENT"] = "true" },
		"environment PILOT_WHICH_NOBODY_READS":     func(i *install.Istiod) { i.Environment["PILOT_WHICH_NOBODY_READS"] = "" },
		"environment PILOT_ENABLE_IP_AUTOALLOCATE": func(*install.Istiod) { t.Setenv("PILOT_ENABLE_IP_AUTOALLOCATE", "false") },
		"argument --domain": func(i *install.Istiod) {
			i.Arguments[slices.Index(i.Arguments, "--domain")+1] = "another.example"
		},
		"argument --another": func(i *install.Istiod) { i.Arguments = append(i.Arguments, "--another") },
	} {
		plane.Site.Istiod = installed.Clone()
		change(plane.Site.Istiod)
		if unlisted := plane.Unlisted(); !slices.Contains(unlisted, setting) {
			t.Errorf("%s is not seen, but %q", setting, unlisted)
		}
	}
}

// Without an exception for Envoy's sake, Envoys as they are published refuse what istiod sends.
func TestPlainEnvoyNeedsExceptions(t *testing.T) {
	source := example("seed")
	trees := build(t, source)
	for _, one := range control.Exceptions {
		if !one.Envoy {
			continue
		}
		t.Run(one.Setting, func(t *testing.T) {
			running := lab.Start(t, plan(t, source, trees), lab.Settings{Options: func(_ *world.Site, options *control.Options) {
				options.Without = []string{one.Setting}
			}})
			if len(running.Rejections()) == 0 {
				t.Error("no Envoy refuses anything")
			}
		})
	}
}

var assigned = regexp.MustCompile(`\bfeatures\.\w+ = `)

// No test and no part of the lab sets what istiod reads of its environment, but where all can see it.
func TestFeaturesAreSetInOnePlace(t *testing.T) {
	for _, pattern := range []string{"*.go", "*/*.go"} {
		files, err := filepath.Glob(pattern)
		must(t, err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			must(t, err)
			if found := assigned.Find(text); found != nil && file != "control/exceptions.go" && file != "control/anchors.go" {
				t.Errorf("%s has %q", file, found)
			}
		}
	}
}
