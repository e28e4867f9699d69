package procedure

import (
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"meshfedc/scratch/cluster"
)

// Authorities are the keys and certificates that the script of examples/kind has made.
type Authorities struct{ script, keys string }

// Certify calls the script for meshes, each given as MESH=TRUST_DOMAIN. A root that is in `keys` already is kept.
func Certify(script, keys string, meshes ...string) (Authorities, error) {
	arguments := append([]string{keys, keys + "-public"}, meshes...)
	said, err := exec.Command(script, arguments...).CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%s: %w: %s", filepath.Base(script), err, said)
	}
	return Authorities{script, keys}, err
}

// Renewed are intermediate authorities with new keys, of the same root.
func (a Authorities) Renewed(keys string, meshes ...string) (Authorities, error) {
	if err := os.CopyFS(filepath.Join(keys, "root"), os.DirFS(filepath.Join(a.keys, "root"))); err != nil {
		return Authorities{}, err
	}
	return Certify(a.script, keys, meshes...)
}

// Read gives a file of a mesh: "ca-cert.pem", say.
func (a Authorities) Read(mesh, file string) ([]byte, error) {
	return os.ReadFile(filepath.Join(a.keys, "cacerts", mesh, file))
}

// Secret is `cacerts` for a cluster of the mesh, as `kubectl create secret generic --from-file` makes it.
func (a Authorities) Secret(mesh string) (cluster.Object, error) {
	data := map[string]any{}
	for _, name := range []string{"ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem"} {
		text, err := a.Read(mesh, name)
		if err != nil {
			return cluster.Object{}, err
		}
		data[name] = base64.StdEncoding.EncodeToString(text)
	}
	return cluster.Object{Object: map[string]any{"apiVersion": "v1", "kind": "Secret", "type": "Opaque",
		"metadata": map[string]any{"name": "cacerts", "namespace": "istio-system"}, "data": data}}, nil
}
