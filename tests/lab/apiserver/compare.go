package apiserver

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// What the server writes about an object, whoever applies it.
var serverMetadata = []string{"uid", "resourceVersion", "generation", "creationTimestamp", "managedFields"}

// Drift says how an object that the server keeps differs from what was sent, one line per field. The server completes
// its own kinds by defaults, and what compares objects knows those; additions to a custom resource are drift.
func Drift(sent Object, kept map[string]any) []string {
	kept = maps.Clone(kept)
	delete(kept, "status")
	if metadata, ok := kept["metadata"].(map[string]any); ok {
		metadata = maps.Clone(metadata)
		for _, key := range serverMetadata {
			delete(metadata, key)
		}
		kept["metadata"] = metadata
	}
	comparison := comparison{defaultsAllowed: builtIn(sent.APIVersion)}
	comparison.values("", sent.Content, kept)
	return comparison.lines
}

// Custom resources are of a group with a domain that is not Kubernetes' own.
func builtIn(apiVersion string) bool {
	group, _, named := strings.Cut(apiVersion, "/")
	return !named || !strings.Contains(group, ".") || group == "discovery.k8s.io"
}

type comparison struct {
	defaultsAllowed bool
	lines           []string
}

func (c *comparison) report(path, format string, args ...any) {
	c.lines = append(c.lines, path+" "+fmt.Sprintf(format, args...))
}

func (c *comparison) values(path string, sent, kept any) {
	switch sent := sent.(type) {
	case map[string]any:
		if kept, ok := kept.(map[string]any); ok {
			c.tables(path, sent, kept)
			return
		}
	case []any:
		if kept, ok := kept.([]any); ok && len(kept) == len(sent) {
			for i := range sent {
				c.values(fmt.Sprintf("%s[%d]", path, i), sent[i], kept[i])
			}
			return
		}
	default:
		if sent == kept {
			return
		}
	}
	c.report(path, "%s became %s", text(sent), text(kept))
}

func (c *comparison) tables(path string, sent, kept map[string]any) {
	for _, key := range slices.Sorted(maps.Keys(sent)) {
		if value, there := kept[key]; there {
			c.values(path+"."+key, sent[key], value)
		} else {
			c.report(path+"."+key, "= %s was removed", text(sent[key]))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(kept)) {
		if _, there := sent[key]; !there && !c.defaultsAllowed {
			c.report(path+"."+key, "= %s was added", text(kept[key]))
		}
	}
}

func text(value any) string {
	bytes, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(bytes)
}
