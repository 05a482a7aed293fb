package bench

import (
	"context"
	"iter"
	"runtime"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// replay measures how fast a ledger is folded into a state, and the state's memory.
func replay(ctx context.Context, s *setup) ([]Row, error) {
	acme := organization{id: "acme", people: s.People, largeTeam: max(s.People/10, 1)}
	messages, err := acme.messages()
	if err != nil {
		return nil, err
	}
	// One core for everything, including garbage collection.
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var rates, sizes []float64
	for range s.Rounds {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		before := heap()
		started := time.Now()
		n, state, err := replayed(messages)
		if err != nil {
			return nil, err
		}
		rates = append(rates, float64(n)/time.Since(started).Seconds())
		sizes = append(sizes, heap()-before)
		runtime.KeepAlive(state)
	}
	return []Row{
		figure("replay on one core, events", median(rates, identity), "/s").atLeast(200_000),
		figure(grouped(acme.sources())+" sources in memory", median(sizes, identity), "MB").atMost(400),
	}, nil
}

// messages returns the organization's history as the ledger stores it.
func (c organization) messages() ([][]byte, error) {
	happened, err := c.history()
	if err != nil {
		return nil, err
	}
	var all [][]byte
	for commit := range commits(happened) {
		message, err := events.Encode(commit)
		if err != nil {
			return nil, err
		}
		all = append(all, message)
	}
	return all, nil
}

// replayed folds messages, some at a time as the desk does, and counts the events.
func replayed(messages [][]byte) (n int, state domain.Roster, err error) {
	const some = 32
	for batch := range slices.Chunk(messages, some) {
		var entries []events.Entry
		for _, message := range batch {
			commit, err := events.Decode(message, 1) // which one it is, nobody asks
			if err != nil {
				return 0, state, err
			}
			entries = append(entries, commit.Entries...)
		}
		for i := range entries {
			n += len(entries[i].Events)
		}
		state = state.Evolve(entries...)
	}
	return n, state, nil
}

// heap returns how much memory is in use, in MB.
func heap() float64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / 1e6
}

// stateAfter returns the state after entries.
func stateAfter(entries iter.Seq[events.Entry]) domain.Roster {
	return domain.Roster{}.Evolve(slices.Collect(entries)...)
}
