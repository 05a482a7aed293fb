package bus

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// groupEvents is how far a commit grows by taking in more requests: it makes
// about 512 KiB.
const groupEvents = 4096

// group is what requests lead to that may become one commit: each was decided
// against the state that the ones before it led to.
type group[S any] struct {
	now     time.Time
	state   S
	entries []events.Entry
	events  int
	answers []answer // one for each request taken
	keys    map[memoryKey]repeatable
	// spoiled says that evolving failed half-way: the state is of no use.
	spoiled bool
}

// repeatable is the answer to a key that this group has met already.
type repeatable struct {
	digest string
	answer int
}

// decide takes as many calls as fit into one commit, at least the first.
func (d *Desk[S, C]) decide(calls []*call[C]) group[S] {
	view := d.View()
	g := group[S]{
		now:     events.Instant(d.clock()),
		state:   view.State.Transient(),
		answers: make([]answer, 0, len(calls)),
	}
	for _, c := range calls {
		a, fits := d.take(&g, c)
		if !fits {
			break
		}
		g.answers = append(g.answers, a)
	}
	if g.spoiled {
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

// take decides one call, unless the group is full.
func (d *Desk[S, C]) take(g *group[S], c *call[C]) (answer, bool) {
	if c.abandoned() {
		return answer{err: context.Canceled}, true
	}
	if c.fault != nil {
		return answer{err: c.fault}, true
	}
	if known, ok := d.memory.find(c.Organization, c.Key); ok {
		return known.answer(c.Digest), true
	}
	if first, ok := g.keys[memoryKey{c.Organization, c.Key}]; ok {
		return g.repeat(first, c.Digest), true
	}
	version, last := g.state.Last(c.Organization)
	if c.IfVersion != 0 && c.IfVersion != version {
		return answer{err: &StaleError{Current: version}}, true
	}
	if c.Err != nil {
		return answer{err: c.Err}, true
	}
	m := events.Moment{Actor: c.Actor, At: events.Instant(c.At), Now: g.now}
	if c.At.IsZero() {
		m.At = latest(g.now, last)
	}
	var facts []events.Event
	if err := d.guard(func() (err error) {
		facts, err = g.state.Decide(c.Organization, c.Command, m)
		return err
	}); err != nil {
		return answer{err: err}, true
	}
	if len(facts) == 0 {
		return answer{receipt: Receipt{Version: version, At: m.At}}, true
	}
	return d.enter(g, c, events.Entry{
		Organization: c.Organization,
		Version:      version + 1,
		Key:          c.Key,
		Digest:       c.Digest,
		Actor:        c.Actor,
		At:           m.At,
		Cause:        c.Cause,
		Events:       facts,
	})
}

// enter adds an entry to the group, unless the group is full.
func (d *Desk[S, C]) enter(g *group[S], c *call[C], e events.Entry) (answer, bool) {
	if len(g.entries) > 0 && g.events+len(e.Events) > groupEvents {
		return answer{}, false
	}
	c.fault = d.guard(func() error {
		g.state = g.state.Evolve(e)
		return nil
	})
	if c.fault != nil {
		g.spoiled = true
		return answer{}, false
	}
	g.entries = append(g.entries, e)
	g.events += len(e.Events)
	if e.Key != "" {
		if g.keys == nil {
			g.keys = map[memoryKey]repeatable{}
		}
		g.keys[memoryKey{e.Organization, e.Key}] = repeatable{e.Digest, len(g.answers)}
	}
	return answer{receipt: Receipt{Version: e.Version, At: e.At, Events: e.Events}}, true
}

// repeat answers as the group has answered before, under the same key.
func (g *group[S]) repeat(first repeatable, digest string) answer {
	if first.digest != digest {
		return answer{err: ErrKeyReused}
	}
	a := g.answers[first.answer]
	a.receipt.Repeated = true
	return a
}

// guard turns a panic of the rules into a fault of the one command that ran into
// it.
func (d *Desk[S, C]) guard(rule func() error) (err error) {
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
