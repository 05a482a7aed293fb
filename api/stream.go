package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
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

// streamEvent is an event with what streams need of it. Several streams share it.
type streamEvent struct {
	mark

	org    domain.Organization // as it is now
	commit *events.Commit
	entry  *events.Entry
	events.Recorded
	// frame returns the event as streams send it. It is made once.
	frame func() ([]byte, error)
}

// streamEvents returns the events of an entry of a commit. The state is that of now.
func streamEvents(state domain.Roster, c *events.Commit, entry int) []*streamEvent {
	org := state.Organization(c.Entries[entry].Organization)
	found := make([]*streamEvent, 0, len(c.Entries[entry].Events))
	for recorded := range c.Entries[entry].Recorded() {
		e := &streamEvent{mark: mark{c.Position, entry, recorded.Index}, org: org, commit: c, entry: &c.Entries[entry], Recorded: recorded}
		e.frame = sync.OnceValues(e.encode)
		found = append(found, e)
	}
	return found
}

// view returns the event as histories show it.
func (e *streamEvent) view() (Event, error) { return eventOf(e.org, e.commit, e.entry, e.Recorded) }

func (e *streamEvent) encode() ([]byte, error) {
	event, err := e.view()
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(event)
	return fmt.Appendf(nil, "id: %s\nevent: %s\ndata: %s\n\n", e.mark, event.Type, text), err
}

// errStop ends a stream that has reached its limit.
var errStop = errors.New("that was all")

// stream writes server-sent events.
type stream struct {
	http.ResponseWriter
	*http.ResponseController

	written, limit uint64
}

func (s *stream) write(e *streamEvent) error {
	text, err := e.frame()
	if err != nil {
		return err
	}
	if _, err = s.Write(text); err != nil {
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
func resume(r *http.Request, otherwise mark) (mark, error) {
	if last := r.Header.Get("Last-Event-ID"); last != "" {
		return readMark(last)
	}
	return otherwise, nil
}
