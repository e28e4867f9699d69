package apiserver

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sigs.k8s.io/yaml"
)

// Object is one manifest: its text, as it is sent, and what it says.
type Object struct {
	APIVersion, Kind, Namespace, Name string
	Text                              []byte
	Content                           map[string]any
}

func (o Object) String() string {
	if o.Namespace == "" {
		return o.Kind + " " + o.Name
	}
	return o.Kind + " " + o.Namespace + "/" + o.Name
}

// ParseObject reads one document.
func ParseObject(text []byte) (Object, error) {
	var header struct {
		APIVersion, Kind string
		Metadata         struct{ Name, Namespace string }
	}
	object := Object{Text: text}
	if err := yaml.Unmarshal(text, &header); err != nil {
		return object, err
	}
	object.APIVersion, object.Kind = header.APIVersion, header.Kind
	object.Namespace, object.Name = header.Metadata.Namespace, header.Metadata.Name
	return object, yaml.Unmarshal(text, &object.Content)
}

// ParseObjects reads a stream of documents. Those that hold nothing but comments are left out.
func ParseObjects(stream []byte) ([]Object, error) {
	var objects []Object
	for _, document := range bytes.Split(append([]byte("\n"), stream...), []byte("\n---")) {
		object, err := ParseObject(document)
		if err != nil {
			return nil, err
		}
		if object.Content != nil {
			objects = append(objects, object)
		}
	}
	return objects, nil
}

// ReadObjects reads every manifest below a directory. Kustomizations and dot-files are left out.
func ReadObjects(dir string) ([]Object, error) {
	var objects []Object
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || entry.Name() == "kustomization.yaml" || strings.HasPrefix(entry.Name(), ".") {
			return err
		}
		stream, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		more, err := ParseObjects(stream)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		objects = append(objects, more...)
		return nil
	})
	return objects, err
}
