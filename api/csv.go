package api

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"
)

// newCSV writes lines as RFC 4180 has them.
func newCSV(w io.Writer) *csv.Writer {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	return out
}

// harmless keeps a spreadsheet from running a text as a formula: names are other
// people's words.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// cell writes a time as JSON has it; none is empty.
func cell(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.Format(time.RFC3339Nano)
}

func numeral(n int) string { return strconv.Itoa(n) }

func truth(b bool) string { return strconv.FormatBool(b) }
