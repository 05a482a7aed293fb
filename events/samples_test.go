package events_test

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/events"
)

// TestSamplesSetEveryField checks that a golden file shows every field of its event.
func TestSamplesSetEveryField(t *testing.T) {
	t.Parallel()
	for _, sample := range samples {
		set := map[string]bool{}
		walk(reflect.ValueOf(sample), func(v reflect.Value) {
			if v.Kind() != reflect.Struct || v.Type() == reflect.TypeFor[time.Time]() {
				return
			}
			for field, value := range v.Fields() {
				name := v.Type().Name() + "." + field.Name
				set[name] = set[name] || !value.IsZero()
			}
		})
		for field, once := range set {
			assert.True(t, once, "the sample of %s leaves %s at its zero value", sample.Type(), field)
		}
	}
}

// walk visits a value and all values within it. It does not enter times.
func walk(v reflect.Value, visit func(reflect.Value)) {
	visit(v)
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
	case v.Kind() == reflect.Struct:
		for _, value := range v.Fields() {
			walk(value, visit)
		}
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), visit)
		}
	case v.Kind() == reflect.Map:
		for entry := v.MapRange(); entry.Next(); {
			walk(entry.Value(), visit)
		}
	}
}

// before holds events as they were written when their types had fewer fields.
var before = []events.Event{
	events.OrganizationCreated{Name: "Acme", Scheme: events.Scheme{
		Key: "tiny", Version: 3, Label: "Tiny",
		Permissions: rules.Permissions,
		OrganizationRoles: []events.Role{{
			Key: "owner", Label: "Owner", Rank: 2, Levels: events.Levels{"members": "full"},
			AllProjects: "editor", AtLeast: 1, Default: true, HandedOutBy: []events.RoleKey{"owner"},
		}},
		ProjectRoles:      rules.ProjectRoles,
		Teams:             events.Teams{On: true, Nested: true, Inherit: true, Roles: rules.Teams.Roles},
		ProjectCreator:    "editor",
		ProjectsVisibleTo: events.ToMembers,
		InviteDays:        7,
		Allow:             rules.Allow,
	}},
	events.MemberJoined{Member: "ada", Role: "owner", ClearLogin: "Ada", Name: "k1.bmFtZQ", Email: "k1.bWFpbA", Address: "aGFzaA"},
	events.MemberInvited{
		Invite: "01JQ", Role: "member", Email: "k2.bWFpbA", Address: "aGFzaA", Token: events.Sum([]byte("secret")), Nonce: "n-1",
		Expires: day, Projects: []events.ProjectRole{{Project: "p1", Role: "editor"}},
	},
	events.ProjectCreated{Project: "p1", Name: "Apollo"},
	events.ProjectMemberAdded{Project: "p1", Member: "bob", Role: "member"},
	events.RoleChanged{Member: "ada", From: "member", To: "owner"},
	events.ProjectRoleChanged{Project: "p1", Member: "bob", From: "member", To: "owner"},
	events.TeamCreated{Team: "t1", Name: "core", Parent: "t0", Description: "The core", Privacy: events.Closed},
	events.TeamAssigned{Team: "t1", Project: "p1", Role: "write"},
}

// TestBefore reads ledgers that were written before a type got more fields.
func TestBefore(t *testing.T) {
	t.Parallel()
	var read []string
	for _, event := range before {
		name := string(event.Type()) + ".json"
		read = append(read, name)
		written, err := os.ReadFile(filepath.Join("testdata", "before", name))
		require.NoError(t, err)
		got, err := events.Decode(written, 4)
		require.NoError(t, err)
		want := commitOf(event)
		want.Position, want.Hash = 4, events.Sum(written)
		assert.Empty(t, cmp.Diff(want, got), name)
	}
	files, err := os.ReadDir(filepath.Join("testdata", "before"))
	require.NoError(t, err)
	var names []string
	for _, file := range files {
		names = append(names, file.Name())
	}
	assert.ElementsMatch(t, names, read, "every file in testdata/before is read")
}

// TestSealedTextsAreAllOfAnEvent compares with every sealed field that a sample has.
func TestSealedTextsAreAllOfAnEvent(t *testing.T) {
	t.Parallel()
	for _, sample := range samples {
		var want []events.Sealed
		walk(reflect.ValueOf(sample), func(v reflect.Value) {
			if text, is := reflect.TypeAssert[events.Sealed](v); is && text != "" {
				want = append(want, text)
			}
		})
		subject, got := events.SealedTexts(sample)
		assert.ElementsMatch(t, want, got, "%s", sample.Type())
		assert.Equal(t, len(got) > 0, subject.ID != "", "%s", sample.Type())
	}
}
