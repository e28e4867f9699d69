package oracle

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// discover adds what [discover.*] finds to the exports: each with the keys that an [export.*] of its name does not set.
func discover(main map[string]any, directory string, exports map[string]map[string]any) error {
	for _, own := range tables(main["discover"]) {
		objects, err := manifests(directory, strings_(own["manifests"]))
		if err != nil {
			return err
		}
		for _, object := range objects {
			if object["kind"] != "Service" || object["apiVersion"] != "v1" || !contains(at(object, "metadata", "labels"), own["selector"]) {
				continue
			}
			namespace := namespaceOf(object, own)
			wanted := strings_(own["namespaces"])
			if len(wanted) > 0 && !slices.Contains(wanted, namespace) {
				continue
			}
			name := text(at(object, "metadata", "name"), "")
			export := exportOf(object, namespace, own, objects)
			maps.Copy(export, exports[name])
			exports[name] = export
		}
	}
	return nil
}

// exportOf is a Service as a table of federation.toml.
func exportOf(service map[string]any, namespace string, own map[string]any, objects []map[string]any) map[string]any {
	export := map[string]any{"naming": "service"}
	for key, value := range own {
		if !slices.Contains([]string{"manifests", "selector", "namespaces", "at"}, key) {
			export[key] = value
		}
	}
	export["from"], export["namespace"] = own["at"], namespace
	selector := table(at(service, "spec", "selector"))
	named := map[string]int64{}
	accounts := map[string]bool{}
	for _, object := range objects {
		pod := podOf(object)
		if pod == nil || len(selector) == 0 || namespaceOf(object, own) != namespace || !contains(at(pod, "metadata", "labels"), selector) {
			continue
		}
		accounts[text(at(pod, "spec", "serviceAccountName"), "default")] = true
		for _, container := range list(at(pod, "spec", "containers")) {
			for _, port := range list(table(container)["ports"]) {
				named[text(table(port)["name"], "")] = whole(table(port)["containerPort"])
			}
		}
	}
	if len(selector) > 0 {
		export["selector"] = selector
	}
	if len(accounts) == 1 || len(accounts) > 1 && export["naming"] == "global" {
		names := []any{}
		for _, account := range slices.Sorted(maps.Keys(accounts)) {
			names = append(names, account)
		}
		export["service_accounts"] = names
	}
	ports := []any{}
	for _, item := range list(at(service, "spec", "ports")) {
		port := table(item)
		if text(port["protocol"], "TCP") != "TCP" {
			continue
		}
		number := whole(port["port"])
		target := number
		switch given := port["targetPort"].(type) {
		case string:
			target = named[given]
		case float64:
			target = int64(given)
		}
		protocol := protocolOf(text(port["appProtocol"], text(port["name"], "")))
		if other := map[string]string{"kubernetes.io/h2c": "http2", "kubernetes.io/ws": "http"}[text(port["appProtocol"], "")]; other != "" {
			protocol = other
		}
		ports = append(ports, map[string]any{"name": text(port["name"], protocol), "number": number, "target": target, "protocol": protocol})
	}
	export["ports"] = ports
	return export
}

// manifests are the objects of all files that a pattern matches, lists taken apart.
func manifests(directory string, patterns []string) ([]map[string]any, error) {
	var wanted []*regexp.Regexp
	for _, pattern := range patterns {
		expression := regexp.QuoteMeta(strings.TrimPrefix(pattern, "./"))
		expression = strings.ReplaceAll(expression, `\*\*/`, `(.*/)?`)
		expression = strings.ReplaceAll(expression, `\*\*`, `.*`)
		expression = strings.ReplaceAll(expression, `\*`, `[^/]*`)
		wanted = append(wanted, regexp.MustCompile("^"+expression+"$"))
	}
	var objects []map[string]any
	err := filepath.WalkDir(directory, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !slices.Contains([]string{".yaml", ".yml", ".json"}, filepath.Ext(path)) {
			return err
		}
		relative, err := filepath.Rel(directory, path)
		if err != nil || !slices.ContainsFunc(wanted, func(one *regexp.Regexp) bool { return one.MatchString(relative) }) {
			return err
		}
		bytes, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, document := range regexp.MustCompile(`(?m)^---.*$`).Split(string(bytes), -1) {
			object := map[string]any{}
			if err := yaml.Unmarshal([]byte(document), &object); err != nil {
				return err
			}
			objects = append(objects, flatten(object)...)
		}
		return nil
	})
	return objects, err
}

func flatten(object map[string]any) []map[string]any {
	if !strings.HasSuffix(text(object["kind"], ""), "List") {
		return []map[string]any{object}
	}
	var all []map[string]any
	for _, item := range list(object["items"]) {
		all = append(all, flatten(table(item))...)
	}
	return all
}

// podOf is the object's pod template, or the pod that it is; nil if there is none.
func podOf(object map[string]any) map[string]any {
	switch object["kind"] {
	case "Pod":
		return object
	case "CronJob":
		return table(at(object, "spec", "jobTemplate", "spec", "template"))
	}
	return table(at(object, "spec", "template"))
}

func namespaceOf(object, own map[string]any) string {
	return text(at(object, "metadata", "namespace"), text(own["namespace"], ""))
}

// contains says whether the labels are among others.
func contains(labels, wanted any) bool {
	for key, value := range table(wanted) {
		if table(labels)[key] != value {
			return false
		}
	}
	return true
}

func at(object map[string]any, path ...string) any {
	var found any = object
	for _, key := range path {
		found = table(found)[key]
	}
	return found
}

func list(value any) []any {
	found, _ := value.([]any)
	return found
}

func whole(value any) int64 {
	found, _ := value.(float64)
	return int64(found)
}
