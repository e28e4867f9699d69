package limits_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"meshfedc/lab/apiserver"
	"meshfedc/lab/apiserver/limits"
)

const root = "../../../.."

// table is limits.md.
func table(t *testing.T) []limits.Row {
	t.Helper()
	markdown, err := os.ReadFile("limits.md")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := limits.Table(string(markdown))
	if err != nil || len(rows) == 0 {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
	return rows
}

// schemas are Istio's, OpenShift's, and Gateway API's of each bundle and channel that a cluster may have.
func schemas(t *testing.T) []limits.Schemas {
	t.Helper()
	definitions, err := apiserver.FindDefinitions(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var all []limits.Schemas
	add := func(objects []apiserver.Object, err error) {
		if err != nil {
			t.Fatal(err)
		}
		some := limits.Schemas{}
		for _, object := range objects {
			some.Add(object.Content)
		}
		all = append(all, some)
	}
	add(definitions.Istio())
	add(definitions.OpenShift())
	for _, minor := range []string{"1.3", "1.4", "1.5", "1.6"} {
		for _, channel := range []string{"standard", "experimental"} {
			add(definitions.GatewayAPI(apiserver.Bundle{Minor: minor, Channel: channel}))
		}
	}
	return all
}

// compiled holds what was compiled already, by source.
var compiled = map[string][]apiserver.Cluster{}

func compile(t *testing.T, source string) []apiserver.Cluster {
	t.Helper()
	if clusters, known := compiled[source]; known {
		return clusters
	}
	clusters, err := apiserver.Print(compiler(t), "limits", save(t, "federation.toml", source), limits.Clusters...)
	if err != nil {
		t.Fatal(err)
	}
	compiled[source] = clusters
	return clusters
}

// written are the objects of every example and golden case, and of those at a limit.
func written(t *testing.T) []limits.Object {
	t.Helper()
	var all []limits.Object
	for _, pattern := range []string{"out/*/*", "tests/golden/*/expected/*"} {
		dirs, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(dirs) == 0 {
			t.Fatalf("nothing in %s: %v", pattern, err)
		}
		for _, dir := range dirs {
			objects, err := apiserver.ReadObjects(dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, object := range objects {
				if object.Content["kind"] != nil { // the values of a chart are no object
					all = append(all, object.Content)
				}
			}
		}
	}
	for _, c := range limits.Cases() {
		for _, cluster := range compile(t, c.At) {
			for _, object := range cluster.Objects {
				all = append(all, object.Content)
			}
		}
	}
	return all
}

// wanted is what the table is about. Fields are constraints without what is asked.
type wanted struct {
	constraints map[limits.Constraint]bool // of schemas
	bare        map[limits.Constraint]bool // fields of metadata, and of the API server's own kinds, which have no schema
	written     map[limits.Constraint]bool // all fields
}

func collect(t *testing.T) wanted {
	t.Helper()
	all := schemas(t)
	want := wanted{map[limits.Constraint]bool{}, map[limits.Constraint]bool{}, map[limits.Constraint]bool{}}
	for _, object := range written(t) {
		custom := false
		for _, some := range all {
			if schema := some.Of(object); schema != nil {
				custom = true
				limits.Collect(object, schema, func(c limits.Constraint) { want.constraints[c] = true })
			}
		}
		for _, path := range limits.Fields(object) {
			field := limits.Constraint{Kind: limits.KindOf(object), Field: path}
			want.written[field] = true
			if strings.HasPrefix(path, ".metadata.") {
				field.Kind = "any"
			}
			if !custom || field.Kind == "any" {
				want.bare[field] = true
			}
		}
	}
	return want
}

func (w wanted) needs(row limits.Row) bool {
	field := limits.Constraint{Kind: row.Kind, Field: row.Field}
	return w.constraints[row.Constraint] || w.bare[field] || w.written[field] && !w.isOfASchema(row)
}

// A row by hand cannot look like one of a schema.
func (w wanted) isOfASchema(row limits.Row) bool {
	keyword, _, _ := strings.Cut(row.Asks, " ")
	for constraint := range w.constraints {
		if known, _, _ := strings.Cut(constraint.Asks, " "); known == keyword && keyword != "unique" {
			return true
		}
	}
	return false
}

// The table has every constraint that a written field has, each once, and no other.
func TestTheTableIsComplete(t *testing.T) {
	want := collect(t)
	seen := map[limits.Constraint]bool{}
	for _, row := range table(t) {
		if seen[row.Constraint] {
			t.Errorf("twice: %s", row)
		}
		if !want.needs(row) {
			t.Errorf("nothing that is written needs: %s", row)
		}
		if strings.TrimSpace(row.Kept) == "" || row.Kept == "?" {
			t.Errorf("nothing keeps: %s", row)
		}
		seen[row.Constraint] = true
		seen[limits.Constraint{Kind: row.Kind, Field: row.Field}] = true
	}
	var missing []string
	for _, needed := range []map[limits.Constraint]bool{want.constraints, want.bare} {
		for constraint := range needed {
			if !seen[constraint] {
				missing = append(missing, limits.Row{Constraint: constraint, Kept: "?"}.String())
			}
		}
	}
	slices.Sort(missing)
	if len(missing) > 0 {
		t.Errorf("missing:\n%s", strings.Join(missing, "\n"))
	}
}

// Every code that the table names exists and has a case, and every case's code is in the table.
func TestTheTablesCodesAreShown(t *testing.T) {
	cases := map[string]bool{}
	for _, c := range limits.Cases() {
		cases[c.Code] = true
	}
	named := map[string]bool{}
	for _, row := range table(t) {
		for _, code := range row.Codes() {
			named[code] = true
		}
	}
	for _, code := range slices.Sorted(maps.Keys(named)) {
		if output, err := exec.Command(compiler(t), "explain", code).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", code, err, output)
		}
		if !cases[code] {
			t.Errorf("%s is named, and no case shows it", code)
		}
	}
	for code := range cases {
		if !named[code] {
			t.Errorf("%s is shown, and no row names it", code)
		}
	}
}

// numbers are the constraints that are a number, by the keyword.
var numbers = []string{"maxItems", "maxProperties", "maxLength", "maximum", "minimum", "at most", "at least"}

func number(asks string) (int, bool) {
	for _, keyword := range numbers {
		var bound int
		if _, err := fmt.Sscanf(asks, keyword+" %d", &bound); err == nil {
			return bound, true
		}
	}
	return 0, false
}

// Where a code keeps exactly the limit of a row, a case reaches that limit, in that field.
func TestExactLimitsAreReached(t *testing.T) {
	cases := limits.Cases()
	for _, row := range table(t) {
		bound, isNumber := number(row.Asks)
		if !row.Exact() || !isNumber {
			continue
		}
		for _, code := range row.Codes() {
			reaches := func(c limits.Case) bool {
				return c.Code == code && c.Field == row.Field && c.Size == bound && (c.Kind == row.Kind || row.Kind == "any")
			}
			if !slices.ContainsFunc(cases, reaches) {
				t.Errorf("no case of %s reaches: %s", code, row)
			}
		}
	}
}

func compiler(t *testing.T) string {
	t.Helper()
	binary := os.Getenv("MESHFEDC")
	if binary == "" {
		t.Fatal("MESHFEDC does not name the compiler")
	}
	return binary
}

// errorsOf are the codes of all errors in a federation.toml.
func errorsOf(t *testing.T, path string) []string {
	t.Helper()
	command := exec.Command(compiler(t), "validate", "--format", "json", "-f", path)
	var stderr strings.Builder
	command.Stderr = &stderr
	var failed *exec.ExitError
	if err := command.Run(); err != nil && (!errors.As(err, &failed) || failed.ExitCode() != 2) {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	var said struct {
		Diagnostics []struct{ Code, Severity string }
	}
	if err := json.Unmarshal([]byte(stderr.String()), &said); err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	var codes []string
	for _, diagnostic := range said.Diagnostics {
		if diagnostic.Severity == "error" {
			codes = append(codes, diagnostic.Code)
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

func save(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// At each limit nothing is refused, and the limit is reached; beyond it there is that error and no other.
func TestCodesStopAtTheLimit(t *testing.T) {
	for _, c := range limits.Cases() {
		t.Run(c.Code+"/"+c.Name, func(t *testing.T) {
			if codes := errorsOf(t, save(t, "at.toml", c.At)); len(codes) > 0 {
				t.Fatalf("at the limit: %s", codes)
			}
			if codes := errorsOf(t, save(t, "over.toml", c.Over)); !slices.Equal(codes, []string{c.Code}) {
				t.Errorf("beyond the limit: want %s, got %s", c.Code, codes)
			}
			if c.Field != "" {
				reached(t, c)
			}
		})
	}
}

// A Service may have any number of slices. The first one keeps its name however many there are.
func TestSlicesAreSplit(t *testing.T) {
	for _, test := range []struct {
		addresses int
		want      map[string]int
	}{
		{1000, map[string]int{"egress-to-west-net-ipv4": 1000}},
		{1001, map[string]int{"egress-to-west-net-ipv4": 1000, "egress-to-west-net-ipv4-2": 1}},
		{2001, map[string]int{
			"egress-to-west-net-ipv4": 1000, "egress-to-west-net-ipv4-2": 1000, "egress-to-west-net-ipv4-3": 1,
		}},
	} {
		clusters := compile(t, limits.Sliced(test.addresses))
		got := map[string]int{}
		for _, object := range clusters[0].Objects {
			if object.Kind == "EndpointSlice" {
				got[object.Name] = size(object.Content["endpoints"])
			}
		}
		if !maps.Equal(got, test.want) {
			t.Errorf("%d addresses: want %v, got %v", test.addresses, test.want, got)
		}
	}
}

func reached(t *testing.T, c limits.Case) {
	t.Helper()
	var sizes []int
	for _, cluster := range compile(t, c.At) {
		for _, object := range cluster.Objects {
			if limits.KindOf(object.Content) == c.Kind {
				sizes = append(sizes, measured(object.Content, strings.Split(c.Field, ".")[1:])...)
			}
		}
	}
	if len(sizes) == 0 {
		t.Fatalf("no %s has %s", c.Kind, c.Field)
	}
	if got := slices.Max(sizes); !c.Least && got != c.Size {
		t.Errorf("want %d at most in %s, got %d", c.Size, c.Field, got)
	}
	if got := slices.Min(sizes); c.Least && got != c.Size {
		t.Errorf("want %d at least in %s, got %d", c.Size, c.Field, got)
	}
}

// measured are the sizes of all that is at a path.
func measured(value any, path []string) []int {
	if len(path) == 0 {
		return []int{size(value)}
	}
	key, list := strings.CutSuffix(path[0], "[]")
	table, _ := value.(map[string]any)
	var next []any
	for name, item := range table {
		items, _ := item.([]any)
		switch {
		case key != "*" && name != key:
		case list:
			next = append(next, items...)
		default:
			next = append(next, item)
		}
	}
	var sizes []int
	for _, item := range next {
		sizes = append(sizes, measured(item, path[1:])...)
	}
	return sizes
}

func size(value any) int {
	switch value := value.(type) {
	case map[string]any:
		return len(value)
	case []any:
		return len(value)
	case string:
		return utf8.RuneCountInString(value)
	case float64:
		return int(value)
	}
	return -1
}
