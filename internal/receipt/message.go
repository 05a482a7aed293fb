package receipt

import (
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
)

// The stream has two subjects for each replica: its last report as a whole, and the positions that it has told, each with the
// greatest one before it and the time at which it came. No subscriber can send on them.
const (
	subjectPrefix = "roster.replicas."
	lastReport    = "last"
	positions     = "positions"
)

func subject(subscriber, replica, kind string) string {
	return subjectPrefix + subscriber + "." + replica + "." + kind
}

// record is the last report of a replica, as the stream has it.
type record struct {
	Report feed.ProgressReport `json:"report"`
	// Greatest is the greatest position that the replica has told.
	Greatest events.Position `json:"greatest"`
	// Heard is when it came, and Forgotten when an operator has said that the replica is gone; left out: Heard is when the record was
	// stored.
	Heard     time.Time `json:"heard,omitzero"`
	Forgotten time.Time `json:"forgotten,omitzero"`
}

// message is a message of the stream.
type message struct {
	subscriber, name string
	data             []byte
	at               time.Time
}

func parse(subject string, data []byte, at time.Time) message {
	names := strings.Split(strings.TrimPrefix(subject, subjectPrefix), ".")
	return message{names[0], names[1], data, at.UTC()}
}

// readRecord reads a last report that was stored at a time.
func readRecord(data []byte, stored time.Time) (told record, err error) {
	err = json.Unmarshal(data, &told)
	if told.Heard.IsZero() {
		told.Heard = stored.UTC()
	}
	return told, err
}

// replica returns the replica of a subscriber that has told this, as it is at a time.
func (told *record) replica(subscriber string, now time.Time) Replica {
	one := Replica{
		Subscriber: subscriber, Name: told.Report.Replica, State: Following, Position: told.Report.Position, Heard: told.Heard, Forgotten: told.Forgotten,
		Closed: told.Report.Closed, Bound: time.Duration(told.Report.Bound * float64(time.Second)), Organizations: told.Report.Organizations,
	}
	switch {
	case !told.Forgotten.IsZero():
		one.State = Forgotten
	case told.Report.Ended:
		one.State = Ended
	case now.Sub(one.Heard) > silentAfter:
		one.State = Unreachable
	}
	return one
}

// formatPosition writes a position that a replica has told, and the greatest one that it has told before; 0: none.
func formatPosition(position, before events.Position) []byte {
	return fmt.Appendf(nil, "%d %d", position, before)
}

// position reads what formatPosition has written.
func (m *message) position() (position, before events.Position, is bool) {
	n, err := fmt.Sscanf(string(m.data), "%d %d", &position, &before)
	return position, before, n == 2 && err == nil
}
