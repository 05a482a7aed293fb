package mail

import "github.com/seed-2026d078/roster/events"

// PauseAfter is the pause after so many tries.
var PauseAfter = pauseAfter

// Sample renders a mail that has everything, and Bare one that has nothing but its kind.
func (t *Templates) Sample(locale, kind string) (subject, text, html string, err error) {
	for _, c := range composers {
		if string(c.kind) == kind {
			words, err := t.render(sample(c.kind), locale)
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
	words, err := t.render(f, locale)
	return words.subject, words.text, err
}

// Kinds are the names of all kinds of mails.
func Kinds() (names []string) {
	for _, c := range composers {
		names = append(names, string(c.kind))
	}
	return names
}
