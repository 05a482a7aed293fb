package importer

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// table is a list as a file holds it.
type table struct {
	// headers are the names of the columns, in their order.
	headers []string
	rows    []tableRow
}

// tableRow is a line of a list, without the space around its values. Values that are empty
// are left out.
type tableRow struct {
	line   int
	values map[string]value
	// wrong is what is wrong with the row as a whole; nil if nothing is.
	wrong error
}

// text returns the text of the column that has this name.
func (r tableRow) text(name string) string {
	for header, v := range r.values {
		if columnName(header) == name {
			return v.text
		}
	}
	return ""
}

// columnName returns the name of a header as it is compared: in lower case, with underscores.
func columnName(header string) string {
	return strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(header)))
}

// readTable reads CSV or JSON. The error is a [*LineError] where a line is to blame.
func readTable(file io.Reader) (table, error) {
	text, err := io.ReadAll(transform.NewReader(file, unicode.BOMOverride(transform.Nop)))
	if err != nil {
		return table{}, err
	}
	if bytes.HasPrefix(text, []byte("PK\x03\x04")) || bytes.HasPrefix(text, []byte("\xd0\xcf\x11\xe0")) {
		return table{}, errors.New("it is a file of a spreadsheet program, or an archive, not text: save it as CSV; nothing was imported")
	}
	if !utf8.Valid(text) {
		before := []byte(strings.ToValidUTF8(string(text), "\x00"))
		return table{}, &LineError{Number: lineAt(before, int64(bytes.IndexByte(before, 0))), Err: errors.New("the text is not UTF-8: save the file as UTF-8")}
	}
	if !bytes.Contains(text, []byte("\n")) {
		text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
	}
	if start := bytes.TrimLeft(text, " \t\r\n"); len(start) > 0 && (start[0] == '[' || start[0] == '{') {
		return readJSON(text)
	}
	return readCSV(text)
}

// lineAt returns the number of the line, from 1, at an offset.
func lineAt(text []byte, offset int64) int {
	return 1 + bytes.Count(text[:min(max(offset, 0), int64(len(text)))], []byte("\n"))
}

// readCSV reads a header and rows. A row without any value is left out.
func readCSV(text []byte) (table, error) {
	first, rest, _ := bytes.Cut(text, []byte("\n"))
	skipped := 0
	if sep, found := bytes.CutPrefix(first, []byte("sep=")); found && len(bytes.TrimSpace(sep)) < 2 {
		text, skipped = rest, 1 // how some spreadsheets name the delimiter, which is in the header, too
	}
	in := csv.NewReader(bytes.NewReader(text))
	in.Comma, in.FieldsPerRecord, in.TrimLeadingSpace = delimiter(text), -1, true
	var t table
	for {
		fields, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if wrong, ok := errors.AsType[*csv.ParseError](err); ok {
			return t, &LineError{Number: wrong.Line + skipped, Err: wrong.Err}
		}
		if err != nil {
			return t, err
		}
		line, _ := in.FieldPos(0)
		row := tableRow{line: line + skipped, values: map[string]value{}}
		for i, field := range fields {
			fields[i] = strings.TrimSpace(field)
		}
		switch {
		case t.headers == nil:
			t.headers = fields
			continue
		case strings.Join(fields, "") == "":
			continue
		case len(fields) != len(t.headers):
			row.wrong = fmt.Errorf("%d of %d fields: a row has as many as the header; quote a field that contains %q", len(fields), len(t.headers), in.Comma)
		}
		for i, field := range fields[:min(len(fields), len(t.headers))] {
			if field != "" {
				row.values[t.headers[i]] = value{text: field}
			}
		}
		t.rows = append(t.rows, row)
	}
	return t, t.validateHeaders()
}

// validateHeaders fails if the header is missing, or names a column twice.
func (t table) validateHeaders() error {
	if len(t.headers) == 0 {
		return errors.New("the file is empty; nothing was imported")
	}
	for i, header := range t.headers {
		if header != "" && slices.Contains(t.headers[:i], header) {
			return &LineError{Number: 1, Err: fmt.Errorf("the header has two columns %q", header)}
		}
	}
	return nil
}

// delimiter returns the character that divides the header: the most frequent of comma,
// semicolon and tab outside of quotes.
func delimiter(text []byte) rune {
	counts := map[rune]int{}
	quoted := false
	for _, c := range string(text) {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\n':
			return mostFrequent(counts)
		default:
			counts[c]++
		}
	}
	return mostFrequent(counts)
}

func mostFrequent(counts map[rune]int) rune {
	most := ','
	for _, c := range ";\t" {
		if counts[c] > counts[most] {
			most = c
		}
	}
	return most
}

// readJSON reads an array of objects, or an object a line.
func readJSON(text []byte) (table, error) {
	in := jsontext.NewDecoder(bytes.NewReader(text))
	var t table
	seen := map[string]bool{}
	fail := func(err error) (table, error) {
		return t, &LineError{Number: lineAt(text, in.InputOffset()), Err: err}
	}
	if in.PeekKind() == '[' {
		if _, err := in.ReadToken(); err != nil {
			return fail(err)
		}
	}
	for in.PeekKind() == '{' {
		start := in.InputOffset()
		start += int64(bytes.IndexByte(text[start:], '{'))
		var object map[string]value
		if err := json.UnmarshalDecode(in, &object); err != nil {
			return fail(err)
		}
		maps.DeleteFunc(object, func(_ string, v value) bool { return v.text == "" && len(v.list) == 0 && v.wrong == nil })
		for _, name := range slices.Sorted(maps.Keys(object)) {
			if !seen[name] {
				seen[name], t.headers = true, append(t.headers, name)
			}
		}
		t.rows = append(t.rows, tableRow{line: lineAt(text, start), values: object})
	}
	switch in.PeekKind() {
	case ']':
		if _, err := in.ReadToken(); err != nil {
			return fail(err)
		}
	case 0:
	default:
		return fail(errors.New("an object was expected, as in {\"user\": \"bob\"}"))
	}
	if _, err := in.ReadToken(); !errors.Is(err, io.EOF) {
		return fail(fmt.Errorf("the list does not end here: %w", err))
	}
	if len(t.rows) == 0 {
		return t, errors.New("the file is empty; nothing was imported")
	}
	return t, nil
}
