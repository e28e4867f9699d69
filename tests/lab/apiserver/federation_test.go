package apiserver

import (
	"maps"
	"os"
	"path/filepath"
	"testing"
)

func TestAClusterInheritsItsBundle(t *testing.T) {
	source := filepath.Join(t.TempDir(), "federation.toml")
	text := `
[defaults]
istio = "1.26"
[mesh.old]
gateway_api_channel = "experimental"
[mesh.new]
istio = "1.30"
[cluster.a]
mesh = "old"
[cluster.b]
mesh = "new"
[cluster.c]
mesh = "new"
gateway_api = "1.6"
gateway_api_channel = "standard"
[cluster.d]
mesh = "old"
istio = "1.28"
[cluster.e]
mesh = "new"
istio = "1.32.1"
`
	if err := os.WriteFile(source, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	want := map[string]Bundle{
		"a": {"1.3", "experimental"}, "b": {"1.5", "standard"}, "c": {"1.6", "standard"}, "d": {"1.4", "experimental"},
		"e": {"1.6", "standard"},
	}
	if got, err := Bundles(source); err != nil || !maps.Equal(got, want) {
		t.Errorf("want %v, got %v, %v", want, got, err)
	}
}
