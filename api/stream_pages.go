package api

import (
	"context"
	"errors"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// pager returns the events of the next page, and whether there may be another one.
type pager func(ctx context.Context) (happened []*streamEvent, more bool, err error)

// pageEvents is about how many events a page has.
const pageEvents = 200

// auditPages returns the pages of the organization's history from the commit of the mark on.
// The audit log says where the events are, and the ledger what they are: a page costs what the
// organization has, not what the ledger has. Pages wait in turn for one slot among all streams.
func (f *follower) auditPages(ctx context.Context) (pager, error) {
	org := f.filter.organization
	newest := f.server.Desk.NewestPosition(org)
	if f.behind.position > newest {
		return func(context.Context) ([]*streamEvent, bool, error) { return nil, false, nil }, nil
	}
	if err := f.waitForReadModels(ctx, newest); err != nil {
		return nil, err
	}
	wanted := f.filter.audit()
	var begun bool
	return func(ctx context.Context) (happened []*streamEvent, more bool, err error) {
		err = f.server.readPage(ctx, org, func(ctx context.Context) error {
			if !begun {
				if wanted.After, err = f.server.Database.AuditCursor(ctx, org, f.behind.position); err != nil {
					return err
				}
				begun = true
			}
			found, err := f.server.Database.Audit(ctx, org, wanted)
			if err != nil {
				return err
			}
			wanted.After, more = found.Next, found.Next != ""
			happened, err = f.server.readEvents(ctx, org, found.Items)
			return err
		})
		return happened, more, err
	}, nil
}

// waitForReadModels waits until the read models have reached a position. Meanwhile it sends
// heartbeats.
func (f *follower) waitForReadModels(ctx context.Context, position events.Position) error {
	for {
		limited, cancel := context.WithTimeout(ctx, heartbeat)
		err := f.server.Database.Wait(limited, position)
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil {
			return err
		}
		if err := f.out.comment("still here"); err != nil {
			return err
		}
	}
}

// readEvents reads from the ledger the events to which rows of the audit log refer.
func (s *Server) readEvents(ctx context.Context, org events.OrganizationID, rows []projections.AuditEvent) ([]*streamEvent, error) {
	found := make([]*streamEvent, 0, len(rows))
	commit := new(events.Commit)
	var entry []*streamEvent // those of the last row's entry
	for i, row := range rows {
		if commit.Position != row.Position {
			read, err := s.Ledger.At(ctx, row.Position)
			if err != nil {
				return nil, err
			}
			commit = &read
		}
		if i == 0 || row.Position != rows[i-1].Position || row.Version != rows[i-1].Version {
			entry = entryOf(s.Desk.View().State, commit, org, row.Version)
		}
		if row.Index >= len(entry) {
			return nil, errFault.because("The audit log points to event %s, which commit %d does not hold.", row.ID, row.Position)
		}
		found = append(found, entry[row.Index])
	}
	return found, nil
}

// entryOf returns the events of a commit that led to a version of an organization.
func entryOf(state domain.Roster, c *events.Commit, org events.OrganizationID, version events.Version) []*streamEvent {
	for i := range c.Entries {
		if c.Entries[i].Organization == org && c.Entries[i].Version == version {
			return streamEvents(state, c, i)
		}
	}
	return nil
}

// ledgerPages returns the pages of the whole ledger from the commit of a mark through a
// position. Nothing is held between two pages, however long the client takes.
func (s *Server) ledgerPages(ctx context.Context, behind mark, through events.Position) (pager, error) {
	read, err := s.checkpoint(ctx, behind)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) (happened []*streamEvent, more bool, err error) {
		if read.Position >= through {
			return nil, false, nil
		}
		err = s.readPage(ctx, "", func(ctx context.Context) error {
			return s.Ledger.Read(ctx, read, min(through, read.Position+pageEvents), func(commits []events.Commit) error {
				for i := range commits {
					if len(happened) >= pageEvents {
						return errStop
					}
					for j := range commits[i].Entries {
						happened = append(happened, streamEvents(s.Desk.View().State, &commits[i], j)...)
					}
					read = commits[i].Checkpoint()
				}
				return nil
			})
		})
		if errors.Is(err, errStop) {
			err = nil
		}
		return happened, read.Position < through, err
	}, nil
}

// readPage waits for a slot and calls read, within listTimeout. Organizations take turns, and so do
// the actors of one.
func (s *Server) readPage(ctx context.Context, org events.OrganizationID, read func(context.Context) error) error {
	release, err := s.streamSlots.wait(ctx, org, requestFrom(ctx).actor)
	if err != nil {
		return err
	}
	defer release()
	limited, cancel := context.WithTimeout(ctx, listTimeout)
	defer cancel()
	return read(limited)
}
