package bench

import (
	"context"
	"slices"
	"sync"
	"time"
)

// comparison holds what was measured of a system and its floor in each round.
type comparison[T any] struct{ system, floor []T }

// turn is how long a system, or its floor, is measured in each round.
func (c Config) turn() time.Duration { return c.Time / time.Duration(c.Rounds) }

// interleave measures a system and its floor in turn, so that a change of the machine's
// speed affects both.
func interleave[T any](ctx context.Context, rounds int, system, floor func(context.Context) (T, error)) (comparison[T], error) {
	var d comparison[T]
	for range rounds {
		ours, err := system(ctx)
		if err != nil {
			return d, err
		}
		theirs, err := floor(ctx)
		if err != nil {
			return d, err
		}
		d.system, d.floor = append(d.system, ours), append(d.floor, theirs)
	}
	return d, nil
}

// row returns one figure of the system with that of its floor.
func (d comparison[T]) row(what, floor, unit string, figureOf func(T) float64) Row {
	return figure(what, median(d.system, figureOf), unit).against(floor, median(d.floor, figureOf))
}

// median returns the median of a figure over the rounds.
func median[T any](measured []T, figureOf func(T) float64) float64 {
	values := make([]float64, len(measured))
	for i, m := range measured {
		values[i] = figureOf(m)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// identity is the figure of a round that measured one number.
func identity(value float64) float64 { return value }

// load is what concurrent callers measured.
type load struct {
	rate     float64 // calls a second, of all callers together
	p50, p99 float64 // ms
}

func rate(l load) float64 { return l.rate }
func p50(l load) float64  { return l.p50 }
func p99(l load) float64  { return l.p99 }

// runLoad lets concurrent callers call do again and again for a time.
func runLoad(ctx context.Context, callers int, length time.Duration, do func(context.Context) error) (load, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	took := make([][]time.Duration, callers)
	started := time.Now()
	var calling sync.WaitGroup
	for caller := range callers {
		calling.Go(func() {
			for at := time.Now(); at.Sub(started) < length || len(took[caller]) == 0; {
				if err := do(ctx); err != nil {
					cancel(err) // the first one counts
					return
				}
				now := time.Now()
				took[caller] = append(took[caller], now.Sub(at))
				at = now
			}
		})
	}
	calling.Wait()
	return summary(slices.Concat(took...), time.Since(started)), context.Cause(ctx)
}

// summary returns the load of calls that took so long, within a time.
func summary(took []time.Duration, within time.Duration) load {
	if len(took) == 0 {
		return load{}
	}
	slices.Sort(took)
	return load{
		rate: float64(len(took)) / within.Seconds(),
		p50:  milliseconds(took[len(took)/2]),
		p99:  milliseconds(took[len(took)*99/100]),
	}
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
