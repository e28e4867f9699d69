package install

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// What is rendered of Istio's chart for the lab is what the whole chart comes to, of every dialect.
func TestLittleOfTheChart(t *testing.T) {
	charts := t.TempDir()
	if err := writeCharts(charts); err != nil {
		t.Fatal(err)
	}
	for _, one := range federations {
		t.Run(one.name, func(t *testing.T) {
			for _, dialect := range dialects {
				dir := one.build(t, dialect)
				whole := installed(t, dir)
				little, err := read(dir, charts)
				if err != nil {
					t.Fatal(err)
				}
				compare(t, dialect, whole, little)
				if !reflect.DeepEqual(whole.Injector, little.Injector) {
					t.Errorf("%s: pods get %v, not %v", dialect, little.Injector, whole.Injector)
				}
				if answer := is("label", little.Label, "east-network"); answer != "" {
					t.Errorf("%s: %s", dialect, answer)
				}
			}
		})
	}
}

// A federation that says nothing of its installation is installed as if it said it.
func TestUndeclaredInstallation(t *testing.T) {
	for _, one := range federations {
		t.Run(one.name, func(t *testing.T) {
			source := filepath.Join(t.TempDir(), "federation.toml")
			write(t, source, []byte(one.text(`"none"`)))
			for _, name := range []string{"east.pem", "west.pem"} {
				write(t, filepath.Join(filepath.Dir(source), name), root(t, name))
			}
			installation, err := Of(source, t.TempDir(), nil)
			if err != nil {
				t.Fatal(err)
			}
			istiod := installation.Istiods["east-cluster"]
			if one.name != "remote secrets" { // which is of another chart
				for _, answer := range one.expect(istiod) {
					t.Error(answer)
				}
			}
			if named := strings.Contains(one.east, "root = "); named != (installation.Authorities != nil) {
				t.Errorf("authorities: %v", installation.Authorities)
			}
		})
	}
}

// Certificates that a federation names are those of the lab's authorities, in the file and in what is installed.
func TestCertificatesAreReplaced(t *testing.T) {
	at := 0
	for i, one := range federations {
		if one.name == "several roots" {
			at = i
		}
	}
	source := filepath.Join(t.TempDir(), "federation.toml")
	write(t, source, []byte(federations[at].text(`"helm"`)))
	for _, name := range []string{"east.pem", "west.pem"} {
		write(t, filepath.Join(filepath.Dir(source), name), root(t, name))
	}
	installation, err := Of(source, t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	installed := installation.Istiods["east-cluster"].Config.CaCertificates[0].GetPem()
	if installed != string(installation.Authorities["west-mesh"].Root) {
		t.Errorf("east accepts\n%s\nnot the authority of west", installed)
	}
	if text, err := os.ReadFile(filepath.Join(filepath.Dir(source), "west.pem")); err != nil || string(text) == installed {
		t.Errorf("the federation's own file was replaced: %v", err)
	}
}
