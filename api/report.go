package api

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/csv"
	"io"
	"iter"
	"math"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

const reportsPath = organizationPath + "/reports"

// ReportQuery asks for a page of a report, or for all of it as CSV.
type ReportQuery struct {
	InOrganization
	Paging
	AtTime
	Format string `query:"format" enum:"json,csv" default:"json" doc:"csv is the whole report as one table."`
}

func (q *ReportQuery) report() *ReportQuery { return q }

// reportRow is a line of a report. Its key depends on nothing but the line, so that pages
// fit together although the organization changes between them.
type reportRow interface {
	key() rowKey
	cells() []string
}

// report is a list about a whole organization.
type report[P any, R reportRow] struct {
	route
	columns []string
	// rows yields what comes behind a key, in the order of the keys, about the organization as
	// it was at the time that is asked for. It ends when the walk does. Complete adds the names
	// of people.
	rows     func(p asOf, in P, behind rowKey) iter.Seq[R]
	complete func(ctx context.Context, p asOf, rows []R) error
}

// serveReport registers the route of a report.
func serveReport[I any, P interface {
	*I
	report() *ReportQuery
}, R reportRow](s *Server, r report[P, R]) {
	op := r.operation()
	op.Description = "Of projects, it tells of those that the actor sees."
	op.Responses = map[string]*huma.Response{
		"200":     s.response("The report", "application/json", reflect.TypeFor[List[R]]()),
		"default": s.response("Error", "application/problem+json", reflect.TypeFor[Problem]()),
	}
	op.Responses["200"].Content[textCSV] = &huma.MediaType{Schema: &huma.Schema{
		Type: huma.TypeString, Description: "A line of headings, then one for each item, as RFC 4180 has them.",
	}}
	register(s, op, func(ctx context.Context, in *I) (*answer[func(huma.Context)], error) {
		q := P(in).report()
		behind, err := readRowKey(q.After)
		if err != nil {
			return nil, err
		}
		limit := timeLimit{r.name, listTimeout}
		return within(ctx, s, limit, func(limited context.Context) (*answer[func(huma.Context)], error) {
			p, err := s.reported(limited, q)
			if err != nil {
				return nil, err
			}
			var body func(huma.Context)
			if q.Format == "csv" {
				p.walk = s.newWalk(ctx, p.then) // until the client has all of it
				body, err = r.table(limited, p, func(behind rowKey) iter.Seq[R] { return r.rows(p, P(in), behind) })
			} else {
				body, err = r.page(limited, p, r.rows(p, P(in), behind), q.Limit)
			}
			return fromMemory(p.now, p.position, body), err
		})
	})
}

// reported returns the organization that a report is about.
func (s *Server) reported(ctx context.Context, q *ReportQuery) (asOf, error) {
	if q.asked() {
		return s.past(ctx, q.Org, q.At.Time, domain.SeeingReports, domain.About{})
	}
	org, _, position, err := s.listing(ctx, q.Org, domain.SeeingReports, domain.About{})
	if err != nil {
		return asOf{}, err
	}
	return s.current(ctx, org, position), nil
}

// page answers with one page.
func (r report[P, R]) page(ctx context.Context, p asOf, rows iter.Seq[R], limit int) (func(huma.Context), error) {
	found, err := r.find(ctx, p, rows, limit)
	if err != nil {
		return nil, err
	}
	return func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", "application/json")
		ctx.SetStatus(http.StatusOK)
		_ = jsonFormat.Marshal(ctx.BodyWriter(), found) // an error means that the client is gone
	}, nil
}

// find returns the rows of a page. They may be fewer than the limit, or none, although there are more: a page ends
// after so many steps.
func (r report[P, R]) find(ctx context.Context, p asOf, rows iter.Seq[R], limit int) (List[R], error) {
	found := List[R]{Items: make([]R, 0, limit)}
	for row := range rows {
		if len(found.Items) == limit {
			found.Next = found.Items[limit-1].key().cursor()
			break
		}
		found.Items = append(found.Items, row)
	}
	if found.Next == "" && p.walk.stopped != nil {
		found.Next = p.walk.stopped.cursor()
	}
	if err := p.walk.end(); err != nil {
		return List[R]{}, err
	}
	return found, r.complete(ctx, p, found.Items)
}

const (
	textCSV = "text/csv"
	// linesAtOnce is how many lines of a table are completed together.
	linesAtOnce = 500
)

// table answers with the whole report, in parts, of which it holds one at a time. The first
// is ready before the answer begins, so that an error can still be told.
func (r report[P, R]) table(ctx context.Context, p asOf, rows func(behind rowKey) iter.Seq[R]) (func(huma.Context), error) {
	t := newTableParts(r, p, rows)
	part, more, err := t.part(ctx)
	if err != nil {
		t.end()
		return nil, err
	}
	return func(ctx huma.Context) { //nolint:contextcheck // huma's context is the one of the answer
		defer t.end()
		ctx.SetHeader("Content-Type", textCSV+"; charset=utf-8; header=present")
		ctx.SetHeader("Content-Disposition", `attachment; filename="`+r.name+`.csv"`)
		ctx.SetStatus(http.StatusOK)
		out := newCSV(ctx.BodyWriter())
		_ = out.Write(r.columns) // the writer keeps the error
		for {
			for _, row := range part {
				line := row.cells()
				for i := range line {
					line[i] = escapeFormula(line[i])
				}
				_ = out.Write(line)
			}
			if out.Flush(); out.Error() != nil {
				return // the client is gone
			}
			if !more {
				return
			}
			var err error
			if part, more, err = t.part(ctx.Context()); err != nil {
				panic(http.ErrAbortHandler) // the client must not take a part for the whole
			}
		}
	}, nil
}

// tableParts makes the lines of a table part by part.
type tableParts[P any, R reportRow] struct {
	report report[P, R]
	p      asOf
	rows   func(behind rowKey) iter.Seq[R]
	next   func() (R, bool)
	stop   func()
}

func newTableParts[P any, R reportRow](r report[P, R], p asOf, rows func(behind rowKey) iter.Seq[R]) *tableParts[P, R] {
	t := &tableParts[P, R]{report: r, p: p, rows: rows}
	t.next, t.stop = iter.Pull(rows(beforeAll))
	return t
}

// end ends the table, wherever it is.
func (t *tableParts[P, R]) end() { t.stop() }

// part returns the next lines of a table, and whether there may be more; it may be none. Between two parts
// others may walk: the client takes what time it wants.
func (t *tableParts[P, R]) part(ctx context.Context) (part []R, more bool, err error) {
	part = make([]R, 0, linesAtOnce)
	for len(part) < linesAtOnce {
		row, found := t.next()
		if !found {
			break
		}
		part = append(part, row)
	}
	more = len(part) == linesAtOnce
	if stopped := t.p.walk.stopped; stopped != nil && !more {
		t.stop()
		t.p.walk.stopped, more = nil, true
		t.next, t.stop = iter.Pull(t.rows(*stopped))
	}
	if err := t.p.walk.end(); err != nil {
		return nil, false, err
	}
	return part, more, t.report.complete(ctx, t.p, part)
}

// newCSV writes lines as RFC 4180 has them.
func newCSV(w io.Writer) *csv.Writer {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	return out
}

// escapeFormula prevents spreadsheets from running a text as a formula: anybody can have
// written it as a name.
func escapeFormula(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// timeCell writes a time as JSON does; nil is empty.
func timeCell(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.Format(time.RFC3339Nano)
}

// endCell is timeCell for a time that may be left out.
func endCell(at *time.Time) string {
	if at == nil {
		return ""
	}
	return timeCell(*at)
}

func intCell(n int) string { return strconv.Itoa(n) }

func boolCell(b bool) string { return strconv.FormatBool(b) }

// rowKey orders the lines of a report: by number, then by two texts.
type rowKey struct {
	Number int64  `json:"n,omitzero"`
	First  string `json:"a"`
	Second string `json:"b,omitzero"`
}

func (k rowKey) compare(other rowKey) int {
	return cmp.Or(cmp.Compare(k.Number, other.Number), cmp.Compare(k.First, other.First), cmp.Compare(k.Second, other.Second))
}

// cursor returns the key as the cursor of the next page.
func (k rowKey) cursor() string {
	text, _ := json.Marshal(k) // a number and two texts are always JSON
	return base64.RawURLEncoding.EncodeToString(text)
}

// readRowKey reads a cursor. The empty one is before every line.
func readRowKey(cursor string) (k rowKey, err error) {
	if cursor == "" {
		return beforeAll, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || decode(text, &k) != nil {
		return k, errBadCursor
	}
	return k, nil
}

// beforeAll is a key before every line.
var beforeAll = rowKey{Number: math.MinInt64}

// nameAll fills in the names of the people in rows.
func nameAll[R any](s *Server, person func(*R) *Person) func(context.Context, asOf, []R) error {
	return func(ctx context.Context, p asOf, rows []R) error {
		users := make([]events.UserID, len(rows))
		for i := range rows {
			users[i] = person(&rows[i]).User
		}
		known, err := s.people(ctx, p, users)
		if err != nil {
			return err
		}
		for i := range rows {
			who := person(&rows[i])
			*who = unknownPerson(who.User)
			if found, there := known[who.User]; there {
				*who = personOf(found)
			}
		}
		return nil
	}
}

// people returns what members are called or, about the past, were called.
func (s *Server) people(ctx context.Context, p asOf, users []events.UserID) (map[events.UserID]projections.Person, error) {
	if !p.isPast() {
		return s.Database.People(ctx, p.now.ID(), users)
	}
	known := make(map[events.UserID]projections.Person, len(users))
	for _, user := range users {
		person, err := s.pastPerson(ctx, p, user)
		if err != nil {
			return nil, err
		}
		known[user] = person
	}
	return known, nil
}

// accessRange is the range behind a key, without the projects that the actor does not see.
func accessRange(p asOf, behind rowKey) domain.AccessRange {
	return domain.AccessRange{
		Project: events.ProjectID(behind.First), User: events.UserID(behind.Second), Includes: p.seesProject, Proceed: p.walk.proceed,
		Reach: func(project events.ProjectID, user events.UserID) bool {
			return p.walk.reach(rowKey{First: string(project), Second: string(user)}, maxPageSteps)
		},
	}
}
