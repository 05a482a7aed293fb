package replica_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/receipt"
	"github.com/seed-2026d078/roster/replica"
)

// replicas returns the states of the replicas that are known, by their names.
func (s *server) replicas() map[string]receipt.State {
	s.t.Helper()
	all, err := s.registry.Receipts().Replicas(s.t.Context())
	require.NoError(s.t, err)
	states := map[string]receipt.State{}
	for _, one := range all {
		states[one.Name] = one.State
	}
	return states
}

// TestEndOvertakesNoReport closes replicas as soon as a report is on its way.
func TestEndOvertakesNoReport(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.withProject("acme")
	var closing errgroup.Group
	want := map[string]receipt.State{}
	told, err := s.nc.SubscribeSync(feed.SubscriberSubject("tester", feed.Progress))
	require.NoError(t, err)
	for i := range 24 {
		name := fmt.Sprint("r", i)
		want[name] = receipt.Ended
		r := s.open(replica.Options{Replica: name})
		_, err := told.NextMsg(time.Minute)
		require.NoError(t, err)
		closing.Go(func() error { r.Close(); return nil })
	}
	require.NoError(t, closing.Wait())
	assert.Equal(t, want, s.replicas(), "Close has returned, so Roster knows")
}

// TestEndIsSentAgain has nobody there to answer while a replica is closed.
func TestEndIsSentAgain(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.withProject("acme")
	r := s.open(replica.Options{Replica: "one"})
	require.Eventually(t, func() bool { return s.replicas()["one"] == receipt.Following }, time.Minute, 10*time.Millisecond)
	s.stopService()
	closed := make(chan struct{})
	go func() {
		r.Close()
		close(closed)
	}()
	require.Eventually(t, func() bool {
		_, err := r.Check("acme", "owner", "apollo", "data", "view")
		return assert.ObjectsAreEqual(replica.ErrClosed, err)
	}, time.Minute, time.Millisecond)
	s.startService()
	<-closed
	assert.Equal(t, receipt.Ended, s.replicas()["one"])
}
