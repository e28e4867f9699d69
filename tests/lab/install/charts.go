// Package install renders what meshfedc writes to install istiod, with Istio's own charts, as helm, istioctl, Argo CD,
// Flux and the Sail operator do, and says what is wrong with it: charts take a misspelt key without a word.
package install

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"istio.io/istio/operator/pkg/helm"
	"istio.io/istio/operator/pkg/manifest"
	"istio.io/istio/operator/pkg/render"
	"istio.io/istio/operator/pkg/util/clog"
	"istio.io/istio/operator/pkg/values"
	"sigs.k8s.io/yaml"
)

// Chart is one of Istio's charts, the values that are written for it, and where it goes.
type Chart struct {
	path      string
	namespace string
	Values    values.Map
}

const (
	basePath   = "base"
	istiodPath = "istio-control/istio-discovery"
)

// Charts finds the values in one cluster's directory, whatever dialect they are written in.
func Charts(dir string) ([]Chart, error) {
	switch {
	case exists(dir, "istiod-values.yaml"):
		return fromValues(dir)
	case exists(dir, "istio.yaml"):
		return fromSail(dir)
	case exists(dir, "istiod.yaml"):
		return fromReleases(dir)
	case exists(dir, "istio-operator.yaml"):
		return fromOperator(dir)
	}
	return nil, fmt.Errorf("%s installs nothing", dir)
}

func exists(dir, name string) bool {
	_, err := os.Stat(filepath.Join(dir, name))
	return err == nil
}

func readObject(dir, name string) (values.Map, error) {
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return nil, err
	}
	object := values.Map{}
	return object, yaml.UnmarshalStrict(text, &object)
}

// As `helm install -n NAMESPACE -f FILE`, into the Namespace that is written beside.
func fromValues(dir string) ([]Chart, error) {
	base, err := readObject(dir, "base-values.yaml")
	if err != nil {
		return nil, err
	}
	istiod, err := readObject(dir, "istiod-values.yaml")
	if err != nil {
		return nil, err
	}
	namespace, err := readObject(dir, "namespace.yaml")
	if err != nil {
		return nil, err
	}
	name := namespace.GetPathString("metadata.name")
	return []Chart{{basePath, name, base}, {istiodPath, name, istiod}}, nil
}

// An Application says where its chart goes and has its values in `valuesObject`; a HelmRelease goes where it is.
func fromReleases(dir string) ([]Chart, error) {
	var charts []Chart
	for path, file := range map[string]string{basePath: "istio-base.yaml", istiodPath: "istiod.yaml"} {
		object, err := readObject(dir, file)
		if err != nil {
			return nil, err
		}
		chart := Chart{path: path}
		switch object["kind"] {
		case "Application":
			chart.namespace = object.GetPathString("spec.destination.namespace")
			chart.Values, _ = object.GetPathMap("spec.source.helm.valuesObject")
		case "HelmRelease":
			chart.namespace = object.GetPathString("metadata.namespace")
			chart.Values, _ = object.GetPathMap("spec.values")
		}
		if chart.Values == nil {
			return nil, fmt.Errorf("%s has no values", file)
		}
		charts = append(charts, chart)
	}
	return charts, nil
}

// What the Sail operator adds to the values of an Istio object (pkg/revision/values.go, pkg/istiovalues/overrides.go and
// resources/*/profiles/default.yaml there): the profile `default`, then the object's own values, then the revision, which
// is the object's name unless that is "default", and the namespace.
func fromSail(dir string) ([]Chart, error) {
	object, err := readObject(dir, "istio.yaml")
	if err != nil {
		return nil, err
	}
	own, _ := object.GetPathMap("spec.values")
	merged := values.Map{"global": map[string]any{"configValidation": true}}
	merged.MergeFrom(own)
	namespace := object.GetPathString("spec.namespace")
	revision := sailRevision(object)
	if err := merged.SetPath("global.istioNamespace", namespace); err != nil {
		return nil, err
	}
	merged["revision"] = revision
	return []Chart{{basePath, namespace, merged.DeepClone()}, {istiodPath, namespace, merged}}, nil
}

func sailRevision(object values.Map) string {
	name := object.GetPathString("metadata.name")
	if object.GetPathString("spec.updateStrategy.type") == "RevisionBased" {
		dashes := []byte(object.GetPathString("spec.version"))
		for i, c := range dashes {
			if c == '.' {
				dashes[i] = '-'
			}
		}
		return name + "-" + string(dashes)
	}
	if name == "default" {
		return ""
	}
	return name
}

func fromOperator(dir string) ([]Chart, error) {
	object, err := readObject(dir, "istio-operator.yaml")
	if err != nil {
		return nil, err
	}
	own, _ := object.GetPathMap("spec.values")
	merged := own.DeepClone()
	if revision := object.GetPathString("spec.revision"); revision != "" { // which istioctl adds to the values
		merged["revision"] = revision
	}
	return []Chart{{istiodPath, object.GetPathString("spec.namespace"), merged}}, nil
}

// Render gives every object that is installed.
func Render(dir string) ([]manifest.Manifest, error) {
	if exists(dir, "istio-operator.yaml") {
		return renderOperator(filepath.Join(dir, "istio-operator.yaml"))
	}
	charts, err := Charts(dir)
	if err != nil {
		return nil, err
	}
	var all []manifest.Manifest
	for _, chart := range charts {
		objects, _, err := helm.Render("istio", chart.namespace, chart.path,
			values.Map{"spec": values.Map{"values": chart.Values.DeepClone()}}, nil)
		if err != nil {
			return nil, fmt.Errorf("chart %s: %w", chart.path, err)
		}
		all = append(all, objects...)
	}
	return all, nil
}

// As `istioctl manifest generate -f FILE`, with its validation.
func renderOperator(file string) ([]manifest.Manifest, error) {
	quiet := clog.NewConsoleLogger(io.Discard, io.Discard, nil)
	sets, _, err := render.GenerateManifest([]string{file}, nil, false, nil, quiet)
	if err != nil {
		return nil, err
	}
	var all []manifest.Manifest
	for _, set := range sets {
		all = append(all, set.Manifests...)
	}
	return all, nil
}
