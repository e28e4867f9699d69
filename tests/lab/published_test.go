package lab_test

import (
	"path/filepath"
	"testing"
)

// Federations of the shapes that projects and vendors publish do what they say. Others of these shapes are among the
// examples.
func TestPublished(t *testing.T) {
	sources, err := filepath.Glob("testdata/published/*/federation.toml")
	if err != nil || len(sources) == 0 {
		t.Fatalf("no federations: %v", err)
	}
	for _, source := range sources {
		t.Run(filepath.Base(filepath.Dir(source)), func(t *testing.T) {
			judge(t, start(t, source))
		})
	}
}
