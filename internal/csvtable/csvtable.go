package csvtable

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// Format is what a table holds.
type Format struct {
	// Columns are the names that the header may have, Required those that it must have. Case makes no difference, nor whether words are divided by
	// spaces, hyphens or underscores.
	Columns, Required []string
	// MaxRows is how many rows there may be; more are a [*TooManyError].
	MaxRows int
}

// Row is a row of a table.
type Row struct {
	// Line is where it begins, from 1.
	Line int
	// Cells are the texts by column, without space around them. Empty ones are left out.
	Cells map[string]string
	// Err is what is wrong with the row as a whole; nil if nothing is.
	Err error
}

// Error says what is wrong with a text as a whole, so that nothing of it can be used.
type Error struct {
	// Line and Column are where, from 1, in characters; zero if it is nowhere in particular.
	Line, Column int
	text         string
}

func (e *Error) Error() string {
	switch {
	case e.Line == 0:
		return e.text
	case e.Column == 0:
		return fmt.Sprintf("line %d: %s", e.Line, e.text)
	}
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.text)
}

// TooManyError says that there are more than so many rows.
type TooManyError struct{ Limit int }

func (e *TooManyError) Error() string { return fmt.Sprintf("there are more than %d rows", e.Limit) }

// Read reads a table. The error is an [*Error] or a [*TooManyError]. There is at least one row; rows without any text are left out.
func (f Format) Read(text []byte) ([]Row, error) {
	text, err := plainText(text)
	if err != nil {
		return nil, err
	}
	in := csv.NewReader(bytes.NewReader(text))
	in.FieldsPerRecord, in.TrimLeadingSpace = -1, true
	first, err := read(in, text)
	if errors.Is(err, io.EOF) {
		return nil, &Error{text: "the table is empty"}
	}
	if err != nil {
		return nil, err
	}
	line, _ := in.FieldPos(0)
	header, err := f.header(first, line)
	if err != nil {
		return nil, err
	}
	var rows []Row
	for {
		fields, err := read(in, text)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		line, _ := in.FieldPos(0)
		row := rowOf(header, fields, line)
		if len(row.Cells) == 0 && row.Err == nil {
			continue
		}
		if len(rows) == f.MaxRows {
			return nil, &TooManyError{f.MaxRows}
		}
		rows = append(rows, row)
	}
	if rows == nil {
		return nil, &Error{text: "there is no row below the header"}
	}
	return rows, nil
}

// read reads a record.
func read(in *csv.Reader, text []byte) ([]string, error) {
	fields, err := in.Read()
	if wrong, ok := errors.AsType[*csv.ParseError](err); ok {
		says := `a quote is where none may be: a field with quotes in it stands in quotes, and has each of them twice`
		if errors.Is(wrong.Err, csv.ErrQuote) && wrong.StartLine != wrong.Line {
			says = fmt.Sprintf("the quotes that begin in line %d do not end", wrong.StartLine)
		}
		return nil, &Error{wrong.Line, characters(text, wrong.Line, wrong.Column), says}
	}
	return fields, err
}

// characters returns which character of a line begins at a byte of it, both from 1.
func characters(text []byte, line, column int) int {
	for range line - 1 {
		_, text, _ = bytes.Cut(text, []byte("\n"))
	}
	return 1 + utf8.RuneCount(text[:min(max(column-1, 0), len(text))])
}

// header returns the columns that a header names.
func (f Format) header(names []string, line int) ([]string, error) {
	if len(names) == 1 && !slices.Contains(f.Columns, columnName(names[0])) {
		for separator, name := range map[string]string{";": "semicolons", "\t": "tabs"} {
			if strings.Contains(names[0], separator) {
				return nil, &Error{line, 0, fmt.Sprintf("the columns are divided by %s: save the table with commas between them", name)}
			}
		}
	}
	header := make([]string, len(names))
	var unknown []string
	for i, name := range names {
		header[i] = columnName(name)
		switch {
		case !slices.Contains(f.Columns, header[i]):
			unknown = append(unknown, fmt.Sprintf("%q", strings.TrimSpace(name)))
		case slices.Contains(header[:i], header[i]):
			return nil, &Error{line, 0, fmt.Sprintf("the header has the column %s twice", header[i])}
		}
	}
	there := "there are " + strings.Join(f.Columns, ", ")
	if unknown != nil {
		return nil, &Error{line, 0, fmt.Sprintf("the header has columns that are unknown: %s; %s", strings.Join(unknown, ", "), there)}
	}
	for _, required := range f.Required {
		if !slices.Contains(header, required) {
			return nil, &Error{line, 0, fmt.Sprintf("the header has no column %s; %s", required, there)}
		}
	}
	return header, nil
}

// columnName returns the name of a column as it is compared.
func columnName(header string) string {
	return strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(header)))
}

func rowOf(header, fields []string, line int) Row {
	row := Row{Line: line, Cells: map[string]string{}}
	for i, field := range fields[:min(len(fields), len(header))] {
		if field = strings.TrimSpace(field); field != "" {
			row.Cells[header[i]] = field
		}
	}
	if len(fields) != len(header) {
		row.Err = fmt.Errorf("the number of fields is %d in the row, and %d in the header: put a field that contains a comma in quotes", len(fields), len(header))
	}
	return row
}
