package bus

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// groupEvents is the number of events up to which more requests are added to a
// commit. They take about 512 KiB.
const groupEvents = 4096

// group is the result of requests that share a commit. Each was decided against the
// state after the ones before it.
type group[S any] struct {
	now     time.Time
	elapsed time.Duration
	// untrusted is why nothing can be decided now; nil if the clock is trusted.
	untrusted error
	state     S
	entries   []events.Entry
	events    int
	answers   []answer // one for each request of the group
	keys      map[idempotencyKey]groupKey
	// invalid says that Evolve panicked, so that the state may be half changed.
	invalid bool
}

// groupKey is the request of the group that has a key, and was not refused for the moment.
type groupKey struct {
	digest string
	answer int // its index
}

// decide decides as many calls as fit into one commit, at least the first.
func (d *Desk[S, C]) decide(calls []*call[C]) group[S] {
	view := d.View()
	now, untrusted := d.clock.Trusted()
	g := group[S]{
		now:       events.Instant(now),
		elapsed:   d.clock.Elapsed(),
		untrusted: untrusted,
		state:     view.State.Transient(),
		answers:   make([]answer, 0, len(calls)),
	}
	for _, c := range calls {
		a, fits := d.decideOne(&g, c)
		if !fits {
			break
		}
		g.answers = append(g.answers, a)
	}
	if g.invalid {
		return d.decide(calls)
	}
	g.state = g.state.Persistent()
	position := view.Position
	if len(g.entries) > 0 {
		position++
	}
	for i := range g.answers {
		if r := &g.answers[i].receipt; r.Position == 0 {
			r.Position = position
		}
	}
	return g
}

// decideOne decides a call. It returns false if the result does not fit into the
// group.
func (d *Desk[S, C]) decideOne(g *group[S], c *call[C]) (answer, bool) {
	if c.abandoned() {
		return answer{err: context.Canceled}, true
	}
	if c.fault != nil {
		return answer{err: c.fault}, true
	}
	key := idempotencyKey{c.Organization, c.Key}
	if c.Key != "" {
		if known, ok := d.idempotency.find(key, g.elapsed); ok {
			return known.answer(c.Digest), true
		}
		if known, ok := d.unrecorded.find(key, g.elapsed); ok {
			return known.answer(c.Digest), true
		}
		if first, ok := g.keys[key]; ok {
			return g.repeat(first, c.Digest), true
		}
	}
	a, fits := d.decideNew(g, c)
	if fits && c.Key != "" {
		if a.unrecorded = c.unrecordedSize(a); a.unrecorded > 0 || len(a.receipt.Events) > 0 {
			g.note(key, c.Digest)
		}
	}
	return a, fits
}

// decideNew is decideOne for a call that is not a repetition.
func (d *Desk[S, C]) decideNew(g *group[S], c *call[C]) (answer, bool) {
	if g.untrusted != nil {
		return answer{err: g.untrusted}, true
	}
	version, last := g.state.Last(c.Organization)
	if c.IfVersion != 0 && c.IfVersion != version {
		return answer{err: &StaleError{Current: version}}, true
	}
	if c.Err != nil {
		return answer{err: c.Err}, true
	}
	m := events.Moment{Actor: c.Actor, At: events.Instant(c.At), Now: c.Decided.present(version, g.now)}
	if c.At.IsZero() {
		m.At = latest(m.Now, last)
	}
	var happened []events.Event
	if err := d.recoverPanic(func() (err error) {
		happened, err = g.state.Decide(c.Organization, c.Command, m, func() bool { return !c.abandoned() })
		return err
	}); err != nil {
		return answer{err: err}, true
	}
	if len(happened) == 0 {
		return answer{receipt: Receipt{Version: version, At: m.At}}, true
	}
	return d.add(g, c, events.Entry{
		Organization: c.Organization,
		Version:      version + 1,
		Key:          c.Key,
		Digest:       c.Digest,
		Actor:        c.Actor,
		OnBehalfOf:   c.OnBehalfOf,
		At:           m.At,
		Cause:        c.Cause,
		Traceparent:  c.Traceparent,
		Events:       happened,
	})
}

// add adds an entry to the group. It returns false if it does not fit.
func (d *Desk[S, C]) add(g *group[S], c *call[C], e events.Entry) (answer, bool) {
	if len(g.entries) > 0 && g.events+len(e.Events) > groupEvents {
		return answer{}, false
	}
	c.fault = d.recoverPanic(func() error {
		g.state = g.state.Evolve(e)
		return nil
	})
	if c.fault != nil {
		g.invalid = true
		return answer{}, false
	}
	g.entries = append(g.entries, e)
	g.events += len(e.Events)
	return answer{receipt: Receipt{Version: e.Version, At: e.At, Events: e.Events}}, true
}

// note keeps the key of the request whose answer is added next.
func (g *group[S]) note(key idempotencyKey, digest string) {
	if g.keys == nil {
		g.keys = map[idempotencyKey]groupKey{}
	}
	g.keys[key] = groupKey{digest, len(g.answers)}
}

// repeat answers a request whose key an earlier one of the group has.
func (g *group[S]) repeat(first groupKey, digest string) answer {
	if first.digest != digest {
		return answer{err: ErrKeyReused}
	}
	a := g.answers[first.answer]
	a.receipt.Repeated, a.unrecorded = true, 0
	return a
}

// without returns the group with an error for all requests but those that were answered before: nothing of
// it is appended.
func (g group[S]) without(err error) group[S] {
	for i := range g.answers {
		if !g.answers[i].known {
			g.answers[i] = answer{err: err}
		}
	}
	return g
}

// recoverPanic turns a panic of a rule into an error of the command that caused it.
// Other commands go on.
func (d *Desk[S, C]) recoverPanic(rule func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			d.log.Error("a rule panicked", "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("a rule panicked: %v", p)
		}
	}()
	return rule()
}

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
