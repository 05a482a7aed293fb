package domain_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// pair is somebody on a project.
type pair struct {
	user    events.UserID
	project events.ProjectID
}

// held writes the role and the levels as people see them: a switch that is lowered to view is off.
func held(a domain.Access) string {
	if a.Role == "" {
		return ""
	}
	return fmt.Sprint(a.Role, a.Levels())
}

// TestEffectiveChangesAddUp holds that the sum of all changes is the access that there is: each
// change begins with what the one before it ended with, and none is left out.
func TestEffectiveChangesAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sum := map[pair]domain.Access{}
		play(t, func(s step) {
			before := s.before.At(time.Time{})
			evolved := before.EvolveEntry(&s.entry)
			changes, all := domain.EffectiveChangesOf(before, &s.entry, 1000, always)
			require.True(t, all)
			for i := range changes.Len() {
				c := changes.At(i)
				at := pair{c.User, c.Project}
				assert.Equal(t, held(sum[at]), held(c.From), "what %v had", at)
				assert.Equal(t, s.entry.Version, c.Version)
				assert.Less(t, c.Index, len(s.entry.Events))
				sum[at] = c.To
				if c.To.Role == "" {
					delete(sum, at)
				}
			}
			after := s.after.At(time.Time{})
			want := map[pair]string{}
			for _, user := range someone {
				for _, project := range anything {
					access := after.Access(user, project)
					assert.Equal(t, access, evolved.Access(user, project))
					if after.Exists() && access.Role != "" {
						want[pair{user, project}] = held(access)
					}
				}
			}
			got := map[pair]string{}
			for at, access := range sum {
				got[at] = held(access)
			}
			assert.Equal(t, want, got, "after %#v", s.entry.Events)
		})
	})
}

func TestEffectiveChanges(t *testing.T) {
	t.Parallel()
	before := stateAfter(hub, joined("ada", "admin"), joined("bob", "member"), joined("cyd", "member"), created("p"), team("t", ""),
		entered("t", "bob", "member"), entered("t", "cyd", "member"), granted("p", "bob", "write"))
	type change struct {
		user     events.UserID
		from, to events.RoleKey
		index    int
	}
	for _, test := range []struct {
		name string
		most int
		when []events.Event
		want []change
		over bool
	}{
		{name: "a team comes: who has more already changes nothing", when: then(assigned("t", "p", "read")), want: []change{{"cyd", "", "read", 0}}},
		{
			name: "a team comes as a grant goes, for the same role", when: then(events.ProjectMemberRemoved{Project: "p", Member: "bob"}, assigned("t", "p", "write")),
			want: []change{{"cyd", "", "write", 1}},
		},
		{
			name: "for another role", when: then(events.ProjectMemberRemoved{Project: "p", Member: "bob"}, assigned("t", "p", "read")),
			want: []change{{"bob", "write", "read", 1}, {"cyd", "", "read", 1}},
		},
		{name: "what a person is called", when: then(events.ProfileChanged{Member: "bob"})},
		{name: "in the organization alone", when: then(events.MemberLevelsChanged{Member: "bob"})},
		{name: "as many as may be", most: 1, when: then(assigned("t", "p", "read")), want: []change{{"cyd", "", "read", 0}}},
		{name: "more than may be", most: 1, when: then(assigned("t", "p", "maintain")), over: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			most := 100
			if test.most > 0 {
				most = test.most
			}
			changes, all := domain.EffectiveChangesOf(before, &events.Entry{Organization: "acme", Version: 9, Events: test.when}, most, always)
			require.Equal(t, test.over, !all)
			var got []change
			for i := range changes.Len() {
				c := changes.At(i)
				got = append(got, change{c.User, c.From.Role, c.To.Role, c.Index})
			}
			assert.Equal(t, test.want, got)
		})
	}
}
