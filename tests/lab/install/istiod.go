package install

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	meshconfig "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/operator/pkg/manifest"
	"istio.io/istio/operator/pkg/values"
	"istio.io/istio/pkg/config/mesh"
	"istio.io/istio/pkg/util/protomarshal"
)

// Istiod is what an installation comes to: what a federation depends on.
type Istiod struct {
	Namespace   string
	Mesh        *meshconfig.MeshConfig // what is written
	Config      *meshconfig.MeshConfig // what istiod makes of it: its own defaults, where nothing is written
	Arguments   []string
	Environment map[string]string
	Injector    map[string]string // of the injector's values, those that pods get
	Readers     []string          // whoever may read the cluster from elsewhere
	Classes     []string          // what else is deployed
	Label       string            // of istiod's namespace: the network that the cluster is on
}

// What pods get of an installation: in the injector's values.
const (
	MeshID  = "global.meshID"
	Network = "global.network"
	Cluster = "global.multiCluster.clusterName"
)

// Clone can be changed without a change of the original.
func (i *Istiod) Clone() *Istiod {
	copied := *i
	copied.Mesh, copied.Config = proto.CloneOf(i.Mesh), proto.CloneOf(i.Config)
	copied.Arguments = slices.Clone(i.Arguments)
	copied.Environment, copied.Injector = maps.Clone(i.Environment), maps.Clone(i.Injector)
	return &copied
}

// ProxyMetadata is what every proxy has in its environment.
func (i *Istiod) ProxyMetadata() map[string]string { return i.Config.DefaultConfig.ProxyMetadata }

// CapturesNames says whether proxies resolve the hosts of ServiceEntries.
func (i *Istiod) CapturesNames() bool { return i.ProxyMetadata()["ISTIO_META_DNS_CAPTURE"] == "true" }

// Installed reads the rendered objects. The mesh config must be one that Istio's type takes, to the last field.
func Installed(objects []manifest.Manifest) (*Istiod, error) {
	istiod := &Istiod{Environment: map[string]string{}, Injector: map[string]string{}}
	for _, object := range objects {
		name, kind := object.GetName(), object.GetKind()
		var err error
		switch {
		case kind == "ConfigMap" && (name == "istio" || strings.HasPrefix(name, "istio-") && hasData(object, "mesh")):
			istiod.Namespace = object.GetNamespace()
			err = istiod.takeMesh(data(object, "mesh"))
		case kind == "ConfigMap" && strings.HasPrefix(name, "istio-sidecar-injector"):
			err = istiod.takeInjector(data(object, "values"))
		case kind == "Deployment" && strings.HasPrefix(name, "istiod"):
			err = istiod.takeDeployment(object)
		case kind == "Deployment":
			istiod.Classes = append(istiod.Classes, name)
		case strings.Contains(name, "istio-reader"):
			istiod.Readers = append(istiod.Readers, kind+"/"+name)
		}
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", kind, name, err)
		}
	}
	if istiod.Mesh == nil || len(istiod.Environment) == 0 {
		return nil, fmt.Errorf("no istiod is installed")
	}
	return istiod, nil
}

func hasData(object manifest.Manifest, key string) bool {
	_, found := values.Map(object.Object).GetPath("data." + key)
	return found
}

func data(object manifest.Manifest, key string) string {
	return values.Map(object.Object).GetPathString("data." + key)
}

func (i *Istiod) takeMesh(text string) error {
	i.Mesh = &meshconfig.MeshConfig{}
	if err := protomarshal.ApplyYAMLStrict(text, i.Mesh); err != nil {
		return err
	}
	var err error
	i.Config, err = mesh.ApplyMeshConfigDefaults(text)
	return err
}

func (i *Istiod) takeInjector(text string) error {
	injected, err := values.MapFromJSON([]byte(text))
	if err != nil {
		return err
	}
	for _, path := range []string{MeshID, Network, Cluster, "global.hub", "global.caAddress"} {
		i.Injector[path] = injected.GetPathString(path)
	}
	return nil
}

func (i *Istiod) takeDeployment(object manifest.Manifest) error {
	containers, found := values.Map(object.Object).GetPath("spec.template.spec.containers")
	list, isList := containers.([]any)
	if !found || !isList || len(list) != 1 {
		return fmt.Errorf("istiod has not one container")
	}
	container := list[0].(map[string]any)
	for _, argument := range container["args"].([]any) {
		i.Arguments = append(i.Arguments, fmt.Sprint(argument))
	}
	for _, one := range container["env"].([]any) {
		variable := one.(map[string]any)
		name := variable["name"].(string)
		if _, twice := i.Environment[name]; twice {
			return fmt.Errorf("%s is set twice", name)
		}
		i.Environment[name] = fmt.Sprint(variable["value"])
		if from, elsewhere := variable["valueFrom"]; elsewhere {
			i.Environment[name] = fmt.Sprint(from)
		}
	}
	return nil
}
