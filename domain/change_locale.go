package domain

import (
	"regexp"

	"github.com/seed-2026d078/roster/events"
)

// ChangeLocale says in which language mails are written to people of whom none is known. Empty leaves it to the server.
type ChangeLocale struct{ To events.Locale }

// Decide lets those do it who may rename the organization.
func (c ChangeLocale) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, RenamingOrganization, About{}); err != nil {
		return nil, byRule(err, "Those choose the language of mails who may rename the organization")
	}
	switch {
	case c.To == org.locale:
		return nil, nil // already so
	case c.To != "" && !languageTag.MatchString(string(c.To)):
		return nil, ErrBadLocale.Because("%q is no language; it is written as in de or de-CH.", c.To)
	}
	return []events.Event{events.LocaleChanged{From: org.locale, To: c.To}}, nil
}

// languageTag matches tags of languages.
var languageTag = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}$`)

// Locale returns in which language mails are written to people of whom none is known; empty leaves it to the server.
func (o Organization) Locale() events.Locale { return o.locale }
