package bench

import (
	"context"
	"fmt"
	"iter"
	"runtime"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// folded is the state after entries.
func folded(entries iter.Seq[events.Entry]) domain.Roster {
	var all []events.Entry
	for entry := range entries {
		all = append(all, entry)
	}
	return domain.Roster{}.Evolve(all...)
}

// replay measures how fast a ledger becomes state, and what state takes.
func replay(ctx context.Context, s *stage) ([]Row, error) {
	acme := company{id: "acme", people: s.People, crowd: max(s.People/10, 1)}
	h, err := s.ledger(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := acme.record(ctx, h.ledger, events.Checkpoint{}); err != nil {
		return nil, err
	}
	// One core for everything: the server, the collector of garbage, and the fold.
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var rates, sizes []float64
	for range rounds {
		before := heap()
		var state domain.Roster
		total, began := 0, time.Now()
		err := h.ledger.Read(ctx, events.Checkpoint{}, 0, func(commits []events.Commit) error {
			var entries []events.Entry
			for _, c := range commits {
				entries = append(entries, c.Entries...)
			}
			for i := range entries {
				total += len(entries[i].Events)
			}
			state = state.Evolve(entries...) // as the desk does
			return nil
		})
		if err != nil {
			return nil, err
		}
		rates = append(rates, float64(total)/time.Since(began).Seconds())
		sizes = append(sizes, heap()-before)
		runtime.KeepAlive(state)
	}
	return []Row{
		figure("replay into memory on one core, events", median(rates, itself), "/s").atLeast(200_000),
		figure(fmt.Sprintf("%s sources in memory", grouped(acme.sources())), median(sizes, itself), "MB").atMost(400),
	}, nil
}

// heap returns how much memory is in use, in MB.
func heap() float64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / 1e6
}
