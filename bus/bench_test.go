package bus_test

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/events"
)

// BenchmarkDurable compares commands through the desk with the floor: raw
// synchronous publishes of the same size to a stream that is synced just so.
func BenchmarkDurable(b *testing.B) {
	for _, callers := range []int{1, 32, 64} {
		b.Run(fmt.Sprintf("raw/%d", callers), func(b *testing.B) {
			js, err := jetstream.New(bustest.Connect(b, bustest.SyncedServer(b)))
			require.NoError(b, err)
			_, err = js.CreateStream(b.Context(), jetstream.StreamConfig{Name: "RAW", Subjects: []string{"raw"}})
			require.NoError(b, err)
			message, err := events.Encode(events.Commit{ID: "12345678901234567890123456", At: time.Now(), Entries: []events.Entry{entry(1)}})
			require.NoError(b, err)
			measure(b, callers, func(int) error {
				_, err := js.Publish(b.Context(), "raw", message)
				return err
			})
		})
		b.Run(fmt.Sprintf("desk/%d", callers), func(b *testing.B) {
			measureDesk(b, callers, bus.DeskConfig{Alone: true})
		})
		b.Run(fmt.Sprintf("following/%d", callers), func(b *testing.B) {
			measureDesk(b, callers, bus.DeskConfig{})
		})
	}
}

func measureDesk(b *testing.B, callers int, cfg bus.DeskConfig) {
	b.Helper()
	d := desk(b, bustest.Open(b, bustest.Connect(b, bustest.SyncedServer(b))), cfg)
	requests := make([]bus.Request[command], b.N)
	for i := range requests {
		e := entry(events.Version(i))
		requests[i] = ask(join(joined(e)))
		requests[i].Actor, requests[i].Key, requests[i].Digest = e.Actor, e.Key, e.Digest
	}
	measure(b, callers, func(i int) error {
		_, err := d.Do(b.Context(), requests[i-1])
		return err
	})
}

// measure reports the median and the 99th percentile besides the rate.
func measure(b *testing.B, callers int, do func(int) error) {
	b.Helper()
	var next atomic.Int64
	took := make([][]time.Duration, callers)
	var calling sync.WaitGroup
	b.ResetTimer()
	for caller := range callers {
		calling.Go(func() {
			for i := int(next.Add(1)); i <= b.N; i = int(next.Add(1)) {
				started := time.Now()
				if err := do(i); err != nil {
					b.Error(err)
					return
				}
				took[caller] = append(took[caller], time.Since(started))
			}
		})
	}
	calling.Wait()
	b.StopTimer()
	all := slices.Concat(took...)
	slices.Sort(all)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "ops/s")
	b.ReportMetric(float64(all[len(all)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds()), "p99-µs")
}

// entry is what a usual command leads to: ids are ULIDs, the key is a UUID.
func entry(version events.Version) events.Entry {
	return events.Entry{
		Organization: "acme",
		Version:      version,
		Key:          fmt.Sprintf("3f2c9f6e-7d0b-4a51-9c57-%012d", version),
		Digest:       "GoxlNxLkSCTk5Eo4pu2pKkVJ2ghPZO8CkRzQyLrOIsc",
		Actor:        "01JD6Z2Q8W4X5Y6Z7A8B9C0D1E",
		At:           events.Instant(time.Now()),
		Events: events.Facts{events.MemberJoined{
			Member: events.UserID(fmt.Sprintf("01JD6Z2Q8W4X%014d", version)), Role: "member",
		}},
	}
}

// BenchmarkRead reads a ledger from the beginning, decoding included.
func BenchmarkRead(b *testing.B) {
	for _, entries := range []int{1, 64} {
		b.Run(fmt.Sprintf("entries=%d", entries), func(b *testing.B) {
			l := bustest.Ledger(b)
			var at events.Checkpoint
			var version events.Version
			total := 0
			for total < 50_000 && at.Position < 4_000 {
				c := events.Commit{At: time.Now()}
				for range entries {
					version++
					c.Entries = append(c.Entries, entry(version))
				}
				var err error
				if at, err = l.Append(b.Context(), at, c); err != nil {
					b.Fatal(err)
				}
				total += entries
			}
			for b.Loop() {
				if err := l.Read(b.Context(), events.Checkpoint{}, 0, func([]events.Commit) error { return nil }); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(total*b.N)/b.Elapsed().Seconds(), "events/s")
		})
	}
}
