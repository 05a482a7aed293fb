package relay

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/seed-2026d078/roster/feed"
)

// Headers that only a relay reads.
const (
	// sinceHeader is the sequence of the stream behind which all messages are that belong to commits after
	// Complete.
	sinceHeader = "roster-since"
	// previousHeader is the sequence of the message before, heartbeats left out; 0 for none. In the first message
	// that the stream keeps it says which was the last one dropped.
	previousHeader = "roster-previous"
	// hash is that of the commit at Complete.
	hash = "roster-hash"
	// node is the relay that sent a heartbeat; left out if it has ended.
	node = "roster-node"
)

// set sets a header of a message; an empty value removes it. A header that is there already keeps its memory.
func set(h nats.Header, name, value string) {
	switch values := h[name]; {
	case value == "":
		delete(h, name)
	case len(values) == 1:
		values[0] = value
	default:
		h[name] = []string{value}
	}
}

func formatTime(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func number(n uint64) string { return strconv.FormatUint(n, 10) }

// encode writes a text as the value of a header: what is not printable ASCII, and space, quote and
// percent sign, is percent-encoded, as the HTTP binding of CloudEvents has it (3.1.3.2), which that
// for NATS follows.
func encode(text string) string {
	plain := func(c byte) bool { return c > ' ' && c < 0x7f && c != '"' && c != '%' }
	i := 0
	for i < len(text) && plain(text[i]) {
		i++
	}
	if i == len(text) {
		return text
	}
	var b strings.Builder
	for i := range len(text) {
		if c := text[i]; plain(c) {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// parseNumber reads the number in a header.
func parseNumber(h nats.Header, name string) (uint64, error) {
	n, err := strconv.ParseUint(h.Get(name), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("the header %s of a message in %s: %w", name, feed.StreamName, err)
	}
	return n, nil
}
