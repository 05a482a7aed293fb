package soak

import (
	"context"
	"maps"
	"time"
)

// Counts says what a workload has done.
type Counts struct {
	Commands int `json:"commands"`
	Reads    int `json:"reads"`
	// Lists are those reads that are answered from PostgreSQL.
	Lists int `json:"lists"`
	// Repeated are attempts that got no answer, or 503.
	Repeated int `json:"repeated"`
	// Refused counts the answers 503, by their code.
	Refused map[string]int `json:"refused,omitempty"`
	// Longest is how long the slowest operation took, with all its attempts.
	Longest time.Duration `json:"longest"`
	// Faults is how many faults were made and ended.
	Faults int `json:"faults"`
	// Recovery is the longest time from the end of a fault until a command was answered.
	Recovery time.Duration `json:"recovery"`
}

// Counts returns what the workload has done so far.
func (w *Workload) Counts() Counts {
	w.mu.Lock()
	defer w.mu.Unlock()
	counts := w.counts
	counts.Refused = maps.Clone(counts.Refused)
	return counts
}

// await waits until the counts are as they must be, and returns false if they are not in time.
func (w *Workload) await(ctx context.Context, within time.Duration, so func(Counts) bool) bool {
	for deadline := time.Now().Add(within); time.Now().Before(deadline); {
		if so(w.Counts()) {
			return true
		}
		if !sleep(ctx, pollEvery) {
			return true // who gave up cannot tell
		}
	}
	return false
}

// goOn notes a breach if there is nothing new of what is counted during the time.
func (w *Workload) goOn(ctx context.Context, what string, lasts time.Duration, counted func(Counts) int) {
	before := counted(w.Counts())
	if !w.await(ctx, lasts, func(now Counts) bool { return counted(now) > before }) {
		w.breach("%s: none for %s", what, lasts)
	}
}

func commands(c Counts) int { return c.Commands }

// reads returns how many reads were answered without PostgreSQL.
func reads(c Counts) int { return c.Reads - c.Lists }

func refused(code string) func(Counts) int {
	return func(c Counts) int { return c.Refused[code] }
}

// recoveryTimeout is how long after a fault a command must be answered.
const recoveryTimeout = 30 * time.Second

// count waits until a command is answered after the end of a fault, and counts the fault.
func (w *Workload) count(ctx context.Context, ended time.Time) {
	w.goOn(ctx, "commands after the end of a fault", recoveryTimeout, commands)
	w.mu.Lock()
	defer w.mu.Unlock()
	if ctx.Err() == nil {
		w.counts.Faults++
		w.counts.Recovery = max(w.counts.Recovery, time.Since(ended))
	}
}
