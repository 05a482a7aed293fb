package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/phrase"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/natsserver"
)

// maxNamed is how many people, whose texts do not open, are named.
const maxNamed = 10

// sealedTexts opens the texts that are sealed in commits.
type sealedTexts struct {
	ctx    context.Context //nolint:containedctx // of one run
	master masterKey
	keys   *keyring.Reader
	fault  error // why there are no keys

	commits    int
	unreadable int // texts
	named      map[subjectOf]bool
	lines      []string
}

type subjectOf struct {
	organization events.OrganizationID
	events.Subject
}

// open opens every text of a commit.
func (s *sealedTexts) open(c events.Commit) {
	s.commits++
	for i := range c.Entries {
		for _, event := range c.Entries[i].Events {
			subject, texts := events.SealedTexts(event)
			for _, text := range texts {
				s.openText(c.Position, subjectOf{c.Entries[i].Organization, subject}, text)
			}
		}
	}
}

func (s *sealedTexts) openText(at events.Position, of subjectOf, text events.Sealed) {
	if s.fault != nil {
		return
	}
	_, err := s.keys.Open(s.ctx, of.organization, text)
	unreadable, is := errors.AsType[*keyring.UnreadableError](err)
	switch {
	case err == nil, errors.Is(err, keyring.ErrForgotten):
		return
	case !is:
		s.fault = err
		return
	}
	s.unreadable++
	if s.named[of] {
		return
	}
	if s.named == nil {
		s.named = map[subjectOf]bool{}
	}
	s.named[of] = true
	if len(s.lines) < maxNamed {
		s.lines = append(s.lines, fmt.Sprintf("commit %d, %s %q of organization %q: %v", at, of.Kind, of.ID, of.organization, unreadable.Err))
	}
}

// result returns nil if every text opened.
func (s *sealedTexts) result() error {
	const restore = "bring back the newest copy of the ledger and its keys (nats/)"
	switch {
	case errors.Is(s.fault, natsserver.ErrNoStream), errors.Is(s.fault, keyring.ErrNoKeys):
		if s.commits == 0 {
			return nil // the server that makes the ledger makes the keys
		}
		return &refusedError{fmt.Errorf("%w, so no text about a person can be read: %s", keyring.ErrNoKeys, restore)}
	case s.fault != nil:
		return s.master.explain(s.fault)
	case s.unreadable == 0:
		return nil
	}
	more := ""
	if n := len(s.named) - len(s.lines); n > 0 {
		more = "\nand " + phrase.Count(n, "more person or invite", "more people or invites")
	}
	return &refusedError{fmt.Errorf("%s about people cannot be read: %s\n%s%s", phrase.Count(s.unreadable, "text", "texts"), restore, strings.Join(s.lines, "\n"), more)}
}
