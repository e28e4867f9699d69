package install

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"meshfedc/lab/pki"
)

// declared is a copy of a federation, whose owner has all of its istiods installed.
type declared struct {
	directory, file string
	document        map[string]any
}

// declare says of each cluster in the copy what its installation needs, where the federation does not: who installs it, and
// an exact version.
func declare(source, directory string) (*declared, error) {
	if err := os.CopyFS(directory, os.DirFS(filepath.Dir(source))); err != nil {
		return nil, err
	}
	copied := &declared{directory: directory, file: filepath.Join(directory, filepath.Base(source)), document: map[string]any{}}
	text, err := os.ReadFile(copied.file)
	if err != nil {
		return nil, err
	}
	if err := toml.Unmarshal(text, &copied.document); err != nil {
		return nil, err
	}
	for _, cluster := range copied.tables("cluster") {
		if installer := copied.inherited(cluster, "install"); installer == nil || installer == "none" {
			cluster["install"] = "helm"
		}
		if version, _ := copied.inherited(cluster, "istio").(string); strings.Count(version, ".") == 1 {
			cluster["istio"] = version + ".9"
		}
	}
	if text, err = toml.Marshal(copied.document); err != nil {
		return nil, err
	}
	return copied, os.WriteFile(copied.file, text, 0o644)
}

func table(value any) map[string]any {
	found, _ := value.(map[string]any)
	return found
}

// tables are those of a kind, by name. To change one is to change the document.
func (d *declared) tables(kind string) map[string]map[string]any {
	found := map[string]map[string]any{}
	for name, own := range table(d.document[kind]) {
		found[name] = table(own)
	}
	return found
}

func (d *declared) inherited(cluster map[string]any, key string) any {
	mesh, _ := cluster["mesh"].(string)
	for _, level := range []map[string]any{cluster, d.tables("mesh")[mesh], table(d.document["defaults"])} {
		if value, found := level[key]; found {
			return value
		}
	}
	return nil
}

// certify puts certificates of authorities whose keys are known in place of those that the meshes name, with the same
// constraints: files that were equal are so again. Nil: no mesh names any.
func (d *declared) certify() (map[string]*pki.Authority, error) {
	meshes := d.tables("mesh")
	named := func(mesh map[string]any) bool { return mesh["root"] != nil || mesh["intermediate"] != nil }
	if !slices.ContainsFunc(slices.Collect(maps.Values(meshes)), named) {
		return nil, nil
	}
	authorities, roots := map[string]*pki.Authority{}, map[string]*pki.Authority{}
	for _, name := range slices.Sorted(maps.Keys(meshes)) {
		first, permitted, err := d.certificate(meshes[name], "root")
		if err != nil {
			return nil, err
		}
		switch {
		case table(d.document["trust"])["mode"] != "roots":
			first = "the one of all"
		case first == "":
			first = name
		}
		if roots[first] == nil {
			if roots[first], err = pki.NewRoot(permitted...); err != nil {
				return nil, err
			}
		}
		if _, permitted, err = d.certificate(meshes[name], "intermediate"); err != nil {
			return nil, err
		}
		if authorities[name], err = roots[first].Intermediate(name, permitted...); err != nil {
			return nil, err
		}
	}
	for name, mesh := range meshes { // once all are read: a file may be that of several meshes
		for key, text := range map[string][]byte{"root": authorities[name].Root, "intermediate": authorities[name].Chain()} {
			if file, found := mesh[key].(string); found {
				if err := os.WriteFile(filepath.Join(d.directory, file), text, 0o644); err != nil {
					return nil, err
				}
			}
		}
	}
	return authorities, nil
}

// certificate is what a file says that a mesh names, and the trust domains that the first certificate in it permits. Both are
// empty where the mesh names none.
func (d *declared) certificate(mesh map[string]any, key string) (string, []string, error) {
	file, found := mesh[key].(string)
	if !found {
		return "", nil, nil
	}
	text, err := os.ReadFile(filepath.Join(d.directory, file))
	if err != nil {
		return "", nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return "", nil, fmt.Errorf("%s has no certificate", file)
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return "", nil, fmt.Errorf("%s: %w", file, err)
	}
	return string(text), certificate.PermittedURIDomains, nil
}
