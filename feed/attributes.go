package feed

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// Attributes reads the headers of a message one by one. Its error is the first thing that is wrong, so that it need be
// looked at once, at the end.
type Attributes struct {
	header nats.Header
	err    error
}

// ReadAttributes returns the attributes in the headers of a message.
func ReadAttributes(h nats.Header) *Attributes { return &Attributes{header: h} }

// Number returns the number in a header, such as [Position].
func (a *Attributes) Number(name string) uint64 {
	n, err := strconv.ParseUint(a.header.Get(name), 10, 64)
	a.note(name, err)
	return n
}

// Instant returns the time in a header, such as [Recorded].
func (a *Attributes) Instant(name string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, a.header.Get(name))
	a.note(name, err)
	return t
}

// Text returns the text in a header, such as [Actor], decoded; empty if there is none.
func (a *Attributes) Text(name string) string {
	encoded := a.header.Get(name)
	if !strings.Contains(encoded, "%") {
		return encoded
	}
	text, err := url.PathUnescape(encoded)
	a.note(name, err)
	return text
}

// Err returns the first thing that is wrong with what was read; nil if nothing is.
func (a *Attributes) Err() error { return a.err }

func (a *Attributes) note(name string, err error) {
	if err != nil && a.err == nil {
		a.err = fmt.Errorf("the header %s: %w", name, err)
	}
}
