package domain_test

import (
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// acceptedPart is a batch of which those that are refused are left out.
type acceptedPart struct{ domain.Batch }

// Decide implements [domain.Command].
func (p acceptedPart) Decide(org domain.Organization, m events.Moment) ([]events.Event, error) {
	happened, _, err := p.DecidePart(org, m)
	return happened, err
}

// TestBuiltStateEqualsTheFoldedOne holds that the state that a batch has built while it was decided, which is handed over, is the one to which its events
// fold: of the organization, and of the secrets by which invites are found.
func TestBuiltStateEqualsTheFoldedOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var folded domain.Roster
		secrets := map[events.Hash]bool{}
		made := 0
		withSecret := func(c domain.Command) domain.Command { // another one each time, as invites have
			made++
			secret := events.Sum([]byte(strconv.Itoa(made)))
			switch c := c.(type) {
			case domain.InviteMember:
				c.Token = secret
				return c
			case domain.ResendInvite:
				c.Token = secret
				return c
			}
			return c
		}
		several := func(c commandGenerator) domain.Command {
			if !c.org.Exists() {
				return c.command()
			}
			part := acceptedPart{domain.Batch{withSecret(c.invite()), withSecret(domain.ResendInvite{Invite: c.inviteID()})}}
			for range below(c.T, 4) {
				part.Batch = append(part.Batch, withSecret(c.often()))
			}
			return part
		}
		playWith(t, several, func(s step) {
			folded = folded.Evolve(s.entry)
			requireSameSnapshot(t, "the organization", snapshotOf(folded.Organization("acme")), snapshotOf(s.roster.Organization("acme")))
			for _, e := range s.entry.Events {
				switch e := e.(type) { //nolint:gochecksumtype // the others make no secret of an invite
				case events.MemberInvited:
					secrets[e.Token] = true
				case events.InviteResent:
					secrets[e.Token] = true
				}
			}
			for secret := range secrets {
				want, is := folded.InviteBy(secret)
				got, found := s.roster.InviteBy(secret)
				require.Equal(t, is, found)
				require.Equal(t, want, got)
			}
		})
	})
}

// TestHandOver holds that the state of a decision is handed over to the entry that records it, and to no other.
func TestHandOver(t *testing.T) {
	t.Parallel()
	m := events.Moment{At: noon, Now: noon, Actor: "ada"}
	var empty domain.Roster
	happened, err := empty.Decide("acme", domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme("owner-member"), Owner: "ada"}, m, always)
	require.NoError(t, err)
	given := empty.Evolve(events.Entry{Organization: "acme", Version: 1, Actor: "ada", At: noon, Events: happened})
	for name, tt := range map[string]struct {
		change func(*events.Entry)
		want   bool
	}{
		"the entry that records it":   {func(*events.Entry) {}, true},
		"equal events of another one": {func(e *events.Entry) { e.Events = slices.Clone(e.Events) }, false},
		"a part of its events":        {func(e *events.Entry) { e.Events = e.Events[:1] }, false},
		"by another actor":            {func(e *events.Entry) { e.Actor = "bob" }, false},
		"at another time":             {func(e *events.Entry) { e.At = noon.Add(1) }, false},
		"of another version":          {func(e *events.Entry) { e.Version++ }, false},
		"in another organization":     {func(e *events.Entry) { e.Organization = "initech" }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			deciding := given.Transient()
			happened, err := deciding.Decide("acme", domain.Batch{domain.AddMember{Member: "bob"}, domain.AddMember{Member: "cyd"}}, m, always)
			require.NoError(t, err)
			entry := events.Entry{Organization: "acme", Version: 2, Actor: "ada", At: noon, Events: happened}
			tt.change(&entry)
			assert.Equal(t, tt.want, domain.HandsOver(deciding, entry))
		})
	}
}

// countedBatch counts how often it is decided.
type countedBatch struct {
	domain.Batch

	times *int
}

// Decide implements [domain.Command].
func (c countedBatch) Decide(org domain.Organization, m events.Moment) ([]events.Event, error) {
	*c.times++
	return c.Batch.Decide(org, m)
}

// TestDecidedAhead holds when a command that was decided is decided again.
func TestDecidedAhead(t *testing.T) {
	t.Parallel()
	m := events.Moment{At: noon, Now: noon, Actor: "ada"}
	var given domain.Roster
	for _, id := range []events.OrganizationID{"acme", "initech"} {
		happened, err := given.Decide(id, domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme("owner-member"), Owner: "ada"}, m, always)
		require.NoError(t, err)
		given = given.Evolve(events.Entry{Organization: id, Version: 1, Actor: "ada", At: noon, Events: happened})
	}
	renamed := func(id events.OrganizationID) func(domain.Roster, events.Moment) (domain.Roster, events.Moment) {
		return func(r domain.Roster, m events.Moment) (domain.Roster, events.Moment) {
			return r.Evolve(events.Entry{Organization: id, Version: 2, Actor: "ada", At: noon, Events: []events.Event{events.OrganizationRenamed{From: "Acme", To: "A"}}}), m
		}
	}
	for name, tt := range map[string]struct {
		change func(domain.Roster, events.Moment) (domain.Roster, events.Moment)
		again  bool
	}{
		"nothing has changed":              {func(r domain.Roster, m events.Moment) (domain.Roster, events.Moment) { return r, m }, false},
		"another organization has changed": {renamed("initech"), false},
		"the organization has changed":     {renamed("acme"), true},
		"at another moment": {func(r domain.Roster, m events.Moment) (domain.Roster, events.Moment) {
			return r, events.Moment{Actor: m.Actor, At: m.At.Add(1), Now: m.Now.Add(1)}
		}, true},
		"by another actor": {func(r domain.Roster, m events.Moment) (domain.Roster, events.Moment) {
			return r, events.Moment{Actor: events.System, At: m.At, Now: m.Now}
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			times := 0
			decided, err := given.DecideAhead("acme", countedBatch{domain.Batch{domain.AddMember{Member: "bob"}, domain.AddMember{Member: "cyd"}}, &times}, m, always)
			require.NoError(t, err)
			state, at := tt.change(given, m)
			version, _ := state.Last("acme")
			deciding := state.Transient()
			happened, err := deciding.Decide("acme", decided, at, always)
			require.NoError(t, err)
			assert.Len(t, happened, 2)
			assert.Equal(t, tt.again, times == 2)
			entry := events.Entry{Organization: "acme", Version: version + 1, Actor: at.Actor, At: at.At, Events: happened}
			assert.True(t, domain.HandsOver(deciding, entry))
			after := deciding.Evolve(entry).Persistent()
			assert.Equal(t, snapshotOf(state.Evolve(entry).Organization("acme")), snapshotOf(after.Organization("acme")))
		})
	}
}
