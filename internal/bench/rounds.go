package bench

import (
	"context"
	"slices"
	"sync"
	"time"
)

// rounds is how often a system and its floor take turns. What counts is the median.
const rounds = 5

// duel is what a system and its floor have measured, round by round.
type duel[T any] struct{ system, floor []T }

// turns lets a system and its floor take turns, so that a machine that drifts
// does so for both.
func turns[T any](ctx context.Context, system, floor func(context.Context) (T, error)) (duel[T], error) {
	var d duel[T]
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

// row sets one figure of the system beside that of its floor.
func (d duel[T]) row(what, floor, unit string, figureOf func(T) float64) Row {
	return figure(what, median(d.system, figureOf), unit).against(floor, median(d.floor, figureOf))
}

// median of what each round has measured.
func median[T any](measured []T, figureOf func(T) float64) float64 {
	values := make([]float64, len(measured))
	for i, m := range measured {
		values[i] = figureOf(m)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// itself is the figure of a round that measured nothing else.
func itself(value float64) float64 { return value }

// load is what callers saw who did one thing after the other.
type load struct {
	rate     float64 // a second, of all callers
	p50, p99 float64 // ms
}

func rate(l load) float64 { return l.rate }
func p50(l load) float64  { return l.p50 }
func p99(l load) float64  { return l.p99 }

// drive lets callers do something over and over for a time.
func drive(ctx context.Context, callers int, length time.Duration, do func(context.Context) error) (load, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	took := make([][]time.Duration, callers)
	began := time.Now()
	var calling sync.WaitGroup
	for caller := range callers {
		calling.Go(func() {
			for at := time.Now(); at.Sub(began) < length || len(took[caller]) == 0; {
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
	return summary(slices.Concat(took...), time.Since(began)), context.Cause(ctx)
}

// summary of what was done within a time.
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
