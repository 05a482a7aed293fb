package projections

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func notice(id string, user events.UserID, project events.ProjectID, position events.Position) domain.RoleNotice {
	return domain.RoleNotice{
		ID: id, Organization: "acme", User: user, Project: project, From: "read", To: "write", Position: position,
		Origin: events.Origin{Version: events.Version(position), At: time.Date(2026, 3, 2, 9, 0, int(position), 0, time.UTC), Actor: "bob"},
	}
}

func TestInboxDeliversOnce(t *testing.T) {
	t.Parallel()
	inbox := unprojected(t).Inbox()
	ctx := t.Context()
	first := []domain.RoleNotice{notice("n1", "ada", "p", 1), notice("n2", "ada", "", 2), notice("n3", "cyd", "p", 2)}
	at := events.Checkpoint{Position: 2, Hash: events.Sum([]byte("two"))}
	for range 2 { // the second time changes nothing
		require.NoError(t, inbox.Deliver(ctx, at, first))
	}
	got, err := inbox.Checkpoint(ctx)
	require.NoError(t, err)
	assert.Equal(t, at, got)
	assert.NoError(t, inbox.Wait(ctx, 2))

	var asking sync.WaitGroup
	handed, now := make([][]Notification, 8), time.Now().UTC().Truncate(time.Microsecond)
	for i := range handed {
		asking.Go(func() {
			var err error
			handed[i], err = inbox.Due(ctx, "acme", "ada", "p", now)
			assert.NoError(t, err)
		})
	}
	asking.Wait()
	want := []Notification{{
		ID: "n1", Organization: "acme", Project: "p", From: "read", To: "write", Changed: first[0].Origin, Shown: &now, position: 1,
	}}
	assert.Equal(t, want, slices.Concat(handed...))

	require.NoError(t, inbox.Deliver(ctx, at, first))
	again, err := inbox.Due(ctx, "acme", "ada", "p", now)
	require.NoError(t, err)
	assert.Empty(t, again, "shown again after another delivery")
}

func TestInboxListsAndAcknowledges(t *testing.T) {
	t.Parallel()
	f := unprojected(t)
	inbox, ctx := f.Inbox(), t.Context()
	delivered := []domain.RoleNotice{notice("n1", "ada", "p", 1), notice("n2", "ada", "", 2), notice("n3", "cyd", "p", 2), notice("n4", "ada", "q", 2)}
	require.NoError(t, inbox.Deliver(ctx, events.Checkpoint{Position: 2}, delivered))
	var got []string
	for p := (Page{Limit: 1}); ; {
		found, err := inbox.List(ctx, "ada", p)
		require.NoError(t, err)
		for _, n := range found.Items {
			got = append(got, n.ID)
		}
		if p.After = found.Next; p.After == "" {
			break
		}
	}
	assert.Empty(t, cmp.Diff([]string{"n2", "n4", "n1"}, got))
	for range 2 {
		require.NoError(t, inbox.Acknowledge(ctx, "ada", "n2", time.Now()))
	}
	assert.ErrorIs(t, inbox.Acknowledge(ctx, "cyd", "n2", time.Now()), ErrNotFound)
	due, err := inbox.Due(ctx, "acme", "ada", "", time.Now())
	require.NoError(t, err)
	assert.Empty(t, due, "what was acknowledged is due")
	f.by(events.System, "acme", domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme(t, "github"), Owner: "ada"})
	require.NoError(t, f.Rebuild(ctx, f.ledger, nil)) // which leaves all this alone
	found, err := inbox.List(ctx, "ada", Page{})
	require.NoError(t, err)
	assert.NotNil(t, found.Items[0].Acknowledged)
	assert.Nil(t, found.Items[1].Acknowledged)
}

// TestNoticesHaveATime tells at the next access, at once, or both, and nothing in the
// inbox that is for other channels.
func TestNoticesHaveATime(t *testing.T) {
	t.Parallel()
	inbox, ctx := unprojected(t).Inbox(), t.Context()
	delivered := make([]domain.RoleNotice, 4)
	for i, when := range []events.NoticeTime{events.AtNextAccess, events.AtOnce, events.BothTimes, events.BothTimes} {
		delivered[i] = notice(string(when), "ada", "p", events.Position(i+1))
		delivered[i].When, delivered[i].SkipsInbox = when, i == 3
	}
	delivered[3].ID = "elsewhere"
	require.NoError(t, inbox.Deliver(ctx, events.Checkpoint{Position: 4}, delivered))
	list := func() []string {
		found, err := inbox.List(ctx, "ada", Page{})
		require.NoError(t, err)
		return each(found.Items, func(n Notification) string { return n.ID })
	}
	assert.Empty(t, cmp.Diff([]string{"both", "at_once"}, list()))
	assert.ErrorIs(t, inbox.Acknowledge(ctx, "ada", "next_access", time.Now()), ErrNotFound)
	for _, want := range [][]string{{"next_access", "both"}, {}} {
		due, err := inbox.Due(ctx, "acme", "ada", "p", time.Now())
		require.NoError(t, err)
		assert.Empty(t, cmp.Diff(want, each(due, func(n Notification) string { return n.ID })))
	}
	assert.Empty(t, cmp.Diff([]string{"both", "at_once", "next_access"}, list()))
}
