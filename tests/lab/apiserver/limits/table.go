package limits

import (
	"fmt"
	"regexp"
	"strings"
)

// Row is one of limits.md: a constraint, and what keeps the compiler within it.
type Row struct {
	Constraint
	Kept string // a diagnostic's code first, if that stops exactly what the API server would refuse
}

var code = regexp.MustCompile(`MF\d{4}`)

// Codes are the diagnostics that the row names.
func (r Row) Codes() []string { return code.FindAllString(r.Kept, -1) }

// Exact says that the code stops just what the API server would refuse, and nothing less.
func (r Row) Exact() bool { return strings.HasPrefix(r.Kept, "MF") }

const bar = `\|` // a bar within a cell

// String is the row as it stands in the table.
func (r Row) String() string {
	return fmt.Sprintf("| %s | `%s` | `%s` | %s |", r.Kind, r.Field, strings.ReplaceAll(r.Asks, "|", bar), r.Kept)
}

// Table reads the rows of a Markdown file, whatever stands between its tables.
func Table(markdown string) ([]Row, error) {
	var rows []Row
	for i, line := range strings.Split(markdown, "\n") {
		if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "| kind |") || strings.HasPrefix(line, "|---") {
			continue
		}
		cells := strings.Split(strings.ReplaceAll(strings.Trim(line, "| "), bar, "\x00"), " | ")
		if len(cells) != 4 {
			return nil, fmt.Errorf("line %d has %d cells, not 4: %s", i+1, len(cells), line)
		}
		for i := range cells {
			cells[i] = strings.ReplaceAll(cells[i], "\x00", "|")
		}
		rows = append(rows, Row{Constraint{cells[0], unquoted(cells[1]), unquoted(cells[2])}, cells[3]})
	}
	return rows, nil
}

func unquoted(cell string) string { return strings.TrimSuffix(strings.TrimPrefix(cell, "`"), "`") }
