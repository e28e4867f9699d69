// Package limits knows what bounds the fields that meshfedc writes, and how the compiler stays within it.
package limits

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Constraint is one thing that the API server asks of a field. It is the key of a row of limits.md.
type Constraint struct {
	Kind  string // with its group, without a version: gateway.networking.k8s.io Gateway
	Field string // .spec.listeners[].port; `*` is any key
	Asks  string // maximum 65535
}

// Object is a manifest.
type Object = map[string]any

// KindOf names an object's kind as constraints do.
func KindOf(object Object) string {
	group, _, grouped := strings.Cut(object["apiVersion"].(string), "/")
	if !grouped {
		group = "core"
	}
	return group + " " + object["kind"].(string)
}

// Schemas are the schemas of custom resources by apiVersion and kind.
type Schemas map[string]Object

// Add takes the schemas of a definition in all its versions.
func (s Schemas) Add(definition Object) {
	spec := definition["spec"].(Object)
	kind := spec["names"].(Object)["kind"].(string)
	for _, version := range spec["versions"].([]any) {
		version := version.(Object)
		schema := version["schema"].(Object)["openAPIV3Schema"].(Object)
		s[fmt.Sprintf("%s/%s %s", spec["group"], version["name"], kind)] = schema
	}
}

// Of is the schema of an object, nil if there is none.
func (s Schemas) Of(object Object) Object {
	return s[fmt.Sprintf("%s %s", object["apiVersion"], object["kind"])]
}

// Collect calls add for every constraint on a field that an object has, and on each container on the way there.
func Collect(object, schema Object, add func(Constraint)) {
	walk(object, schema, "", func(field, asks string) {
		add(Constraint{KindOf(object), field, strings.Join(strings.Fields(asks), " ")})
	})
}

func walk(value any, schema Object, field string, add func(field, asks string)) {
	for _, asks := range asked(schema) {
		add(field, asks)
	}
	switch value := value.(type) {
	case Object:
		properties, _ := schema["properties"].(Object)
		others, _ := schema["additionalProperties"].(Object)
		for key, item := range value {
			if property, known := properties[key].(Object); known {
				walk(item, property, field+"."+key, add)
			} else if others != nil {
				walk(item, others, field+".*", add)
			}
		}
	case []any:
		items, _ := schema["items"].(Object)
		for _, item := range value {
			walk(item, items, field+"[]", add)
		}
	}
}

// keywords are those that bound a value. `format` says more than the type for strings only, and `required` is about
// fields that are there: what is missing is found where whole objects are applied.
var keywords = []string{
	"maxLength", "minLength", "maxItems", "minItems", "maxProperties", "minProperties", "pattern", "minimum", "maximum",
	"exclusiveMinimum", "exclusiveMaximum", "multipleOf", "uniqueItems", "enum", "oneOf", "anyOf", "allOf", "not",
}

func asked(schema Object) []string {
	var all []string
	for _, keyword := range keywords {
		if bound, there := schema[keyword]; there {
			all = append(all, keyword+" "+text(bound))
		}
	}
	if format, there := schema["format"]; there && schema["type"] == "string" {
		all = append(all, "format "+text(format))
	}
	if kind := schema["x-kubernetes-list-type"]; kind == "map" || kind == "set" {
		all = append(all, strings.TrimSpace(fmt.Sprintf("unique items %s", keys(schema))))
	}
	rules, _ := schema["x-kubernetes-validations"].([]any)
	for _, rule := range rules {
		all = append(all, "CEL "+said(rule.(Object)))
	}
	return all
}

func keys(schema Object) string {
	if keys, there := schema["x-kubernetes-list-map-keys"]; there {
		return "by " + text(keys)
	}
	return ""
}

// A rule's message is easier to read than the rule. Not every rule has one.
func said(rule Object) string {
	if message, there := rule["message"].(string); there {
		return message
	}
	return rule["rule"].(string)
}

func text(value any) string {
	if value, plain := value.(string); plain {
		return value
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(encoded)
}

// Fields are the paths of all that an object says, but apiVersion and kind: of values, not of containers.
func Fields(object Object) []string {
	var fields []string
	for key, value := range object {
		if key != "apiVersion" && key != "kind" {
			fields = leaves(value, "."+key, fields)
		}
	}
	slices.Sort(fields)
	return slices.Compact(fields)
}

// tables are the fields whose keys are the user's.
var tables = []string{".metadata.labels", ".metadata.annotations", ".spec.selector"}

func leaves(value any, field string, fields []string) []string {
	switch value := value.(type) {
	case Object:
		for key, item := range value {
			if slices.Contains(tables, field) {
				key = "*"
			}
			fields = leaves(item, field+"."+key, fields)
		}
	case []any:
		for _, item := range value {
			fields = leaves(item, field+"[]", fields)
		}
	default:
		fields = append(fields, field)
	}
	return fields
}
