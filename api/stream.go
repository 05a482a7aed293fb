package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"golang.org/x/sync/errgroup"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/events"
)

const (
	eventStream = "text/event-stream"
	lines       = "application/x-ndjson"
	// heartbeat is how often a comment is sent on an idle connection, to keep it open.
	heartbeat = 15 * time.Second
)

// mark is the position of an event in the ledger. A client sends it back to resume after
// that event. The zero value is before every event.
type mark struct {
	position     events.Position
	entry, event int
}

func (m mark) String() string { return fmt.Sprintf("%d.%d.%d", m.position, m.entry, m.event) }

func readMark(text string) (mark, error) {
	parts := strings.Split(text, ".")
	numbers := make([]int, len(parts))
	for i, part := range parts {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 || len(parts) != 3 {
			return mark{}, errMalformed.because("Last-Event-ID is an id as the stream carries it, not %q.", text)
		}
		numbers[i] = n
	}
	return mark{events.Position(numbers[0]), numbers[1], numbers[2]}, nil //nolint:gosec // it is not negative
}

// after reports whether a mark is behind another.
func (m mark) after(other mark) bool {
	if m.position != other.position {
		return m.position > other.position
	}
	if m.entry != other.entry {
		return m.entry > other.entry
	}
	return m.event > other.event
}

// checkpoint returns the checkpoint before the mark's commit.
func (s *Server) checkpoint(ctx context.Context, m mark) (events.Checkpoint, error) {
	if m.position <= 1 {
		return events.Checkpoint{}, nil
	}
	before, err := s.Ledger.At(ctx, m.position-1)
	if errors.Is(err, bus.ErrNoCommit) {
		return events.Checkpoint{}, errBehind.because("The ledger does not reach position %d yet.", m.position)
	}
	return before.Checkpoint(), err
}

// forEachEvent calls take with every event behind a mark that the filter matches.
func forEachEvent(commits []events.Commit, behind mark, f *eventFilter, take func(mark, Event) error) error {
	for i := range commits {
		for j := range commits[i].Entries {
			entry := &commits[i].Entries[j]
			for recorded := range entry.Recorded() {
				at := mark{commits[i].Position, j, recorded.Index}
				if !at.after(behind) || !f.matches(entry, recorded.Event) {
					continue
				}
				event, err := eventOf(&commits[i], entry, recorded)
				if err != nil {
					return err
				}
				if err := take(at, event); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// follow streams the events behind a mark. It ends when the client disconnects, the server
// closes, limit events are sent (zero means no limit), or allowed returns an error. It calls
// allowed before it sends anything.
func (s *Server) follow(w http.ResponseWriter, r *http.Request, behind mark, filter *eventFilter, limit uint64, allowed func() error) error {
	from, err := s.checkpoint(r.Context(), behind)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", eventStream)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
	news := make(chan []events.Commit)
	work, ctx := errgroup.WithContext(r.Context())
	work.Go(func() error {
		return s.Ledger.Follow(ctx, from, func(commits []events.Commit) error {
			select {
			case news <- commits:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	})
	work.Go(func() error {
		out := &stream{ResponseWriter: w, ResponseController: http.NewResponseController(w), limit: limit}
		return s.broadcast(ctx, out, news, func(commits []events.Commit) error {
			// The desk, which decides what is allowed, may read these commits later than we do.
			if err := s.Desk.Wait(ctx, commits[len(commits)-1].Position); err != nil {
				return err
			}
			if allowed() != nil {
				return errStop
			}
			return forEachEvent(commits, behind, filter, out.write)
		})
	})
	if err := work.Wait(); !errors.Is(err, errStop) && r.Context().Err() == nil {
		s.Log.WarnContext(ctx, "a stream broke off", "request", requestFrom(ctx).id, "error", err)
	}
	return nil
}

// errStop ends a stream that has reached its limit.
var errStop = errors.New("that was all")

// broadcast writes events as they come, and heartbeats while none come.
func (s *Server) broadcast(ctx context.Context, out *stream, news <-chan []events.Commit, write func([]events.Commit) error) error {
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	if err := out.comment("here"); err != nil {
		return err
	}
	for {
		select {
		case commits := <-news:
			err := write(commits)
			if err := cmp.Or(out.Flush(), err); err != nil {
				return err
			}
		case <-beat.C:
			if err := out.comment("still here"); err != nil {
				return err
			}
		case <-s.closing:
			return errStop
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// stream writes server-sent events.
type stream struct {
	http.ResponseWriter
	*http.ResponseController

	written, limit uint64
}

func (s *stream) write(at mark, event Event) error {
	text, err := json.Marshal(event)
	if err != nil {
		return err
	}
	if _, err = fmt.Fprintf(s.ResponseWriter, "id: %s\nevent: %s\ndata: %s\n\n", at, event.Type, text); err != nil {
		return err
	}
	if s.written++; s.written == s.limit {
		return errStop
	}
	return nil
}

// comment writes a comment, which clients ignore.
func (s *stream) comment(text string) error {
	if _, err := fmt.Fprintf(s.ResponseWriter, ": %s\n\n", text); err != nil {
		return err
	}
	return s.Flush()
}

func wantsStream(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), eventStream)
}

// resume returns the mark that the client sent, or else the given one.
func (s *Server) resume(r *http.Request, otherwise mark) (mark, error) {
	if last := r.Header.Get("Last-Event-ID"); last != "" {
		return readMark(last)
	}
	return otherwise, nil
}
