package events_test

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-2026d078/roster/events"
)

// TestSamplesSetEveryField holds that a golden file shows all that its event can say.
func TestSamplesSetEveryField(t *testing.T) {
	t.Parallel()
	for _, sample := range samples {
		set := map[string]bool{}
		look(reflect.ValueOf(sample), set)
		for field, once := range set {
			if !once {
				t.Errorf("the sample of %s leaves %s at its zero value", sample.Type(), field)
			}
		}
	}
}

// look notes of every field within a value whether it is set at least once.
func look(v reflect.Value, set map[string]bool) {
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
	case v.Kind() == reflect.Struct:
		for field, value := range v.Fields() {
			name := v.Type().Name() + "." + field.Name
			set[name] = set[name] || !value.IsZero()
			look(value, set)
		}
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			look(v.Index(i), set)
		}
	case v.Kind() == reflect.Map:
		for entry := v.MapRange(); entry.Next(); {
			look(entry.Value(), set)
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
	events.MemberJoined{Member: "ada", Role: "owner", Login: "Ada", Name: "k1.bmFtZQ", Email: "k1.bWFpbA", Address: "aGFzaA"},
	events.MemberInvited{
		Invite: "01JQ", Role: "member", Email: "k2.bWFpbA", Address: "aGFzaA", Token: events.Sum([]byte("secret")), Nonce: "n-1",
		Expires: day, Projects: []events.ProjectRole{{Project: "p1", Role: "editor"}},
	},
	events.ProjectMemberAdded{Project: "p1", Member: "bob", Role: "member"},
	events.TeamCreated{Team: "t1", Name: "core", Parent: "t0", Description: "The core", Privacy: events.Closed},
	events.TeamAssigned{Team: "t1", Project: "p1", Role: "write"},
}

// TestBefore holds that ledgers written before a type got more fields are read as
// they were meant.
func TestBefore(t *testing.T) {
	t.Parallel()
	var kept []string
	for _, event := range before {
		name := string(event.Type()) + ".json"
		kept = append(kept, name)
		written, err := os.ReadFile(filepath.Join("testdata", "before", name))
		if err != nil {
			t.Fatal(err)
		}
		read, err := events.Decode(written, 4)
		if err != nil {
			t.Fatal(err)
		}
		want := commitOf(event)
		want.Position, want.Hash = 4, events.Sum(written)
		if diff := cmp.Diff(want, read); diff != "" {
			t.Errorf("%s (-written +read):\n%s", name, diff)
		}
	}
	files, err := os.ReadDir(filepath.Join("testdata", "before"))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(kept)
	names := make([]string, len(files))
	for i, file := range files {
		names[i] = file.Name()
	}
	if diff := cmp.Diff(names, kept); diff != "" {
		t.Errorf("every file is read (-files +read):\n%s", diff)
	}
}
