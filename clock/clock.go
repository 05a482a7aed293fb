// Package clock tells the one time by which commands are decided and questions are answered:
// that of the machine, as long as it can be trusted.
//
//	now, err := c.Trusted() // for a command: err says why none may be decided
//	now := c.Now()          // for a question
package clock

import (
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// DefaultMaxSkew is how much a clock may be wrong if Config does not say.
const DefaultMaxSkew = 5 * time.Minute

// Config configures a clock. Its zero value is the machine's.
type Config struct {
	// Machine returns the machine's time, which people and programs may set; nil is [time.Now].
	Machine func() time.Time
	// Elapsed returns the time since some moment, suspension of the machine included. Nobody
	// can set it. Nil is the system's clock of that kind.
	Elapsed func() time.Duration
	// MaxSkew is how far the machine's clock may jump, or be from another clock; zero means
	// [DefaultMaxSkew].
	MaxSkew time.Duration
	// Log receives when the clock is not trusted, and when it is again; nil drops it.
	Log *slog.Logger
}

// Clock is the clock of a process. All that a process decides and answers has its time from
// here, so that commands and questions agree about which ends have passed. Its methods may be
// called from many goroutines.
//
// Now never runs backwards while the clock is trusted: if the machine's clock is set back by
// at most MaxSkew, Now stands still until the machine has caught up. The clock is not trusted
//
//   - while the machine's clock is further than MaxSkew from where it must be by the time that
//     has elapsed since it was last trusted,
//   - while it is that much before the last time that the ledger has ([Clock.Begin]),
//   - while it is that far from the clock of another server ([Reference]).
//
// It is trusted again when that has passed, when the machine's clock has jumped and those of
// all other servers that are asked agree with it, and when somebody accepts it
// ([Clock.Accept]). While it is not, Now is the machine's time or, if that is later, the time
// that must be by what has elapsed: nobody is let in again whose end has passed.
type Clock struct {
	config Config

	mu sync.Mutex
	// seen is the machine's time when it was last trusted, and elapsed when that was. If early
	// is set, it is the last time of the ledger instead, and the machine's is before it.
	seen    time.Time
	elapsed time.Duration
	early   bool
	// latest is the time before which Now must not be.
	latest time.Time
	// skews are by how much the machine's clock is ahead of those of other servers, accepted
	// those that somebody has accepted.
	skews, accepted map[string]time.Duration
	trusted         bool
}

// New returns a clock that trusts the machine's, until it has a reason not to.
func New(cfg Config) *Clock {
	if cfg.Machine == nil {
		cfg.Machine = time.Now
	}
	if cfg.Elapsed == nil {
		cfg.Elapsed = elapsed
	}
	if cfg.MaxSkew <= 0 {
		cfg.MaxSkew = DefaultMaxSkew
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	c := &Clock{config: cfg, skews: map[string]time.Duration{}, accepted: map[string]time.Duration{}, trusted: true}
	c.trust(c.read())
	return c
}

// Begin tells the clock the time of the ledger's last commit, before which Now must not be. Call
// it once, before commands are decided.
func (c *Clock) Begin(last time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	machine, elapsed := c.read()
	c.latest = latest(c.latest, last)
	if last.Sub(machine) > c.config.MaxSkew {
		c.seen, c.elapsed, c.early = last, elapsed, true
	}
	c.update()
}

// Now returns the time of a question, whether the clock is trusted or not.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	now, _ := c.update()
	return now
}

// Trusted returns the time of a command. It fails with a [*SkewError] if the clock is not
// trusted.
func (c *Clock) Trusted() (time.Time, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now, causes := c.update()
	if causes != nil {
		return now, &SkewError{causes}
	}
	return now, nil
}

// Elapsed returns the time since some moment. Unlike differences of Now, those of Elapsed are
// how much time has passed.
func (c *Clock) Elapsed() time.Duration { return c.config.Elapsed() }

// Accept trusts the machine's clock, and those of other servers, as they are, and returns its time. Now follows it from here
// on, also backwards.
func (c *Clock) Accept() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.trust(c.read())
	c.accepted = maps.Clone(c.skews)
	now, _ := c.update()
	return now
}

// Skews returns by how much the machine's clock is ahead of the others that it was compared
// with: of those of other servers, and of the time that has elapsed.
func (c *Clock) Skews() map[string]time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	machine, elapsed := c.read()
	all := maps.Clone(c.skews)
	all["elapsed"] = machine.Sub(c.expected(elapsed))
	return all
}

// SkewError says why the clock is not trusted, and what to do.
type SkewError struct {
	// Causes are whole sentences, at least one.
	Causes []string
}

func (e *SkewError) Error() string {
	return "The clock of the server cannot be trusted, so no command is decided. " + strings.Join(e.Causes, " ") +
		" Set the machine's clock right, or if it is right now, accept it."
}

// update reads the clocks and finds out whether the machine's is trusted. It returns the time, and
// why the clock is not trusted; nil if it is.
func (c *Clock) update() (now time.Time, causes []string) {
	machine, elapsed := c.read()
	if c.jumped(machine, elapsed) { // or the machine was suspended between the two readings
		machine, elapsed = c.read()
	}
	if c.early && c.seen.Sub(machine) <= c.config.MaxSkew {
		c.seen, c.elapsed, c.early = machine, elapsed, false
	}
	expected := c.expected(elapsed)
	switch skew := machine.Sub(expected); {
	case c.early:
		causes = []string{fmt.Sprintf("It says %s, and the ledger's last commit was recorded at %s.", showTime(machine), showTime(c.seen))}
	case c.jumped(machine, elapsed):
		causes = []string{fmt.Sprintf("It was set %s by %s: it says %s, where it must be %s.", direction(skew, "ahead", "back"), showSkew(skew), showTime(machine), showTime(expected))}
	}
	if causes != nil {
		c.latest = latest(c.latest, expected)
	} else if !machine.Before(c.latest) {
		c.trust(machine, elapsed)
	}
	causes = append(causes, c.causesOfSkews()...)
	c.report(causes)
	return latest(machine, c.latest), causes
}

// causesOfSkews returns why the clock is not trusted by those of other servers.
func (c *Clock) causesOfSkews() (causes []string) {
	for _, name := range slices.Sorted(maps.Keys(c.skews)) {
		if skew := c.skews[name]; (skew - c.accepted[name]).Abs() > c.config.MaxSkew {
			causes = append(causes, fmt.Sprintf("It is %s %s the clock of %s.", showSkew(skew), direction(skew, "ahead of", "behind"), name))
		}
	}
	return causes
}

// report logs that the clock is not trusted any more, or again.
func (c *Clock) report(causes []string) {
	switch {
	case causes != nil && c.trusted:
		c.config.Log.Error("the clock is not trusted, so no command is decided", "error", &SkewError{causes})
	case causes == nil && !c.trusted:
		c.config.Log.Info("the clock is trusted, commands are decided again", "now", c.latest)
	}
	c.trusted = causes == nil
}

// trust trusts the machine's clock as it was read.
func (c *Clock) trust(machine time.Time, elapsed time.Duration) {
	c.seen, c.elapsed, c.latest, c.early = machine, elapsed, machine, false
}

// expected returns the time that it must be.
func (c *Clock) expected(elapsed time.Duration) time.Time { return c.seen.Add(elapsed - c.elapsed) }

// read reads both clocks.
func (c *Clock) read() (machine time.Time, elapsed time.Duration) {
	elapsed = c.config.Elapsed()
	return c.config.Machine().Round(0), elapsed // without the reading of Go's own monotonic clock
}

// jumped reports whether the machine's clock was set.
func (c *Clock) jumped(machine time.Time, elapsed time.Duration) bool {
	return machine.Sub(c.expected(elapsed)).Abs() > c.config.MaxSkew
}

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func direction(skew time.Duration, ahead, behind string) string {
	if skew < 0 {
		return behind
	}
	return ahead
}

func showTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func showSkew(skew time.Duration) string { return skew.Abs().Round(time.Second).String() }
