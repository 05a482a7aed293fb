package projections

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func TestMembersByNameAndRole(t *testing.T) {
	t.Parallel()
	f := acme(t)
	f.give("acme", domain.ChangeMemberRole{Member: "dan", To: "admin"},
		domain.RequestElevation{Request: "r", Member: "cyd", Role: "admin", For: time.Hour, Reason: sealed("Night")}, domain.ApproveAccessRequest{Request: "r"},
		domain.RequestElevation{Request: "s", Member: "bob", Project: "p1", Role: "maintain", For: time.Hour, Reason: sealed("Release")}, domain.ApproveAccessRequest{Request: "s"})
	for _, tc := range []struct {
		name   string
		filter MemberFilter
		want   []events.UserID
	}{
		{"everybody, with Á among the letters A", MemberFilter{}, []events.UserID{"ada", "cyd", "bob", "dan"}},
		{"a role, also of those who are elevated to it", MemberFilter{Role: "admin"}, []events.UserID{"ada", "cyd", "dan"}},
		{"the role that those have themselves who are elevated", MemberFilter{Role: "member"}, []events.UserID{"cyd", "bob"}},
		{"a role on a project is none in the organization", MemberFilter{Role: "maintain"}, []events.UserID{}},
		{"one letter of a name or login", MemberFilter{Search: "d"}, []events.UserID{"ada", "cyd", "dan"}},
		{"a part of a name in another case", MemberFilter{Search: "álva"}, []events.UserID{"cyd"}},
		{"without its diacritics, or decomposed", MemberFilter{Search: "A\u0301LV"}, []events.UserID{"cyd"}},
		{"words in another order", MemberFilter{Search: "yd alv"}, []events.UserID{"cyd"}},
		{"words of a name and of an address", MemberFilter{Search: "example.org bob"}, []events.UserID{"bob"}},
		{"words that do not all occur", MemberFilter{Search: "bob cyd"}, []events.UserID{}},
		{"space alone is no search", MemberFilter{Search: " \u3000"}, []events.UserID{"ada", "cyd", "bob", "dan"}},
	} {
		found, err := f.ListMembers(t.Context(), f.org("acme"), tc.filter)
		require.NoError(t, err)
		assert.Equal(t, tc.want, each(found.Items, userOf), tc.name)
	}
}

func TestMembersByStatus(t *testing.T) {
	t.Parallel()
	f := studio(t)
	for status, want := range map[Status][]events.UserID{
		"":          {"ada", "bob", "cyd", "dan", "eve", "fay"},
		Active:      {"ada", "bob", "dan", "fay"},
		Deactivated: {"cyd"},
		Ended:       {"eve"},
	} {
		found, err := f.ListMembers(t.Context(), f.org("studio").At(time.Now()), MemberFilter{Status: status})
		require.NoError(t, err)
		assert.ElementsMatch(t, want, each(found.Items, userOf), "those who are %q", status)
	}
}

func TestPeopleAreCalledAsTheyWereSealed(t *testing.T) {
	t.Parallel()
	known, err := studio(t).People(t.Context(), "studio", []events.UserID{"bob", "cyd", "nobody"})
	require.NoError(t, err)
	want := map[events.UserID]Person{
		"bob": {User: "bob", Login: "bob", Name: "Bob Byte", Email: "bob@example.org"},
		"cyd": {User: "cyd", Login: "cyd"},
	}
	assert.Empty(t, cmp.Diff(want, known, cmpopts.IgnoreUnexported(Person{})))
}
