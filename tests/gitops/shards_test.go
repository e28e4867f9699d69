package gitops

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	"sigs.k8s.io/yaml"
)

func job(t *testing.T) batchv1.Job {
	t.Helper()
	var job batchv1.Job
	if err := yaml.UnmarshalStrict([]byte(shipped(t, "sharded-job/job.yaml")), &job); err != nil {
		t.Fatal(err)
	}
	return job
}

// manyClusters is a federation in which each cluster sees the export of the one before.
func manyClusters(count int) string {
	var text strings.Builder
	text.WriteString("version = 1\n[federation]\nname = \"many\"\n[defaults]\nistio = \"1.31\"\ndns_capture = true\nmtls = \"strict\"\n")
	for i := range count {
		fmt.Fprintf(&text, "[mesh.m%[1]d]\n[network.n%[1]d]\n[cluster.c%[1]d]\nmesh = \"m%[1]d\"\nnetwork = \"n%[1]d\"\n"+
			"gateway.addresses = [\"203.0.113.%[3]d\"]\n[export.e%[1]d]\nnamespace = \"shop\"\ncanonical_name = \"e\"\n"+
			"ports = [{ name = \"http\", number = 80 }]\nfrom = [\"m%[1]d\"]\nto = [\"m%[2]d\"]\n", i, (i+1)%count, i+1)
	}
	return text.String()
}

// The Job's own command, run once for each pod that Kubernetes would start, and the join that its comment names: the same
// tree as one build writes.
func TestTheShardsOfTheJobAreTheWhole(t *testing.T) {
	onPath(t)
	job := job(t)
	container := job.Spec.Template.Spec.Containers[0]
	if *job.Spec.CompletionMode != batchv1.IndexedCompletion || container.Env[0].Name != "SHARDS" ||
		container.Env[0].Value != strconv.Itoa(int(*job.Spec.Completions)) {
		t.Fatalf("an Indexed Job has as many shards as completions: %v", container.Env)
	}
	work := t.TempDir()
	write(t, filepath.Join(work, "federation.toml"), manyClusters(21))
	for index := range int(*job.Spec.Completions) {
		pod := exec.Command(container.Command[0], append(container.Command[1:], container.Args...)...)
		pod.Dir = work
		pod.Env = []string{"PATH=" + os.Getenv("PATH"), fmt.Sprintf("JOB_COMPLETION_INDEX=%d", index), "SHARDS=" + container.Env[0].Value}
		if out, err := pod.CombinedOutput(); err != nil {
			t.Fatalf("pod %d: %v\n%s", index, err, out)
		}
		if parts, _ := os.ReadDir(filepath.Join(work, "shards", strconv.Itoa(index))); len(parts) == 0 || len(parts) > 3 {
			t.Errorf("shard %d has %d of 21 clusters", index, len(parts))
		}
	}
	const join = "cp -R shards/*/. clusters/"
	if !strings.Contains(shipped(t, "sharded-job/job.yaml"), join) {
		t.Fatalf("the Job does not say `%s`", join)
	}
	script := exec.Command("sh", "-euc", "mkdir clusters; "+join+"; meshfedc build -o whole; diff -r clusters whole")
	script.Dir = work
	if out, err := script.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
