package subscriber

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
)

const (
	// maxPage is how many bytes of events a page has at most, unless a single entry has more.
	maxPage = 512 << 10
	// maxEntries is how many entries a page has at most.
	maxEntries = 1000
)

// Entry is where an entry of an organization is in the ledger.
type Entry struct {
	Version  events.Version
	At       time.Time
	Position events.Position
}

// history answers with a page of what happened in an organization.
func (s *Service) history(ctx context.Context, name string, text []byte) (*feed.HistoryResponse, error) {
	var request feed.HistoryRequest
	if err := unmarshal(text, &request); err != nil {
		return nil, err
	}
	subscriber, err := s.Registry.Get(ctx, name)
	if err != nil {
		return nil, err
	}
	view := s.View()
	orgs, err := organizationsOf(subscriber, view.State, []events.OrganizationID{request.Organization})
	if err != nil {
		return nil, err
	}
	after, err := s.entry(ctx, request)
	if err != nil {
		return nil, err
	}
	if created := subscriber.created(orgs[0]); after.Version+1 < created {
		after = Entry{Version: created - 1}
	}
	entries, err := s.Entries(ctx, orgs[0], after, maxEntries)
	if err != nil {
		return nil, fmt.Errorf("find the history of %s: %w", orgs[0], err)
	}
	page := &feed.HistoryResponse{Entries: []feed.HistoryEntry{}, Position: view.Position, More: len(entries) == maxEntries}
	size := 0
	for _, entry := range entries {
		read, err := s.readEntry(ctx, orgs[0], entry)
		if err != nil {
			return nil, err
		}
		for _, e := range read.Events {
			size += len(e.Type) + len(e.Data)
		}
		if size > maxPage && len(page.Entries) > 0 {
			page.More = true
			break
		}
		page.Entries = append(page.Entries, read)
	}
	return page, nil
}

// created returns the version to which the creation of an organization led that the subscriber names; 0 otherwise.
func (s Subscriber) created(org events.OrganizationID) events.Version {
	for _, o := range s.Organizations {
		if o.ID == org {
			return o.Created
		}
	}
	return 0
}

// entry returns the entry behind which a page begins. It fails if there is no such entry where the request says.
func (s *Service) entry(ctx context.Context, request feed.HistoryRequest) (Entry, error) {
	after := Entry{Version: request.After}
	if request.Position == 0 {
		return after, nil
	}
	wrong := &feed.Problem{Code: feed.Invalid, Detail: fmt.Sprintf("Version %d of organization %s is not at position %d.", request.After, request.Organization, request.Position)}
	commit, err := s.Ledger.At(ctx, request.Position)
	if errors.Is(err, bus.ErrNoCommit) {
		return Entry{}, wrong
	}
	if err != nil {
		return Entry{}, err
	}
	found := entryIn(&commit, request.Organization, request.After)
	if found == nil {
		return Entry{}, wrong
	}
	after.At, after.Position = found.At, commit.Position
	return after, nil
}

// readEntry reads an entry from the ledger, as the stream has it.
func (s *Service) readEntry(ctx context.Context, org events.OrganizationID, at Entry) (feed.HistoryEntry, error) {
	commit, err := s.Ledger.At(ctx, at.Position)
	if err != nil {
		return feed.HistoryEntry{}, err
	}
	found := entryIn(&commit, org, at.Version)
	if found == nil {
		return feed.HistoryEntry{}, fmt.Errorf("version %d of %s is not at position %d", at.Version, org, at.Position)
	}
	read := feed.HistoryEntry{
		Position: commit.Position, Version: found.Version, At: found.At, Recorded: commit.At, Actor: found.Actor, OnBehalfOf: found.OnBehalfOf,
		Cause: found.Cause, Traceparent: found.Traceparent,
		Events: make([]feed.HistoryEvent, len(found.Events)),
	}
	for i, e := range found.Events {
		data, err := json.Marshal(feed.Payload(e), json.Deterministic(true))
		if err != nil {
			return feed.HistoryEntry{}, err
		}
		read.Events[i] = feed.HistoryEvent{Type: e.Type(), Data: jsontext.Value(data)}
	}
	return read, nil
}

func entryIn(c *events.Commit, org events.OrganizationID, version events.Version) *events.Entry {
	i := slices.IndexFunc(c.Entries, func(e events.Entry) bool { return e.Organization == org && e.Version == version })
	if i < 0 {
		return nil
	}
	return &c.Entries[i]
}

// errEnough ends the reading of a ledger.
var errEnough = errors.New("that is enough")

// LedgerEntries returns a function for [Config] that needs nothing but the ledger. It reads all of it that
// follows, so it is for ledgers that are small, as in tests.
func LedgerEntries(ledger *bus.Ledger) func(context.Context, events.OrganizationID, Entry, int) ([]Entry, error) {
	return func(ctx context.Context, org events.OrganizationID, after Entry, limit int) ([]Entry, error) {
		var from events.Checkpoint
		if after.Position > 1 {
			before, err := ledger.At(ctx, after.Position-1)
			if err != nil {
				return nil, err
			}
			from = before.Checkpoint()
		}
		var found []Entry
		err := ledger.Read(ctx, from, 0, func(commits []events.Commit) error {
			for _, c := range commits {
				for _, e := range c.Entries {
					if e.Organization == org && e.Version > after.Version {
						found = append(found, Entry{e.Version, e.At, c.Position})
					}
					if len(found) == limit {
						return errEnough
					}
				}
			}
			return nil
		})
		if errors.Is(err, errEnough) {
			err = nil
		}
		return found, err
	}
}
