package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress shows how much of some work is done: with a bar on a terminal, with a line now
// and then in a file.
type progress struct {
	w    io.Writer
	what string
	bar  *progressbar.ProgressBar
	next time.Time
}

// lineEvery is how often a file gets a line.
const lineEvery = 5 * time.Second

func newProgress(w io.Writer, what string) *progress {
	p := &progress{w: w, what: what, next: time.Now().Add(lineEvery)}
	if terminal(w) {
		p.bar = progressbar.NewOptions64(1,
			progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(what), progressbar.OptionSetWidth(30),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(true))
	}
	return p
}

// show shows how much is done, in any unit, with a text.
func (p *progress) show(done, total int64, words string) {
	switch {
	case p.bar != nil:
		p.bar.Describe(p.what + " " + words)
		p.bar.ChangeMax64(max(total, 1))
		_ = p.bar.Set64(min(done, total)) // a bar that cannot be drawn is no fault
	case time.Now().After(p.next):
		p.next = time.Now().Add(lineEvery)
		fmt.Fprintf(p.w, "%s %s, %d%%\n", p.what, words, 100*done/max(total, 1))
	}
}

// finish removes the bar.
func (p *progress) finish() {
	if p.bar != nil {
		_ = p.bar.Clear() // as in show
	}
}

// terminal reports whether a reader or a writer is a terminal.
func terminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
