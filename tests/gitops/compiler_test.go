package gitops

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sirupsen/logrus"

	"meshfedc/tests/kube"
)

const repositoryRoot = "../.." // of this project

// TestMain is also the launcher of confine_amd64_test.go: a test runs the test program again.
func TestMain(m *testing.M) {
	if os.Getenv(confineVariable) != "" {
		confine(os.Args[1:])
	}
	logrus.SetOutput(io.Discard) // Argo CD's own log
	os.Exit(m.Run())
}

// compiler is the binary under test, named by the environment variable MESHFEDC.
func compiler(t *testing.T) string {
	t.Helper()
	binary := os.Getenv("MESHFEDC")
	if binary == "" {
		t.Fatal("MESHFEDC does not name the compiler")
	}
	return binary
}

// onPath lets commands find the compiler as `meshfedc`, and nothing else of its directory.
func onPath(t *testing.T) {
	t.Helper()
	bin := t.TempDir()
	if err := os.Symlink(compiler(t), filepath.Join(bin, "meshfedc")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
}

func run(t *testing.T, args ...string) []byte {
	t.Helper()
	stdout, err := exec.Command(compiler(t), args...).Output()
	if err != nil {
		var exit *exec.ExitError
		errors.As(err, &exit)
		t.Fatalf("meshfedc %s: %v\n%s", strings.Join(args, " "), err, exit.Stderr)
	}
	return stdout
}

// stream is what one cluster gets, as `build` prints it.
func stream(t *testing.T, federation, cluster string) kube.Objects {
	t.Helper()
	return decode(t, run(t, "build", "-f", federation, "-o", "-", "--cluster", cluster))
}

func decode(t *testing.T, text []byte) kube.Objects {
	t.Helper()
	objects, err := kube.Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

func same(t *testing.T, what string, want, got kube.Objects) {
	t.Helper()
	if len(want) == 0 {
		t.Fatalf("%s: nothing to compare with", what)
	}
	if lines := kube.Differences(want, got); len(lines) > 0 {
		t.Errorf("%s:\n%s", what, strings.Join(lines, "\n"))
	}
}

// examples are the names of the folders below examples/ that hold a federation.
func examples(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob(repositoryRoot + "/examples/*/federation.toml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	var names []string
	for _, path := range paths {
		names = append(names, filepath.Base(filepath.Dir(path)))
	}
	return names
}

func federationOf(example string) string {
	return filepath.Join(repositoryRoot, "examples", example, "federation.toml")
}

// clustersOf builds a federation to a directory of its own and names the clusters, which are the directories there.
func clustersOf(t *testing.T, federation string) (out string, clusters []string) {
	t.Helper()
	out = t.TempDir()
	run(t, "build", "-f", federation, "-o", out)
	entries, err := os.ReadDir(out)
	if err != nil || len(entries) == 0 {
		t.Fatalf("%s: no clusters: %v", federation, err)
	}
	for _, entry := range entries {
		clusters = append(clusters, entry.Name())
	}
	return out, clusters
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func copyTree(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

// shipped is a file of examples/ that is not a federation.
func shipped(t *testing.T, path string) string {
	t.Helper()
	return read(t, filepath.Join(repositoryRoot, "examples", path))
}

// documents are the YAML documents of a shipped file.
func documents(t *testing.T, path string) [][]byte {
	t.Helper()
	var all [][]byte
	for _, document := range strings.Split("\n"+shipped(t, path), "\n---\n") {
		all = append(all, bytes.TrimSpace([]byte(document)))
	}
	return all
}
