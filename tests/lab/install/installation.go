package install

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"

	"istio.io/istio/manifests"
	"istio.io/istio/operator/pkg/helm"
	"istio.io/istio/operator/pkg/values"

	"meshfedc/lab/pki"
)

// Installation is what meshfedc writes to install the istiods of a federation.
type Installation struct {
	Istiods     map[string]*Istiod        // by cluster
	Authorities map[string]*pki.Authority // by mesh: of the certificates that the federation names; nil: it names none
}

// Of has every istiod of a federation installed: as the federation declares it, or else by Helm. It works in a directory of
// its own. Certificates that the federation names are replaced by others, whose keys are known, unless these are known already.
func Of(source, directory string, known map[string]*pki.Authority) (*Installation, error) {
	declared, err := declare(source, filepath.Join(directory, "source"))
	if err != nil {
		return nil, err
	}
	installation := &Installation{Istiods: map[string]*Istiod{}, Authorities: known}
	if known == nil {
		if installation.Authorities, err = declared.certify(); err != nil {
			return nil, err
		}
	}
	out, charts := filepath.Join(directory, "out"), filepath.Join(directory, "package")
	if err := declared.build(out); err != nil {
		return nil, err
	}
	if err := writeCharts(charts); err != nil {
		return nil, err
	}
	for cluster := range declared.tables("cluster") {
		if installation.Istiods[cluster], err = read(filepath.Join(out+"-install", cluster), charts); err != nil {
			return nil, fmt.Errorf("%s: %w", cluster, err)
		}
	}
	return installation, nil
}

func (d *declared) build(out string) error {
	_, err := exec.Command(os.Getenv("MESHFEDC"), "build", "-f", d.file, "-o", out).Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return fmt.Errorf("%w\n%s", err, exit.Stderr)
	}
	return err
}

// read renders what installs one cluster's istiod, with the charts of a package.
func read(dir, charts string) (*Istiod, error) {
	found, err := Charts(dir)
	if err != nil {
		return nil, err
	}
	for _, chart := range found {
		if chart.path != istiodPath {
			continue
		}
		objects, _, err := helm.Render("istio", chart.namespace, chart.path, values.Map{"spec": values.Map{
			"installPackagePath": charts, "values": chart.Values}}, nil)
		if err != nil {
			return nil, err
		}
		istiod, err := Installed(objects)
		if err != nil {
			return nil, err
		}
		istiod.Label, err = labelOfNamespace(dir)
		return istiod, err
	}
	return nil, fmt.Errorf("%s installs no istiod", dir)
}

// Of Istio's chart, what says how istiod and proxies start. All of it takes ten times as long, and a lab has many clusters;
// TestLittleOfTheChart shows that the rest says nothing else.
var littleOfTheChart = []string{"Chart.yaml", "values.yaml", "templates/_helpers.tpl", "templates/configmap.yaml", "templates/deployment.yaml",
	"templates/istiod-injector-configmap.yaml", "templates/zzy_descope_legacy.yaml", "templates/zzz_profile.yaml"}

func writeCharts(directory string) error {
	for _, name := range littleOfTheChart {
		path := filepath.Join("charts", istiodPath, name)
		text, err := fs.ReadFile(manifests.FS, path)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(filepath.Join(directory, path)), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(directory, path), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// labelOfNamespace is the network of istiod's namespace, which is written as an object, or left to Argo CD.
func labelOfNamespace(dir string) (string, error) {
	file, path := "namespace.yaml", "metadata.labels"
	if !exists(dir, file) {
		file, path = "istiod.yaml", "spec.syncPolicy.managedNamespaceMetadata.labels"
	}
	object, err := readObject(dir, file)
	if err != nil {
		return "", err
	}
	labels, _ := object.GetPathMap(path)
	network, _ := labels["topology.istio.io/network"].(string)
	return network, nil
}
