package install

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	meshconfig "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/manifests"
	"istio.io/istio/operator/pkg/apis"
	"istio.io/istio/operator/pkg/values"
	_ "istio.io/istio/pilot/cmd/pilot-agent/options" // registers what an agent reads
	_ "istio.io/istio/pilot/pkg/features"            // registers what istiod reads
	"istio.io/istio/pkg/env"
	"istio.io/istio/pkg/model"
	"sigs.k8s.io/yaml"
)

// Below these, names are anybody's: of variables, which are looked up elsewhere.
var environments = map[string]func(string) bool{
	"pilot.env": registered,
	"meshConfig.defaultConfig.proxyMetadata": func(name string) bool {
		return registered(name) || isMetadata(strings.TrimPrefix(name, "ISTIO_META_"))
	},
}

// Problems names every key and every variable of the values that neither Istio's chart nor its types know.
func Problems(dir string) []string {
	charts, err := Charts(dir)
	if err != nil {
		return []string{err.Error()}
	}
	var problems []string
	for _, chart := range charts {
		defaults, err := chartDefaults(chart.path)
		if err != nil {
			return []string{err.Error()}
		}
		walk("", chart.Values, func(path string) {
			if !known(path, defaults) {
				problems = append(problems, fmt.Sprintf("%s: nothing reads %s", chart.path, path))
			}
		})
	}
	slices.Sort(problems)
	return slices.Compact(problems)
}

// walk visits the path of every scalar, and of every list as a whole.
func walk(path string, value any, visit func(string)) {
	below, isMap := values.CastAsMap(value)
	if !isMap {
		visit(path)
		if items, isList := value.([]any); isList {
			for _, item := range items {
				if _, isMap := values.CastAsMap(item); isMap {
					walk(path, item, visit)
				}
			}
		}
		return
	}
	for key, inner := range below {
		walk(strings.TrimPrefix(path+"."+key, "."), inner, visit)
	}
}

func chartDefaults(path string) (values.Map, error) {
	text, err := manifests.FS.ReadFile("charts/" + path + "/values.yaml")
	if err != nil {
		return nil, err
	}
	whole := values.Map{}
	if err := yaml.Unmarshal(text, &whole); err != nil {
		return nil, err
	}
	defaults, _ := whole.GetPathMap("_internal_defaults_do_not_set")
	return defaults, nil
}

func known(path string, defaults values.Map) bool {
	for prefix, knows := range environments {
		if name, isBelow := strings.CutPrefix(path, prefix+"."); isBelow {
			return knows(name)
		}
	}
	if config, isMesh := strings.CutPrefix(path, "meshConfig."); isMesh {
		return hasField((&meshconfig.MeshConfig{}).ProtoReflect().Descriptor(), strings.Split(config, "."))
	}
	if _, found := defaults.GetPath(path); found {
		return true
	}
	return hasField((&apis.Values{}).ProtoReflect().Descriptor(), strings.Split(path, "."))
}

func hasField(message protoreflect.MessageDescriptor, path []string) bool {
	field := message.Fields().ByJSONName(path[0])
	if field == nil {
		return false
	}
	if len(path) == 1 {
		return true
	}
	return field.Message() != nil && !field.IsMap() && hasField(field.Message(), path[1:])
}

func registered(name string) bool {
	return slices.ContainsFunc(env.VarDescriptions(), func(one env.Var) bool { return one.Name == name })
}

// isMetadata says whether proxies tell istiod so: a field of NodeMetadata.
func isMetadata(name string) bool {
	structure := reflect.TypeFor[model.NodeMetadata]()
	for i := range structure.NumField() {
		if tag, _, _ := strings.Cut(structure.Field(i).Tag.Get("json"), ","); tag == name {
			return true
		}
	}
	return false
}
