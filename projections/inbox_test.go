package projections

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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
	inbox := deskOnly(t).Inbox()
	ctx := t.Context()
	first := []domain.RoleNotice{notice("n1", "ada", "p", 1), notice("n2", "ada", "", 2), notice("n3", "cyd", "p", 2)}
	at := events.Checkpoint{Position: 2, Hash: events.Sum([]byte("two"))}
	for range 2 { // the second time changes nothing
		if err := inbox.Deliver(ctx, at, first); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := inbox.Checkpoint(ctx); err != nil || got != at {
		t.Errorf("checkpoint %v, %v, want %v", got, err, at)
	}
	if err := inbox.Wait(ctx, 2); err != nil {
		t.Error(err)
	}

	var asking sync.WaitGroup
	handed := make([][]Notification, 8)
	for i := range handed {
		asking.Go(func() {
			var err error
			if handed[i], err = inbox.Due(ctx, "acme", "ada", "p", time.Now()); err != nil {
				t.Error(err)
			}
		})
	}
	asking.Wait()
	var due []Notification
	for _, some := range handed {
		due = append(due, some...)
	}
	if len(due) != 1 || due[0].ID != "n1" || due[0].Shown == nil || due[0].Changed.Event != "acme/1/0" || due[0].Changed.By != "bob" {
		t.Errorf("handed out %+v", due)
	}

	if err := inbox.Deliver(ctx, at, first); err != nil {
		t.Fatal(err)
	}
	if again, err := inbox.Due(ctx, "acme", "ada", "p", time.Now()); err != nil || len(again) != 0 {
		t.Errorf("shown again after another delivery: %+v, %v", again, err)
	}
}

func TestInboxListsAndAcknowledges(t *testing.T) {
	t.Parallel()
	h := deskOnly(t)
	inbox, ctx := h.Inbox(), t.Context()
	delivered := []domain.RoleNotice{notice("n1", "ada", "p", 1), notice("n2", "ada", "", 2), notice("n3", "cyd", "p", 2), notice("n4", "ada", "q", 2)}
	if err := inbox.Deliver(ctx, events.Checkpoint{Position: 2}, delivered); err != nil {
		t.Fatal(err)
	}
	var got []string
	for p := (Page{Limit: 1}); ; {
		found, err := inbox.List(ctx, "ada", p)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range found.Items {
			got = append(got, n.ID)
		}
		if p.After = found.Next; p.After == "" {
			break
		}
	}
	if diff := cmp.Diff([]string{"n2", "n4", "n1"}, got); diff != "" {
		t.Error(diff)
	}
	for range 2 {
		if err := inbox.Acknowledge(ctx, "ada", "n2", time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	if err := inbox.Acknowledge(ctx, "cyd", "n2", time.Now()); !errors.Is(err, ErrNotFound) {
		t.Errorf("acknowledged what belongs to another: %v", err)
	}
	if due, err := inbox.Due(ctx, "acme", "ada", "", time.Now()); err != nil || len(due) != 0 {
		t.Errorf("what was acknowledged is due: %+v, %v", due, err)
	}
	h.by(events.System, "acme", domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme(t, "github"), Owner: "ada"})
	if err := h.Rebuild(ctx, h.ledger, nil); err != nil { // which leaves all this alone
		t.Fatal(err)
	}
	found, err := inbox.List(ctx, "ada", Page{})
	if err != nil || found.Items[0].Acknowledged == nil || found.Items[1].Acknowledged != nil {
		t.Errorf("got %+v, %v", found.Items, err)
	}
}

// TestNoticesHaveATime tells at the next access, at once, or both, and nothing in the
// inbox that is for other channels.
func TestNoticesHaveATime(t *testing.T) {
	t.Parallel()
	inbox, ctx := deskOnly(t).Inbox(), t.Context()
	delivered := make([]domain.RoleNotice, 4)
	for i, when := range []events.NoticeTime{events.AtNextAccess, events.AtOnce, events.BothTimes, events.BothTimes} {
		delivered[i] = notice(string(when), "ada", "p", events.Position(i+1))
		delivered[i].When, delivered[i].SkipsInbox = when, i == 3
	}
	delivered[3].ID = "elsewhere"
	if err := inbox.Deliver(ctx, events.Checkpoint{Position: 4}, delivered); err != nil {
		t.Fatal(err)
	}
	list := func() []string {
		found, err := inbox.List(ctx, "ada", Page{})
		if err != nil {
			t.Fatal(err)
		}
		return each(found.Items, func(n Notification) string { return n.ID })
	}
	if diff := cmp.Diff([]string{"both", "at_once"}, list()); diff != "" {
		t.Errorf("listed before the access: %s", diff)
	}
	if err := inbox.Acknowledge(ctx, "ada", "next_access", time.Now()); !errors.Is(err, ErrNotFound) {
		t.Errorf("acknowledged before it was told: %v", err)
	}
	for _, want := range [][]string{{"next_access", "both"}, {}} {
		due, err := inbox.Due(ctx, "acme", "ada", "p", time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, each(due, func(n Notification) string { return n.ID })); diff != "" {
			t.Errorf("handed out: %s", diff)
		}
	}
	if diff := cmp.Diff([]string{"both", "at_once", "next_access"}, list()); diff != "" {
		t.Errorf("listed after the access: %s", diff)
	}
}
