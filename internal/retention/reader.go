// Package retention notices that the feed's stream has dropped messages before a reader got them. NATS does not tell: the
// consumer goes on behind them, and its numbers have no gap.
//
// Roster looks again and again up to which sequence messages are dropped, and each heartbeat has the result. A reader that is near the
// end of the stream sees every heartbeat:
//
//	var reader retention.Reader
//	if !reader.Beat(sequence, heartbeat.Dropped, heartbeat.Checked) {
//		// begin again at a place that is known to be good, or with a snapshot
//	}
//
// While a reader catches up, it reads no heartbeats, since the stream keeps the last ones alone. Then Roster looks at its consumer.
package retention

// maxBeats is how many heartbeats are remembered.
const maxBeats = 100

// Reader is what is known of a reader. The zero value has read nothing.
type Reader struct {
	begun bool
	// through is a sequence up to which no message was dropped before it was read, as far as heartbeats tell.
	through uint64
	// beats are the sequences of the heartbeats that were read since.
	beats []uint64
}

// Beat takes in a heartbeat with its sequence in the stream: when the stream ended at the sequence checked, those up to dropped were no
// longer kept. It returns false if messages may have been dropped before they were read. If a reader is overtaken by what
// is dropped, it is told so by the fourth heartbeat after that; it is told so in vain if that is about to happen.
//
// A heartbeat is gone before there is the second one after it. So what was looked at when that was there was looked at after the first was read.
func (r *Reader) Beat(sequence, dropped, checked uint64) bool {
	if !r.begun {
		r.begun, r.through = true, sequence
	}
	if dropped > r.through {
		return false
	}
	r.beats = append(r.beats, sequence)
	for len(r.beats) > 2 && (r.beats[2] <= checked || len(r.beats) > maxBeats) {
		if r.beats[2] <= checked {
			r.through = r.beats[0]
		}
		r.beats = r.beats[1:]
	}
	return true
}
