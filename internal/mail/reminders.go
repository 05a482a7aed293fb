package mail

import (
	"context"
	"time"

	"github.com/seed-2026d078/roster/domain"
)

const (
	// remindEvery is how often all organizations are looked through for ends that come.
	remindEvery = 10 * time.Minute
	// remindLate is how late a reminder is sent at most: if nothing ran when it was due, or the end was moved since.
	remindLate = 24 * time.Hour
	// remindAtOnce is how many reminders are noted at a time.
	remindAtOnce = 1000
)

// Remind notes the reminders that are due, until the context ends: so long before the end of memberships, grants and invites as leads say. While the clock is
// not trusted, it rests. Several nodes may each do so: what another one has noted is left out.
func (s *Sender) Remind(ctx context.Context, leads []time.Duration) {
	every := time.NewTicker(s.remindEvery)
	defer every.Stop()
	for {
		if now, err := s.Desk.Clock().Trusted(); err == nil {
			if err := s.remind(ctx, now, leads); err != nil && ctx.Err() == nil {
				s.Log.WarnContext(ctx, "reminders are not noted, trying again", "error", err)
			}
		}
		select {
		case <-every.C:
		case <-ctx.Done():
			return
		}
	}
}

// remind notes the reminders that are due, and not too late.
func (s *Sender) remind(ctx context.Context, now time.Time, leads []time.Duration) error {
	view := s.Desk.View()
	var due []domain.Notice
	note := func() error {
		err := s.Outbox.Remind(ctx, due)
		due = due[:0]
		return err
	}
	for _, org := range view.State.Organizations() {
		for n := range org.At(now).Reminders(now.Add(-remindLate), leads) {
			n.Position = view.Position
			if due = append(due, n); len(due) < remindAtOnce {
				continue
			}
			if err := note(); err != nil {
				return err
			}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if len(due) == 0 {
		return nil
	}
	return note()
}
