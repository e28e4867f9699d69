package lab_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"meshfedc/lab/lab"
)

const secrets = "testdata/secrets/federation.toml"

// Clusters of one mesh whose istiods read each other: pods of each other by istiod, other meshes by their gateways.
func TestRemoteSecrets(t *testing.T) {
	judge(t, start(t, secrets))
}

// Whoever has remote secrets and does not say so gets endpoints of ours beside those that istiod finds: shares are wrong.
func TestControlUndeclaredRemoteSecrets(t *testing.T) {
	text, err := os.ReadFile(secrets)
	if err != nil {
		t.Fatal(err)
	}
	source := filepath.Join(t.TempDir(), "federation.toml")
	without := strings.Replace(string(text), "remote_secrets = true\n", "", 1)
	without = strings.ReplaceAll(without, ", \"m-3\"", "") // a consumer beside a source
	without = strings.NewReplacer("merge = [\"m-3\"]\n", "", "at.m-3.service_accounts = [\"beside\"]\n", "").Replace(without)
	without = strings.ReplaceAll(without, "to = [\"m\", \"x\"]", "to = [\"m-1\", \"m-2\", \"x\"]")
	if err := os.WriteFile(source, []byte(without), 0o644); err != nil {
		t.Fatal(err)
	}
	verdict := lab.Start(t, plan(t, secrets, build(t, source)), lab.Settings{}).Judge()
	if !strings.Contains(strings.Join(verdict.Wrong, "\n"), "m-1/stranger/stranger-stranger: 0.4000 of the calls to pool.mesh.global go to net-2") {
		t.Errorf("the lab does not find that a network counts twice; it found %q", verdict.Wrong)
	}
}
