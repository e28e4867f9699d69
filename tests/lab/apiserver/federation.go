package apiserver

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// shippedBundle is the Gateway API bundle that an Istio minor was released with. Clusters that say nothing have it.
var shippedBundle = map[string]string{
	"1.26": "1.3", "1.27": "1.3", "1.28": "1.4", "1.29": "1.4", "1.30": "1.5", "1.31": "1.6", "1.32": "1.6",
}

// profile is what a federation.toml says of the APIs of a cluster. An empty value is inherited.
type profile struct {
	Istio      string `toml:"istio"`
	GatewayAPI string `toml:"gateway_api"`
	Channel    string `toml:"gateway_api_channel"`
}

func (p profile) orElse(inherited profile) profile {
	return profile{
		Istio:      cmp.Or(p.Istio, inherited.Istio),
		GatewayAPI: cmp.Or(p.GatewayAPI, inherited.GatewayAPI),
		Channel:    cmp.Or(p.Channel, inherited.Channel),
	}
}

func (p profile) bundle() Bundle {
	return Bundle{cmp.Or(p.GatewayAPI, shippedBundle[minor(p.Istio)]), cmp.Or(p.Channel, "standard")}
}

// minor is `1.30` of `1.30.4`.
func minor(istio string) string {
	parts := strings.SplitN(istio, ".", 3)
	return strings.Join(parts[:min(len(parts), 2)], ".")
}

// Bundles are the Gateway API bundles that the clusters of a federation.toml have.
func Bundles(source string) (map[string]Bundle, error) {
	var federation struct {
		Defaults profile            `toml:"defaults"`
		Mesh     map[string]profile `toml:"mesh"`
		Cluster  map[string]struct {
			profile
			Mesh string `toml:"mesh"`
		} `toml:"cluster"`
	}
	text, err := os.ReadFile(source)
	if err != nil {
		return nil, err
	}
	if err := toml.Unmarshal(text, &federation); err != nil {
		return nil, fmt.Errorf("%s: %w", source, err)
	}
	bundles := map[string]Bundle{}
	for name, cluster := range federation.Cluster {
		bundle := cluster.orElse(federation.Mesh[cluster.Mesh]).orElse(federation.Defaults).bundle()
		if releases[bundle.Minor] == "" {
			return nil, fmt.Errorf("%s: no release is known of the bundle of cluster %s, %s", source, name, bundle)
		}
		bundles[name] = bundle
	}
	return bundles, nil
}

// Cluster is what was compiled for one cluster.
type Cluster struct {
	Name    string
	Bundle  Bundle
	Objects []Object
}

// errorLines leaves out the warnings, of which a random federation has many.
func errorLines(diagnostics string) string {
	var kept []string
	for line := range strings.Lines(diagnostics) {
		if strings.Contains(line, "error") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

// Print compiles some clusters of a federation.toml, and writes no files.
func Print(meshfedc, name, source string, clusters ...string) ([]Cluster, error) {
	bundles, err := Bundles(source)
	if err != nil {
		return nil, err
	}
	var all []Cluster
	for _, cluster := range clusters {
		command := exec.Command(meshfedc, "build", "-f", source, "-o", "-", "--cluster", cluster)
		var stderr bytes.Buffer
		command.Stderr = &stderr
		stream, err := command.Output()
		if err != nil {
			return nil, fmt.Errorf("%s: meshfedc build: %w\n%s", name, err, errorLines(stderr.String()))
		}
		objects, err := ParseObjects(stream)
		if err != nil {
			return nil, err
		}
		all = append(all, Cluster{name + "/" + cluster, bundles[cluster], objects})
	}
	return all, nil
}

// Compile compiles a federation.toml to a directory. The clusters' names begin with that of the federation.
func Compile(meshfedc, name, source, out string) ([]Cluster, error) {
	command := exec.Command(meshfedc, "build", "-f", source, "-o", out)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	if err := command.Run(); err != nil {
		return nil, fmt.Errorf("%s: meshfedc build: %w\n%s", name, err, errorLines(stderr.String()))
	}
	bundles, err := Bundles(source)
	if err != nil {
		return nil, err
	}
	var clusters []Cluster
	for cluster, bundle := range bundles {
		objects, err := ReadObjects(filepath.Join(out, cluster))
		if err != nil {
			return nil, err
		}
		clusters = append(clusters, Cluster{name + "/" + cluster, bundle, objects})
	}
	slices.SortFunc(clusters, func(a, b Cluster) int { return cmp.Compare(a.Name, b.Name) })
	return clusters, nil
}
