// kubectl_reader DIR: compares DIR/document.yaml with DIR/strings.json as kubectl's decoder reads it.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime/debug"
	"strconv"

	"sigs.k8s.io/yaml"
)

const types = `{"yes": true, "no": false, "nothing": null, "zero": 0, "most": 9223372036854775807,
	"least": -9223372036854775808, "list": [], "map": {}, "lists": [[], [{}, null, false], [1, "1"]]}`

// number keeps an integer apart from a string and from a float.
func number(i int) json.Number { return json.Number(strconv.Itoa(i)) }

func decode(data []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var value any
	err := decoder.Decode(&value)
	return value, err
}

func read(directory string) (document map[string]any, list []string, err error) {
	text, err := os.ReadFile(filepath.Join(directory, "document.yaml"))
	if err != nil {
		return nil, nil, err
	}
	// Strict: a key that occurs twice is an error.
	converted, err := yaml.YAMLToJSONStrict(text)
	if err != nil {
		return nil, nil, err
	}
	value, err := decode(converted)
	if err != nil {
		return nil, nil, err
	}
	raw, err := os.ReadFile(filepath.Join(directory, "strings.json"))
	if err != nil {
		return nil, nil, err
	}
	document, ok := value.(map[string]any)
	if !ok {
		return nil, nil, fmt.Errorf("not a map: %T", value)
	}
	return document, list, json.Unmarshal(raw, &list)
}

func expected(list []string) (map[string]any, error) {
	scalars, err := decode([]byte(types))
	if err != nil {
		return nil, err
	}
	items, nested := []any{}, []any{}
	values, keys := map[string]any{}, map[string]any{}
	for i, text := range list {
		items = append(items, text)
		values["v"+strconv.Itoa(i)] = text
		keys[text] = number(i)
		inner := map[string]any{"text": text, "index": number(i)}
		nested = append(nested, map[string]any{"outer": []any{[]any{inner}}})
	}
	return map[string]any{"types": scalars, "items": items, "values": values, "keys": keys, "nested": nested}, nil
}

type comparison struct {
	compared, differ int
}

func (c *comparison) one(path string, got, want any) {
	c.compared++
	if reflect.DeepEqual(got, want) {
		return
	}
	c.differ++
	if c.differ <= 20 {
		fmt.Fprintf(os.Stderr, "%s: read %#v instead of %#v\n", path, got, want)
	}
}

func (c *comparison) section(name string, got, want any) {
	switch want := want.(type) {
	case []any:
		list, _ := got.([]any)
		c.one(name+" size", len(list), len(want))
		for i := 0; i < len(list) && i < len(want); i++ {
			c.one(fmt.Sprintf("%s[%d]", name, i), list[i], want[i])
		}
	case map[string]any:
		entries, _ := got.(map[string]any)
		c.one(name+" size", len(entries), len(want))
		for key, value := range want {
			c.one(fmt.Sprintf("%s[%q]", name, key), entries[key], value)
		}
	}
}

func version() string {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == "sigs.k8s.io/yaml" {
			return module.Version
		}
	}
	return "of unknown version"
}

func run(directory string) error {
	document, list, err := read(directory)
	if err != nil {
		return err
	}
	want, err := expected(list)
	if err != nil {
		return err
	}
	var result comparison
	result.one("sections", len(document), len(want))
	for name := range want {
		result.section(name, document[name], want[name])
	}
	fmt.Printf("sigs.k8s.io/yaml %s: %d compared, %d differ\n", version(), result.compared, result.differ)
	if len(list) == 0 || result.differ > 0 {
		return fmt.Errorf("%d of %d differ", result.differ, result.compared)
	}
	return nil
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: kubectl_reader DIR")
		os.Exit(64)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
