// Package analyze says what Istio thinks of manifests that no cluster has seen yet: its validating webhook, and the
// analyzers of istioctl.
package analyze

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Message is one thing that Istio says about an object.
type Message struct {
	Code   string // of istioctl, IST0101 for one; Refused or Warned by the webhook
	Kind   string // with its group: networking.istio.io/Gateway
	Object string // namespace/name
	Text   string
}

// The codes of the webhook, which has none.
const (
	Refused = "refused"
	Warned  = "warned"
)

func (m Message) String() string {
	return fmt.Sprintf("[%s] %s %s: %s", m.Code, m.Kind, m.Object, m.Text)
}

// file is a manifest file: its path below the directory of its cluster, and what stands in it.
type file struct {
	path string
	text []byte
}

// Directory is everything that Istio says about the objects of one cluster.
func Directory(dir string) ([]Message, error) {
	files, err := read(dir)
	if err != nil {
		return nil, err
	}
	messages, err := webhook(files)
	if err != nil {
		return nil, err
	}
	more, err := analyze(files)
	return append(messages, more...), err
}

// read leaves out kustomizations, which no cluster gets.
func read(dir string) ([]file, error) {
	var files []file
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".yaml" || entry.Name() == "kustomization.yaml" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(dir, path)
		files = append(files, file{relative, text})
		return err
	})
	return files, err
}

// documents are those of a stream that hold more than comments.
func documents(stream []byte) [][]byte {
	var held [][]byte
	for _, document := range bytes.Split(append([]byte("\n"), stream...), []byte("\n---")) {
		for _, line := range strings.Split(string(document), "\n") {
			if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
				held = append(held, document)
				break
			}
		}
	}
	return held
}
