package api

import (
	"cmp"
	"encoding/base64"
	"encoding/csv"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
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

// rowKey is where a line stands in a report: by number, then by two texts.
type rowKey struct {
	Number int64  `json:"n,omitzero"`
	First  string `json:"a"`
	Second string `json:"b,omitzero"`
}

func (p rowKey) compare(other rowKey) int {
	return cmp.Or(cmp.Compare(p.Number, other.Number), cmp.Compare(p.First, other.First), cmp.Compare(p.Second, other.Second))
}

// cursor names the place for the next page.
func (p rowKey) cursor() string {
	text, _ := json.Marshal(p) // a number and two texts are always JSON
	return base64.RawURLEncoding.EncodeToString(text)
}

// readRowKey reads a cursor; the empty one is before all lines.
func readRowKey(cursor string) (p rowKey, err error) {
	if cursor == "" {
		return beforeAll, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || decode(text, &p) != nil {
		return p, errBadCursor
	}
	return p, nil
}

// beforeAll is the place before every line.
var beforeAll = rowKey{Number: math.MinInt64}
