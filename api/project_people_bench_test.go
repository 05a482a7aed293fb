package api

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
	"github.com/seed-2026d078/roster/scheme"
)

// pageOfPeople returns what makes the rows of a page of 200 people, who are on a project
// by a team, and every fifth by a grant, too.
func pageOfPeople(tb testing.TB) (domain.Organization, projections.List[projections.Person]) {
	tb.Helper()
	schemes, err := scheme.BuiltIn()
	require.NoError(tb, err)
	facts := events.Facts{
		events.OrganizationCreated{Name: "Acme", Scheme: schemes["github"].Scheme},
		events.ProjectCreated{Project: "apollo", Name: "Apollo"},
		events.TeamCreated{Team: "crew", Name: "Crew"},
		events.TeamAssigned{Team: "crew", Project: "apollo", Role: "write"},
	}
	var page projections.List[projections.Person]
	for i := range 200 {
		user := events.UserID(fmt.Sprintf("user-%06d", i))
		facts = append(facts, events.MemberJoined{Member: user, Role: "member"}, events.TeamMemberAdded{Team: "crew", Member: user, Role: "member"})
		if i%5 == 0 {
			facts = append(facts, events.ProjectMemberAdded{Project: "apollo", Member: user, Role: "read"})
		}
		page.Items = append(page.Items, projections.Person{User: user, Login: string(user), Name: fmt.Sprintf("Person %06d", i), Email: string(user) + "@example.org"})
	}
	state := domain.Roster{}.Transient()
	entry := events.Entry{Organization: "acme", Version: 1, Actor: "ada", At: time.Date(2026, 3, 2, 9, 0, 0, 123456789, time.UTC), Events: facts}
	for recorded := range entry.Recorded() {
		state = state.Apply("acme", recorded)
	}
	return state.Persistent().Organization("acme").At(time.Now()), page
}

// BenchmarkProjectMemberRows makes, encodes and sends a page of 200 people on a project.
// Beside what the API does stands what it would do more simply.
func BenchmarkProjectMemberRows(b *testing.B) {
	org, people := pageOfPeople(b)
	build := func() List[projectMember] {
		rows := projectMemberRows{
			org, "apollo", func(events.TeamID) bool { return true }, domain.NewActionFinder(org, events.Moment{At: time.Now(), Now: time.Now()}), levelEncoder{},
		}
		return rowsOf(people, rows.row)
	}
	built := build()
	inChunks := func(w io.Writer, v any) error { return json.MarshalWrite(w, v, json.Deterministic(true)) }
	for _, bench := range []struct {
		name string
		do   func() error
	}{
		{"built", func() error { build(); return nil }},
		{"encoded", func() error { return encode(io.Discard, built) }},
		{"levels/once a list", func() error {
			levels := levelEncoder{}
			rows := make([]encodedLevels, len(people.Items))
			for i, p := range people.Items {
				rows[i] = levels.encode(org.Access(p.User, "apollo"))
			}
			return encode(io.Discard, rows)
		}},
		{"levels/each time", func() error {
			rows := make([]events.Levels, len(people.Items))
			for i, p := range people.Items {
				rows[i] = org.Access(p.User, "apollo").Levels()
			}
			return encode(io.Discard, rows)
		}},
		{"sent/at once", overHTTP(b, func(w io.Writer) error { return encode(w, built) })},
		{"sent/in chunks", overHTTP(b, func(w io.Writer) error { return inChunks(w, built) })},
	} {
		b.Run(bench.name, func(b *testing.B) {
			for b.Loop() {
				require.NoError(b, bench.do())
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(people.Items)), "ns/row")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// overHTTP returns what asks a server that answers by write, and reads the answer.
func overHTTP(b *testing.B, write func(io.Writer) error) func() error {
	b.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { assert.NoError(b, write(w)) }))
	b.Cleanup(server.Close)
	return func() error {
		request, err := http.NewRequestWithContext(b.Context(), http.MethodGet, server.URL, http.NoBody)
		if err != nil {
			return err
		}
		answer, err := server.Client().Do(request)
		if err != nil {
			return err
		}
		defer answer.Body.Close()
		_, err = io.Copy(io.Discard, answer.Body)
		return err
	}
}
