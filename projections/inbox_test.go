package projections

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func notice(id string, user events.UserID, project events.ProjectID, position events.Position) domain.Notice {
	return domain.Notice{
		ID: id, Kind: events.NoticeOfRoleChange, Organization: "acme", User: user, Project: project, From: "read", To: "write", Position: position,
		Origin: events.Origin{Version: events.Version(position), At: time.Date(2026, 3, 2, 9, 0, int(position), 0, time.UTC), Actor: "bob"},
	}
}

func TestInboxDeliversOnce(t *testing.T) {
	t.Parallel()
	inbox := unprojected(t).Inbox()
	ctx := t.Context()
	first := []domain.Notice{notice("n1", "ada", "p", 1), notice("n2", "ada", "", 2), notice("n3", "cyd", "p", 2)}
	at := events.Checkpoint{Position: 2, Hash: events.Sum([]byte("two"))}
	for range 2 { // the second time changes nothing
		require.NoError(t, inbox.Deliver(ctx, at, first))
	}
	got, err := inbox.Checkpoint(ctx)
	require.NoError(t, err)
	assert.Equal(t, at, got)
	assert.NoError(t, inbox.Wait(ctx, 2))

	want := []Notification{{ID: "n1", Kind: events.NoticeOfRoleChange, Organization: "acme", Project: "p", From: "read", To: "write", Changed: first[0].Origin, position: 1}}
	for range 2 { // looking marks nothing
		got, err := inbox.Unshown(ctx, "acme", "ada", "p")
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}

	now := time.Now().UTC().Truncate(time.Microsecond)
	assert.ErrorIs(t, inbox.MarkShown(ctx, "cyd", []string{"n1", "n3"}, now), ErrNotFound, "of somebody else")
	assert.Equal(t, []string{"n3"}, unshown(t, inbox, "cyd", "p"), "not all are theirs, so none is marked")
	for i := range 2 {
		require.NoError(t, inbox.MarkShown(ctx, "ada", []string{"n1", "n1"}, now.Add(time.Duration(i)*time.Second)))
	}
	require.NoError(t, inbox.Deliver(ctx, at, first))
	assert.Empty(t, unshown(t, inbox, "ada", "p"), "after another delivery")
	found, err := inbox.List(ctx, "ada", Page{})
	require.NoError(t, err)
	assert.Equal(t, &now, found.Items[1].Shown, "marking again changes nothing")
}

// unshown lists the ids of what a person is to be shown about a project.
func unshown(t *testing.T, inbox *Inbox, user events.UserID, project events.ProjectID) []string {
	t.Helper()
	found, err := inbox.Unshown(t.Context(), "acme", user, project)
	require.NoError(t, err)
	return each(found, func(n Notification) string { return n.ID })
}

func TestInboxListsAndAcknowledges(t *testing.T) {
	t.Parallel()
	f := unprojected(t)
	inbox, ctx := f.Inbox(), t.Context()
	delivered := []domain.Notice{notice("n1", "ada", "p", 1), notice("n2", "ada", "", 2), notice("n3", "cyd", "p", 2), notice("n4", "ada", "q", 2)}
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
	assert.Empty(t, unshown(t, inbox, "ada", ""), "what was acknowledged")
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
	delivered := make([]domain.Notice, 4)
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
	assert.Equal(t, []string{"next_access", "both"}, unshown(t, inbox, "ada", "p"))
	require.NoError(t, inbox.MarkShown(ctx, "ada", []string{"next_access"}, time.Now()))
	assert.Equal(t, []string{"both"}, unshown(t, inbox, "ada", "p"))
	assert.Empty(t, cmp.Diff([]string{"both", "at_once", "next_access"}, list()))
}
