package soak

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/events"
)

// does is an operation on the membership of one person between two instants.
func does(k kind, member bool, call, returned int64) porcupine.Operation {
	return porcupine.Operation{Input: operation{k, "acme", "ada"}, Output: outcome{member: member}, Call: call, Return: returned}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		history []porcupine.Operation
		broken  bool
	}{
		"one after the other":                       {[]porcupine.Operation{does(add, false, 1, 2), does(look, true, 3, 4), does(remove, true, 5, 6), does(look, false, 7, 8)}, false},
		"a read sees a command that is on its way":  {[]porcupine.Operation{does(add, false, 1, 9), does(look, true, 2, 3)}, false},
		"a read does not see what was acknowledged": {[]porcupine.Operation{does(add, false, 1, 2), does(look, false, 3, 4)}, true},
		"a command is lost":                         {[]porcupine.Operation{does(add, false, 1, 2), does(add, false, 3, 4)}, true},
		"a command takes effect twice":              {[]porcupine.Operation{does(add, false, 1, 2), does(remove, true, 3, 4), does(look, true, 5, 6)}, true},
		"a read goes back in time":                  {[]porcupine.Operation{does(add, false, 1, 9), does(look, true, 2, 3), does(look, false, 4, 5)}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := Workload{history: tc.history}
			assert.Equal(t, tc.broken, len(w.Check()) > 0)
		})
	}
}

func TestCheckLedger(t *testing.T) {
	t.Parallel()
	ledger := bustest.Ledger(t)
	var end events.Checkpoint
	var err error
	for i, key := range []string{"once", "twice", "twice"} {
		now := events.Instant(time.Now())
		end, err = ledger.Append(t.Context(), end, events.Commit{At: now, Entries: []events.Entry{{
			Organization: "acme", Version: events.Version(i + 1), At: now, Key: key, Events: events.Facts{events.MemberRemoved{Member: "ada"}},
		}}})
		require.NoError(t, err)
	}
	for name, tc := range map[string]struct {
		recorded map[string]uint64
		broken   int
	}{
		"once, where it was acknowledged": {map[string]uint64{"once": 1}, 1}, // and the one that is there twice
		"elsewhere":                       {map[string]uint64{"once": 2}, 2},
		"lost":                            {map[string]uint64{"gone": 3}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := Workload{recorded: tc.recorded}
			broken, err := w.CheckLedger(t.Context(), ledger)
			require.NoError(t, err)
			assert.Len(t, broken, tc.broken, broken)
		})
	}
}

func TestTimeThatRunsBackwardsIsFound(t *testing.T) {
	t.Parallel()
	ledger := bustest.Ledger(t)
	var end events.Checkpoint
	for i, at := range []time.Time{time.Unix(2, 0), time.Unix(1, 0)} {
		var err error
		end, err = ledger.Append(t.Context(), end, events.Commit{At: at.UTC(), Entries: []events.Entry{{
			Organization: "acme", Version: events.Version(i + 1), At: at.UTC(), Key: at.String(), Events: events.Facts{events.MemberRemoved{Member: "ada"}},
		}}})
		require.NoError(t, err)
	}
	broken, err := new(Workload).CheckLedger(t.Context(), ledger)
	require.NoError(t, err)
	require.Len(t, broken, 1)
	assert.Contains(t, broken[0], "acme went back in time at position 2")
}

// TestWrongAnswersEndTheWorkload has servers whose answers nobody may give, whatever fails.
func TestWrongAnswersEndTheWorkload(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"500": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "broken", http.StatusInternalServerError) },
		"503 without Retry-After": func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, `{"code":"busy"}`, http.StatusServiceUnavailable)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			front := httptest.NewServer(answer)
			t.Cleanup(front.Close)
			w := Workload{Server: func(int) (Server, bool) { return Server{URL: front.URL}, true }}
			require.ErrorContains(t, w.Run(t.Context()), "is answered 50")
		})
	}
}

// TestCommandsWithoutKeyAreNoRepetition has what the server records by itself, such as the end of something.
func TestCommandsWithoutKeyAreNoRepetition(t *testing.T) {
	t.Parallel()
	ledger := bustest.Ledger(t)
	var end events.Checkpoint
	for i := range 2 {
		var err error
		now := events.Instant(time.Now())
		end, err = ledger.Append(t.Context(), end, events.Commit{At: now, Entries: []events.Entry{{
			Organization: "acme", Version: events.Version(i + 1), At: now, Events: events.Facts{events.MemberRemoved{Member: "ada"}},
		}}})
		require.NoError(t, err)
	}
	broken, err := new(Workload).CheckLedger(t.Context(), ledger)
	require.NoError(t, err)
	assert.Empty(t, broken)
}

// TestStaleReadIsFound has a read that is answered before the position that it asked for.
func TestStaleReadIsFound(t *testing.T) {
	t.Parallel()
	w := Workload{recorded: map[string]uint64{}}
	w.note(0, operation{look, "acme", "ada"}, outcome{position: 4}, "", 5, 1, 2)
	assert.Len(t, w.Check(), 1)
}

func TestUnknownFaultIsRefused(t *testing.T) {
	t.Parallel()
	_, err := Run(t.Context(), Config{Faults: []string{Kill, "rain"}})
	require.ErrorContains(t, err, "there are kill, disk, clock, network, upgrade, feed, failover")
}

// TestWhatDoesNotGoOnIsFound has a workload that nobody answers.
func TestWhatDoesNotGoOnIsFound(t *testing.T) {
	t.Parallel()
	w := Workload{recorded: map[string]uint64{}}
	w.goOn(t.Context(), "reads", 2*pollEvery, reads)
	assert.Equal(t, []string{"reads: none for 20ms"}, w.Check())
}
