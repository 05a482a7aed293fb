package clock

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"
)

// Reference is the clock of another server.
type Reference struct {
	// Name names the server in messages.
	Name string
	// Time asks for the server's time.
	Time func(context.Context) (time.Time, error)
}

const (
	// watchEvery is how often a clock is compared with the others.
	watchEvery = 10 * time.Second
	// answerTimeout is how long another server may take to tell its time.
	answerTimeout = 2 * time.Second
)

// Watch compares the clock with others every few seconds, until ctx ends.
func (c *Clock) Watch(ctx context.Context, references ...Reference) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			c.Compare(ctx, references...)
		case <-ctx.Done():
			return
		}
	}
}

// Compare compares the clock with others, once. What is known of a server stays if it does not
// answer now.
func (c *Clock) Compare(ctx context.Context, references ...Reference) {
	skews := make([]*time.Duration, len(references))
	var asking errgroup.Group
	for i, r := range references {
		asking.Go(func() error {
			skews[i] = c.skewFrom(ctx, r)
			return nil
		})
	}
	_ = asking.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	agree := false
	for i, skew := range skews {
		if skew == nil {
			continue
		}
		agree = true
		name := references[i].Name
		c.skews[name] = *skew
		if skew.Abs() <= c.config.MaxSkew {
			delete(c.accepted, name)
		}
	}
	if agree && !c.early && c.causesOfSkews() == nil {
		if machine, elapsed := c.read(); c.jumped(machine, elapsed) { // to where the others are
			c.trust(machine, elapsed)
		}
	}
	c.update()
}

// skewFrom asks a server for its time and returns by how much the machine's clock is ahead; nil if it
// does not answer. The server may have read its time at any moment between question and answer, so
// the difference is uncertain by half of what the answer took; skewFrom returns the smallest one possible.
func (c *Clock) skewFrom(ctx context.Context, r Reference) *time.Duration {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	_, asked := c.read()
	theirs, err := r.Time(ctx)
	if err != nil {
		c.config.Log.DebugContext(ctx, "a server does not tell its time", "server", r.Name, "error", err)
		return nil
	}
	machine, answered := c.read()
	half := (answered - asked) / 2
	skew := machine.Add(-half).Sub(theirs)
	if skew > 0 {
		skew = max(0, skew-half)
	} else {
		skew = min(0, skew+half)
	}
	return &skew
}
