package reach

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"istio.io/istio/pilot/pkg/config/kube/crd"
	"sigs.k8s.io/yaml"

	"meshfedc/lab/world"
)

// Trees are the objects of every cluster, by its name.
type Trees map[string][]world.Object

// created is the age of every object: without one, each is younger than the one before it.
const created = "2026-01-01T00:00:00Z"

// ReadTrees reads what every cluster applies.
func ReadTrees(directory string, clusters []string) (Trees, error) {
	trees := Trees{}
	for _, cluster := range clusters {
		objects, err := world.ReadTree(filepath.Join(directory, cluster))
		if err != nil {
			return nil, err
		}
		trees[cluster] = []world.Object{} // there are clusters without any
		for _, object := range objects {
			if object.Kind() == "Kustomization" {
				continue
			}
			object["metadata"].(map[string]any)["creationTimestamp"] = created
			trees[cluster] = append(trees[cluster], object)
		}
	}
	return trees, nil
}

// Write puts them below a directory, one file for each cluster.
func (t Trees) Write(directory string) error {
	for cluster, objects := range t {
		var documents []string
		for _, object := range objects {
			text, err := yaml.Marshal(object)
			if err != nil {
				return err
			}
			documents = append(documents, string(text))
		}
		below := filepath.Join(directory, cluster)
		if err := os.MkdirAll(below, 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(below, "objects.yaml"), []byte(strings.Join(documents, "---\n")), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func (t Trees) clone() Trees {
	bytes, _ := json.Marshal(t)
	copied := Trees{}
	_ = json.Unmarshal(bytes, &copied)
	return copied
}

// Mutation is one change of one object.
type Mutation struct {
	Cluster   string
	Object    int
	Kind      string // with its group
	Path      string // of a field, `[]` for items of lists and `*` for keys that are names; empty: the object itself
	Operation string
	way       []any // keys and indices
}

func (m Mutation) String() string {
	return fmt.Sprintf("%s %s %s in %s", m.Operation, m.Kind, m.Path, m.Cluster)
}

// Triple is what is to be tried at least once.
func (m Mutation) Triple() string { return strings.Join([]string{m.Kind, m.Path, m.Operation}, " ") }

const (
	drop      = "drop"
	duplicate = "duplicate"
	elder     = "duplicate, older"
	rename    = "rename"
	move      = "move"
	remove    = "delete"
	replace   = "replace"
)

// Mutations are all that can be done to trees, in an order that does not change.
func (t Trees) Mutations() []Mutation {
	var all []Mutation
	clusters := make([]string, 0, len(t))
	for cluster := range t {
		clusters = append(clusters, cluster)
	}
	slices.Sort(clusters)
	for _, cluster := range clusters {
		for i, object := range t[cluster] {
			group, _, _ := strings.Cut(object.API(), "/")
			kind := object.Kind() + "." + group
			for _, operation := range []string{drop, duplicate, elder, rename, move} {
				all = append(all, Mutation{Cluster: cluster, Object: i, Kind: kind, Operation: operation})
			}
			walk(map[string]any(object), "", nil, func(path string, way []any, leaf bool) {
				if slices.Contains([]string{"apiVersion", "kind", "metadata", "metadata.name", "metadata.namespace", "metadata.creationTimestamp"}, path) {
					return
				}
				one := Mutation{Cluster: cluster, Object: i, Kind: kind, Path: path, Operation: remove, way: way}
				all = append(all, one)
				if leaf {
					one.Operation = replace
					all = append(all, one)
				}
			})
		}
	}
	return all
}

// walk visits all fields in order.
func walk(value any, path string, way []any, visit func(path string, way []any, leaf bool)) {
	switch inner := value.(type) {
	case map[string]any:
		if path != "" {
			visit(path, slices.Clone(way), false)
		}
		keys := make([]string, 0, len(inner))
		for key := range inner {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		for _, key := range keys {
			walk(inner[key], strings.TrimPrefix(path+"."+fieldOf(path, key, inner[key]), "."), append(slices.Clone(way), key), visit)
		}
	case []any:
		visit(path, slices.Clone(way), false)
		for i, item := range inner {
			walk(item, path+"[]", append(slices.Clone(way), i), visit)
		}
	default:
		visit(path, slices.Clone(way), true)
	}
}

// named are fields whose keys are names, where these are not themselves ones that Istio or Kubernetes knows.
var named = []string{"labels", "annotations", "matchLabels", "options", "selector", "to", "portLevelMtls", "ports", "data"}

// fieldOf is a key, or what stands for all that are names.
func fieldOf(above, key string, value any) string {
	last := above[strings.LastIndex(above, ".")+1:]
	_, list := value.([]any)
	if !slices.Contains(named, last) || list || strings.Contains(key, "/") || key == "matchLabels" || last == "to" && !strings.HasSuffix(above, "distribute[].to") {
		return key
	}
	return "*"
}

// Apply makes the change in a copy. An error: it cannot be made, or the API server would refuse what comes of it.
func (m Mutation) Apply(trees Trees, random *rand.Rand) (Trees, error) {
	changed := trees.clone()
	objects := changed[m.Cluster]
	object := objects[m.Object]
	switch m.Operation {
	case drop:
		changed[m.Cluster] = slices.Delete(objects, m.Object, m.Object+1)
		return changed, nil
	case duplicate, elder:
		copied := trees.clone()[m.Cluster][m.Object]
		metadata := copied["metadata"].(map[string]any)
		metadata["name"] = object.Name() + "-copy"
		metadata["creationTimestamp"] = "2026-02-02T00:00:00Z"
		if m.Operation == elder {
			metadata["creationTimestamp"] = "2025-02-02T00:00:00Z"
		}
		changed[m.Cluster] = append(objects, copied)
		return changed, valid(copied)
	case rename:
		object["metadata"].(map[string]any)["name"] = object.Name() + "-else"
	case move:
		others := namespaces(objects, object.Namespace())
		if len(others) == 0 || object.Namespace() == "" {
			return nil, fmt.Errorf("there is no other namespace")
		}
		object["metadata"].(map[string]any)["namespace"] = others[random.IntN(len(others))]
	case remove:
		set(map[string]any(object), m.way, nil)
		if at := len(m.way) - 1; at > 0 && object.Istio() { // an empty list is none to Istio
			if items, list := get(map[string]any(object), m.way[:at]).([]any); list && len(items) == 0 {
				set(map[string]any(object), m.way[:at], nil)
			}
		}
	case replace:
		old := get(map[string]any(object), m.way)
		fresh := another(old, trees.values(m, old), random)
		if fresh == nil {
			return nil, fmt.Errorf("there is no other value")
		}
		set(map[string]any(object), m.way, fresh)
	}
	return changed, valid(object)
}

func namespaces(objects []world.Object, but string) []string {
	found := []string{}
	for _, object := range objects {
		if name := object.Namespace(); name != "" && name != but && !slices.Contains(found, name) {
			found = append(found, name)
		}
	}
	return found
}

// values are what stands at the same path of objects of the same kind, but for one.
func (t Trees) values(m Mutation, but any) []any {
	var found []any
	for _, other := range t.Mutations() {
		if other.Kind == m.Kind && other.Path == m.Path && other.Operation == replace {
			value := get(map[string]any(t[other.Cluster][other.Object]), other.way)
			if value != but && !slices.Contains(found, value) {
				found = append(found, value)
			}
		}
	}
	return found
}

func get(value any, way []any) any {
	for _, step := range way {
		switch at := step.(type) {
		case string:
			value = value.(map[string]any)[at]
		case int:
			value = value.([]any)[at]
		}
	}
	return value
}

// set puts a value in the place of what stands there; nil takes it away.
func set(root map[string]any, way []any, fresh any) {
	last := way[len(way)-1]
	above := get(root, way[:len(way)-1])
	switch at := last.(type) {
	case string:
		if fresh == nil {
			delete(above.(map[string]any), at)
		} else {
			above.(map[string]any)[at] = fresh
		}
	case int:
		items := above.([]any)
		if fresh != nil {
			items[at] = fresh
			return
		}
		set(root, way[:len(way)-1], append([]any{}, slices.Delete(items, at, at+1)...))
	}
}

// words are those of enumerations: any of a row may stand where another does.
var words = [][]string{
	{"STRICT", "PERMISSIVE", "DISABLE"},
	{"MESH_INTERNAL", "MESH_EXTERNAL"},
	{"STATIC", "DNS", "NONE"},
	{"ISTIO_MUTUAL", "DISABLE", "SIMPLE"},
	{"ALLOW", "DENY", "AUDIT"},
	{"AUTO_PASSTHROUGH", "PASSTHROUGH"},
	{"TLS", "TCP", "HTTP", "HTTPS"},
	{"HTTP", "TCP", "TLS", "HTTP2", "GRPC"},
	{"TCP", "UDP"},
	{"Passthrough", "Terminate"},
	{"IPAddress", "Hostname"},
	{"Same", "All"},
	{"istio", "istio-remote"},
	{"istio-remote", "istio"},
	{"ROUND_ROBIN", "LEAST_REQUEST", "RANDOM", "PASSTHROUGH"},
	{"passthrough", "edge"},
	{"GATEWAY", "ANY"},
	{"UPGRADE", "DO_NOT_UPGRADE", "DEFAULT"},
	{"FILTER_CHAIN", "LISTENER"},
	{"MERGE", "REMOVE"},
	{"topology.istio.io/network", "topology.istio.io/cluster", "topology.kubernetes.io/region"},
}

// another is a value of the same type.
func another(old any, known []any, random *rand.Rand) any {
	switch value := old.(type) {
	case bool:
		return !value
	case float64:
		if len(known) > 0 && random.IntN(2) == 0 {
			return known[random.IntN(len(known))]
		}
		return value + 1
	case string:
		for _, row := range words {
			if at := slices.Index(row, value); at == 0 || at > 0 && random.IntN(2) == 0 {
				others := slices.Delete(slices.Clone(row), at, at+1)
				return others[random.IntN(len(others))]
			}
		}
		if len(known) > 0 && random.IntN(2) == 0 {
			return known[random.IntN(len(known))]
		}
		return otherText(value)
	}
	return nil
}

func otherText(value string) string {
	if _, err := netip.ParseAddr(value); err == nil {
		return "192.0.2.77"
	}
	switch {
	case value == "*" || value == ".":
		return map[string]string{"*": ".", ".": "*"}[value]
	case strings.HasPrefix(value, "*."):
		return "*.x" + value[2:]
	case strings.HasPrefix(value, "spiffe://"), strings.Contains(value, "/"):
		return value + "x"
	case len(value) > 0 && strings.Trim(value, "0123456789") == "":
		return value + "1"
	case strings.HasSuffix(value, "s") && len(strings.Trim(value, "0123456789")) == 1:
		return "1" + value
	}
	return "x" + value
}

// Default gives Gateways what their schema has the API server add: addresses without a type are IPs.
func Default(objects []world.Object) {
	for _, object := range objects {
		if !object.GatewayAPI() || object.Kind() != "Gateway" {
			continue
		}
		spec, _ := object["spec"].(map[string]any)
		addresses, _ := spec["addresses"].([]any)
		for _, one := range addresses {
			if address, ok := one.(map[string]any); ok && address["type"] == nil {
				address["type"] = "IPAddress"
			}
		}
	}
}

// required are fields that a schema demands, of kinds that Istio's own validation does not see.
var required = map[string][][]string{
	"gateway.networking.k8s.io Gateway":  {{"spec"}, {"spec", "gatewayClassName"}, {"spec", "listeners"}},
	"gateway.networking.k8s.io TLSRoute": {{"spec"}, {"spec", "hostnames"}, {"spec", "rules"}},
	"route.openshift.io Route":           {{"spec"}, {"spec", "to"}},
	"v1 Service":                         {{"spec"}, {"spec", "ports"}},
}

var requiredOfItems = map[string]map[string][]string{
	"gateway.networking.k8s.io Gateway":  {"listeners": {"name", "port", "protocol"}, "addresses": {"value"}},
	"gateway.networking.k8s.io TLSRoute": {"parentRefs": {"name"}, "rules": {"backendRefs"}},
	"v1 Service":                         {"ports": {"port"}},
}

// Admitted are the objects that the API server does not refuse, as far as is known here; and why it refuses the others.
func (t Trees) Admitted() (Trees, []error) {
	admitted, refused := Trees{}, []error(nil)
	for cluster, objects := range t {
		admitted[cluster] = slices.DeleteFunc(slices.Clone(objects), func(object world.Object) bool {
			err := valid(object)
			if err != nil {
				refused = append(refused, fmt.Errorf("%s: %s %s: %w", cluster, object.Kind(), object.Name(), err))
			}
			return err != nil
		})
	}
	return admitted, refused
}

// valid asks Istio's validation of an object of Istio's.
func valid(object world.Object) error {
	if object.Istio() {
		text, err := yaml.Marshal(object)
		if err != nil {
			return err
		}
		_, _, err = crd.ParseInputs(string(text))
		return err
	}
	group, _, _ := strings.Cut(object.API(), "/")
	kind := group + " " + object.Kind()
	for _, path := range required[kind] {
		value := any(map[string]any(object))
		for _, key := range path {
			level, _ := value.(map[string]any)
			value = level[key]
		}
		if items, list := value.([]any); value == nil || list && len(items) == 0 {
			return fmt.Errorf("%v is required", path)
		}
	}
	spec, _ := object["spec"].(map[string]any)
	for list, keys := range requiredOfItems[kind] {
		items, _ := spec[list].([]any)
		for _, item := range items {
			for _, key := range keys {
				if item.(map[string]any)[key] == nil {
					return fmt.Errorf("%s[].%s is required", list, key)
				}
			}
		}
	}
	return nil
}
