package mail

import (
	"sync"
	"time"
)

// resting is since when, and until when, no mails are sent, since the server cannot be reached. The zero value does not rest.
type resting struct {
	mu    sync.Mutex
	pause time.Duration
	until time.Time
}

// begin rests, longer each time until a mail is sent.
func (r *resting) begin() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if time.Now().Before(r.until) {
		return // of several mails that failed together, the first counts
	}
	r.pause = min(max(2*r.pause, firstRest), maxRest)
	r.until = time.Now().Add(jitter(r.pause))
}

// end sends mails again.
func (r *resting) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pause, r.until = 0, time.Time{}
}

func (r *resting) now() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return time.Now().Before(r.until)
}
