package mail

import (
	"crypto/x509"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// Pauses has the sender try again after another pause, and look for mails, and reminders, as often.
func (s *Sender) Pauses(pause time.Duration) {
	s.look, s.remindEvery = pause, pause
	s.pause = func(int) time.Duration { return pause }
}

// Trust has the server be trusted by other authorities than those of the machine.
func (s *SMTP) Trust(roots *x509.CertPool) { s.tls.RootCAs = roots }

// PauseAfter is the pause after so many tries.
var PauseAfter = pauseAfter

// MaxTries is how often a mail is tried.
const MaxTries = maxTries

// Sample renders a mail that has everything, and Bare one that has nothing but its kind.
func (t *Templates) Sample(locale, kind string) (subject, text, html string, err error) {
	for _, c := range composers {
		if string(c.kind) == kind {
			words, err := t.render(locale, sample(c.kind))
			return words.subject, words.text, words.html, err
		}
	}
	panic("no such kind")
}

// Facts are what a mail says.
type Facts = facts

// Vary renders a mail that has everything, but for a change.
func (t *Templates) Vary(locale string, kind events.NoticeKind, change func(*Facts)) (subject, text string, err error) {
	f := sample(kind)
	change(&f)
	words, err := t.render(locale, f)
	return words.subject, words.text, err
}

// Kinds are the names of all kinds of mails.
func Kinds() (names []string) {
	for _, c := range composers {
		names = append(names, string(c.kind))
	}
	return names
}
