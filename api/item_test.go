package api

import (
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/scheme"
)

// FuzzItem reads anything as an item of a bulk command and has it decided under
// every scheme: it is refused in a way that its sender may see, or it is not.
func FuzzItem(f *testing.F) {
	s := newServer(Config{})
	for kind := range s.items {
		text, err := json.Marshal(map[string]any{
			"type": kind, "user": "bob", "project": "p", "team": "t", "name": "N", "to": "bob", "kind": "project", "role": "member",
		})
		require.NoError(f, err)
		f.Add(string(text))
		f.Add(`{"type":"` + kind + `"}`)
	}
	f.Add(`{"type":"define_role","kind":"organization","role":"r","rank":1,"levels":{"users":"view"}}`)
	f.Add(`{"type":"set_override","project":"p","user":"bob","permission":"comment","level":"off"}`)
	f.Add(`{"type":"change_member_end","user":"bob","until":"2999-01-01T00:00:00+14:00"}`)
	f.Add(`{"type":"invite_member","email":"a@b.c","projects":[{"project":"p","levels":{"x":"y"}}]}`)
	f.Add(`{"type":7}`)
	f.Add(`[]`)
	master, _ := keyring.NewMasterKey()
	keys, err := keyring.Open(f.Context(), bustest.New(f), keyring.Config{Master: master})
	require.NoError(f, err)
	schemes, err := scheme.BuiltIn()
	require.NoError(f, err)
	states := map[string]domain.Roster{}
	for key, scheme := range schemes {
		states[key] = peopled(f, scheme)
	}
	f.Fuzz(func(t *testing.T, text string) {
		build, err := s.decodeItem(newBulkItem(jsontext.Value(text)))
		if err != nil {
			assert.Equal(t, errMalformed.code, problemOf(err).Code, "%q has another problem", text)
			return
		}
		command, err := build(t.Context(), &commandBuilder{org: "acme", keys: keys, schemes: schemes, draft: true, tries: s.tries})
		if err != nil {
			assert.True(t, safe(err), "%q is a fault: %v", text, err)
			return
		}
		for key, state := range states {
			for _, actor := range []events.UserID{events.System, "ada", "bob", "zoe"} {
				at := state.Organization("acme").Last()
				happened, err := state.Decide("acme", command, events.Moment{Actor: actor, At: at, Now: at}, nil)
				assert.True(t, err == nil || safe(err), "%q is a fault under %s: %v", text, key, err)
				state.Evolve(events.Entry{Organization: "acme", Version: 99, Actor: actor, At: at, Events: happened})
			}
		}
	})
}

// peopled is an organization that has a bit of everything which its scheme allows.
func peopled(t testing.TB, scheme *domain.Scheme) domain.Roster {
	t.Helper()
	var state domain.Roster
	for i, c := range []domain.Command{
		domain.CreateOrganization{Name: "Acme", Scheme: scheme, Owner: "ada"},
		domain.AddMember{Member: "bob"},
		domain.CreateProject{Project: "p", Name: "P"},
		domain.AddProjectMember{Project: "p", Member: "bob"},
		domain.TurnOnPublicLink{Project: "p"},
		domain.CreateTeam{Team: "t", Name: "T"},
		domain.AddTeamMember{Team: "t", Member: "bob"},
		domain.AssignTeam{Team: "t", Project: "p"},
	} {
		at := events.Instant(state.Organization("acme").Last().Add(time.Hour))
		happened, err := state.Decide("acme", c, events.Moment{At: at, Now: at}, nil)
		require.True(t, err == nil || safe(err), "a fault: %v", err)
		state = state.Evolve(events.Entry{Organization: "acme", Version: events.Version(i + 1), At: at, Events: happened})
	}
	return state
}
