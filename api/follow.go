package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// follow streams the events behind a mark. It ends when the client disconnects, the server
// closes, limit events are sent (zero means no limit), or allowed returns an error. It calls
// allowed before it sends anything.
//
// What has happened is read page by page, from what the organization has; what happens comes
// from the queue of a subscription that began before. If the client reads too slowly for that
// queue, the stream goes back to reading pages from where it was.
func (s *Server) follow(w http.ResponseWriter, r *http.Request, behind mark, filter *eventFilter, limit uint64, allowed func() error) error {
	if err := s.reach(r.Context(), behind); err != nil {
		return err
	}
	news, err := s.streams.subscribe(filter.organization, requestFrom(r.Context()).actor)
	if err != nil {
		s.Metrics.streamsRefused.Inc()
		return err
	}
	defer news.end()
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(s.streams.closing, cancel)() //nolint:contextcheck // it is another reason to end
	w.Header().Set("Content-Type", eventStream)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
	f := follower{s, &stream{w, http.NewResponseController(w), 0, limit}, news, filter, allowed, behind}
	if err := f.run(ctx); !errors.Is(err, errStop) && ctx.Err() == nil {
		s.Log.WarnContext(ctx, "a stream broke off", "request", requestFrom(ctx).id, "error", err)
	}
	return nil
}

// reach fails if a mark is further behind the end of the ledger than a moment.
func (s *Server) reach(ctx context.Context, m mark) error {
	if m.position <= s.Desk.View().Position+1 {
		return nil
	}
	limited, cancel := context.WithTimeout(ctx, s.BriefWait)
	defer cancel()
	err := s.Desk.Wait(limited, m.position-1)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return errBehind.because("The ledger does not reach position %d yet.", m.position)
	}
	return err
}

// follower is a stream that is being sent.
type follower struct {
	server  *Server
	out     *stream
	news    *subscription
	filter  *eventFilter
	allowed func() error
	// behind is the mark of the last event that was sent or left out.
	behind mark
}

func (f *follower) run(ctx context.Context) error {
	if err := f.out.comment("here"); err != nil {
		return err
	}
	for {
		// The subscription has all that happens after this position.
		f.news.beginAgain()
		through := f.server.Desk.View().Position
		if err := f.past(ctx, through); err != nil {
			return err
		}
		if err := f.live(ctx); err != nil {
			return err
		}
		f.server.Metrics.streamsOverrun.Inc()
	}
}

// past sends what has happened up to a position.
func (f *follower) past(ctx context.Context, through events.Position) error {
	var page pager
	var err error
	if f.filter.organization == "" {
		page, err = f.server.ledgerPages(ctx, f.behind, through)
	} else {
		page, err = f.auditPages(ctx)
	}
	if err != nil {
		return err
	}
	for {
		happened, more, err := page(ctx)
		if err != nil {
			return err
		}
		if i := firstAfter(happened, through); i < len(happened) {
			happened, more = happened[:i], false
		}
		if err := f.send(happened); err != nil || !more {
			return err
		}
	}
}

// firstAfter returns the index of the first event after a position.
func firstAfter(happened []*streamEvent, position events.Position) int {
	for i, e := range happened {
		if e.position > position {
			return i
		}
	}
	return len(happened)
}

// live sends events as they come, and heartbeats while none come. It returns nil if some were
// dropped since the client is too slow.
func (f *follower) live(ctx context.Context) error {
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-f.news.more:
			happened, whole := f.news.take()
			if err := f.send(happened); err != nil || !whole {
				return err
			}
		case <-beat.C:
			if err := f.out.comment("still here"); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// send sends those of some events that are behind what was sent and that the filter matches.
func (f *follower) send(happened []*streamEvent) error {
	if len(happened) == 0 {
		return nil
	}
	if f.allowed() != nil {
		return errStop
	}
	for _, e := range happened {
		if !e.after(f.behind) {
			continue
		}
		f.behind = e.mark
		if !f.filter.matches(e.entry, e.Event) {
			continue
		}
		if err := f.out.write(e); err != nil {
			return firstError(f.out.Flush(), err)
		}
	}
	return f.out.Flush()
}
