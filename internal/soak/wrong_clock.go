package soak

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/seed-2026d078/roster/internal/serverprocess"
)

// wrongFor is how long a clock is wrong that the server trusts nevertheless.
const wrongFor = time.Second

// steps are how far the machine's clock is set ahead of the time that it is, one after the other.
var steps = []time.Duration{
	-time.Hour, 2 * time.Minute, 400 * 24 * time.Hour, -2 * time.Minute, time.Hour,
}

// trustedStep is how far a clock may be wrong without being noticed.
const trustedStep = 5 * time.Minute

// wrongClock is a server in this process whose machine's clock is set.
type wrongClock struct {
	node

	run    func(ctx context.Context, args []string, machine func() time.Time, log io.Writer) error
	ahead  atomic.Int64 // of the clock, a time.Duration
	times  int          // how often it was set
	cancel context.CancelFunc
	ended  chan struct{}
	err    error // why it ended
}

func (c *wrongClock) start(ctx context.Context, dir string) error {
	c.data = filepath.Join(dir, "data")
	ctx, c.cancel = context.WithCancel(context.WithoutCancel(ctx))
	c.ended = make(chan struct{})
	log := new(serverprocess.Log)
	go func() {
		defer close(c.ended)
		c.err = c.run(ctx, serverprocess.Arguments(c.data), func() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }, log)
		fmt.Fprintln(log, c.err)
	}()
	here, err := serverprocess.Await(c.data, os.Getpid(), c.ended, log)
	if err == nil {
		c.set(&here)
	}
	return err
}

// disturb sets the clock, and sets it right again. After a large step commands are refused until
// the clock is right, or somebody accepts it as it is.
func (c *wrongClock) disturb(ctx context.Context, w *Workload) (ended time.Time, err error) {
	step := steps[c.times%len(steps)]
	accepted := c.times/len(steps)%2 == 1 // every other time
	c.times++
	c.ahead.Store(int64(step))
	if step.Abs() < trustedStep {
		w.goOn(ctx, fmt.Sprintf("commands while the clock is %s ahead", step), noticeTimeout, commands)
		sleep(ctx, wrongFor)
		c.ahead.Store(0)
		return time.Now(), nil
	}
	c.refuses(ctx, w, step)
	if accepted {
		if err := c.accept(ctx); err != nil {
			return time.Time{}, err
		}
		w.goOn(ctx, fmt.Sprintf("commands by an accepted clock that is %s ahead", step), noticeTimeout, commands)
		c.ahead.Store(0)
		c.refuses(ctx, w, -step)
		err = c.accept(ctx)
	}
	c.ahead.Store(0)
	return time.Now(), err
}

// refuses notes a breach if commands are not refused, or reads do not go on.
func (c *wrongClock) refuses(ctx context.Context, w *Workload, step time.Duration) {
	w.goOn(ctx, fmt.Sprintf("commands refused with clock when it is set by %s", step), noticeTimeout, refused("clock"))
	before := w.Counts()
	w.goOn(ctx, "reads by a clock that is not trusted", wrongFor, reads)
	sleep(ctx, wrongFor)
	// A command may have been decided before, and be answered now, from each client.
	if taken := w.Counts().Commands - before.Commands; taken > len(clients) {
		w.breach("%d commands are taken while the clock is wrong by %s", taken, step)
	}
}

// accept accepts the clock as it is, also when ctx has ended.
func (c *wrongClock) accept(ctx context.Context) error {
	here, _ := c.server(0)
	request, err := http.NewRequestWithContext(context.WithoutCancel(ctx), http.MethodPost, here.URL+"/v1/clock/accept", nil)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+here.Key)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		err = fmt.Errorf("accept the clock: %s", response.Status)
	}
	return cmp.Or(err, response.Body.Close())
}

func (c *wrongClock) stop() error {
	if c.cancel == nil {
		return nil
	}
	c.set(nil)
	c.cancel()
	<-c.ended
	return c.err
}
