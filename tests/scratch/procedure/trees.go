// Package procedure is what a person does to get from two empty clusters to a federated call.
package procedure

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"meshfedc/scratch/cluster"
)

// Trees are what meshfedc makes of a federation.
type Trees struct {
	compiler, directory string
}

// Istio is the version towards which the one in go.mod is developed.
const Istio = "1.32.0"

// Compile lets the compiler build an example in a directory. It is asked to install istiod as well, which the example leaves
// to others.
func Compile(compiler, example, directory string) (Trees, error) {
	text, err := os.ReadFile(example)
	if err != nil {
		return Trees{}, err
	}
	const asWritten, asInstalled = `istio = "1.26"`, "install = \"helm\"\nistio = \"" + Istio + "\""
	if strings.Count(string(text), asWritten) != 1 {
		return Trees{}, fmt.Errorf("%s does not say %s", example, asWritten)
	}
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return Trees{}, err
	}
	trees := Trees{compiler, directory}
	if err := os.WriteFile(trees.path("federation.toml"), []byte(strings.Replace(string(text), asWritten, asInstalled, 1)), 0o644); err != nil {
		return Trees{}, err
	}
	_, err = trees.run("build")
	return trees, err
}

func (t Trees) path(elements ...string) string {
	return filepath.Join(append([]string{t.directory}, elements...)...)
}

func (t Trees) run(arguments ...string) ([]byte, error) {
	command := exec.Command(t.compiler, arguments...)
	command.Dir = t.directory
	var said strings.Builder
	command.Stderr = &said
	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("meshfedc %s: %w: %s", strings.Join(arguments, " "), err, said.String())
	}
	return output, nil
}

// Federation is what connects a cluster to others.
func (t Trees) Federation(name string) ([]cluster.Object, error) {
	return cluster.ReadTree(t.path("out", name))
}

// Requirement is something that must be true of a cluster, and is not written by meshfedc.
type Requirement struct{ Name, Text string }

// Requirements are what `meshfedc requirements` lists for a cluster.
func (t Trees) Requirements(name string) ([]Requirement, error) {
	text, err := t.run("requirements", "--cluster", name, "--format", "json")
	if err != nil {
		return nil, err
	}
	var all struct {
		Clusters []struct {
			Name         string
			Requirements []Requirement
		}
	}
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, err
	}
	for _, one := range all.Clusters {
		if one.Name == name {
			return one.Requirements, nil
		}
	}
	return nil, fmt.Errorf("meshfedc lists no requirements of %s", name)
}
