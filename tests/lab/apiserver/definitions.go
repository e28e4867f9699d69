package apiserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

const (
	istioModule      = "istio.io/istio@v0.0.0-20260827124520-eed52ebb66ad"
	istioDefinitions = "manifests/charts/base/files/crd-all.gen.yaml"
	openshiftModule  = "github.com/openshift/api@v0.0.0-20260213204242-d34f11c515b3"
	openshiftRoutes  = "route/v1/zz_generated.crd-manifests/routes.crd.yaml"
	gatewayAPIModule = "sigs.k8s.io/gateway-api@"
	definitionsPath  = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
	settlesIn        = 30 * time.Second
)

// releases are the newest releases of the Gateway API bundles that meshfedc knows.
var releases = map[string]string{"1.3": "v1.3.0", "1.4": "v1.4.1", "1.5": "v1.5.1", "1.6": "v1.6.0"}

// Bundle is what a cluster has installed of the Gateway API.
type Bundle struct{ Minor, Channel string }

func (b Bundle) String() string { return "Gateway API " + b.Minor + " " + b.Channel }

// Definitions are where the custom resource definitions of each module are.
type Definitions map[string]string

// FindDefinitions lets Go fetch the modules that carry them. Only their files are wanted, and of one module several
// versions, so they are no dependencies of this module.
func FindDefinitions(dir string) (Definitions, error) {
	args := []string{"mod", "download", "-json", istioModule, openshiftModule}
	for _, release := range releases {
		args = append(args, gatewayAPIModule+release)
	}
	command := exec.Command("go", args...)
	command.Dir = dir
	command.Stderr = os.Stderr
	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("go mod download: %w\n%s", err, output)
	}
	found := Definitions{}
	for decoder := json.NewDecoder(bytes.NewReader(output)); ; {
		var module struct{ Path, Version, Dir string }
		if err := decoder.Decode(&module); errors.Is(err, io.EOF) {
			return found, nil
		} else if err != nil {
			return nil, err
		}
		found[module.Path+"@"+module.Version] = module.Dir
	}
}

// Istio's definitions.
func (d Definitions) Istio() ([]Object, error) {
	return readDefinitions(filepath.Join(d[istioModule], istioDefinitions))
}

// OpenShift's definition of a Route. OpenShift itself serves Routes by an API server of its own, with the same fields.
func (d Definitions) OpenShift() ([]Object, error) {
	return readDefinitions(filepath.Join(d[openshiftModule], openshiftRoutes))
}

// GatewayAPI's definitions in one bundle. The admission policy that a bundle may have beside them is left out: it
// forbids what goes on here, another bundle in the place of this one.
func (d Definitions) GatewayAPI(bundle Bundle) ([]Object, error) {
	module := d[gatewayAPIModule+releases[bundle.Minor]]
	return readDefinitions(filepath.Join(module, "config/crd", bundle.Channel, "gateway.networking*.yaml"))
}

func readDefinitions(pattern string) ([]Object, error) {
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		return nil, fmt.Errorf("no definitions in %s: %w", pattern, err)
	}
	var definitions []Object
	for _, path := range paths {
		stream, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		objects, err := ParseObjects(stream)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		for _, object := range objects {
			if object.Kind == "CustomResourceDefinition" {
				definitions = append(definitions, object)
			}
		}
	}
	return definitions, nil
}

// Install adds definitions, and waits until the server serves them.
func (c Client) Install(definitions []Object) error {
	for _, definition := range definitions {
		body, err := json.Marshal(definition.Content)
		if err != nil {
			return err
		}
		reply, err := c.do(http.MethodPost, definitionsPath, body)
		if err != nil {
			return err
		}
		if err := reply.refusal(); err != nil {
			return fmt.Errorf("%s: %w", definition, err)
		}
	}
	c.discovered.Clear()
	return settle(definitions, c.served)
}

// Uninstall removes definitions with all objects of their kinds, and waits until they are gone.
func (c Client) Uninstall(definitions []Object) error {
	for _, definition := range definitions {
		if _, err := c.do(http.MethodDelete, definitionsPath+"/"+definition.Name, nil); err != nil {
			return err
		}
	}
	return settle(definitions, c.gone)
}

// settle waits until something is true of every definition.
func settle(definitions []Object, settled func(Object) (bool, error)) error {
	deadline := time.Now().Add(settlesIn)
	for _, definition := range definitions {
		for {
			done, err := settled(definition)
			if err != nil {
				return fmt.Errorf("%s: %w", definition, err)
			}
			if done {
				break
			}
			if time.Now().After(deadline) {
				return fmt.Errorf("%s has not settled after %s", definition, settlesIn)
			}
			time.Sleep(pollsEvery)
		}
	}
	return nil
}

// Discovery follows the definitions that the server works with, so it tells when requests are answered; the condition
// "Established" is a moment too early.
func (c Client) served(definition Object) (bool, error) {
	listed, all, err := c.listed(definition)
	return listed == all, err
}

func (c Client) gone(definition Object) (bool, error) {
	if listed, _, err := c.listed(definition); err != nil || listed > 0 {
		return false, err
	}
	reply, err := c.do(http.MethodGet, definitionsPath+"/"+definition.Name, nil)
	return reply.status == http.StatusNotFound, err
}

// listed counts the versions of a definition that discovery lists, and those that it is to list.
func (c Client) listed(definition Object) (listed, all int, err error) {
	var spec struct {
		Group    string
		Names    struct{ Plural string }
		Versions []struct {
			Name   string
			Served bool
		}
	}
	if err := decode(definition.Content["spec"], &spec); err != nil {
		return 0, 0, err
	}
	for _, version := range spec.Versions {
		if !version.Served {
			continue
		}
		all++
		resources, err := c.resources(spec.Group + "/" + version.Name)
		if err != nil {
			return 0, 0, err
		}
		if slices.ContainsFunc(resources, func(r resource) bool { return r.Name == spec.Names.Plural }) {
			listed++
		}
	}
	return listed, all, nil
}

func decode(value, into any) error {
	bytes, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return json.Unmarshal(bytes, into)
}
