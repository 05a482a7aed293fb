package api

import (
	"context"
	"net/mail"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// Person is what somebody is called.
type Person struct {
	User  events.UserID `json:"user"`
	Login string        `json:"login" doc:"The spelling that people see: the id where none was given."`
	Name  string        `json:"name,omitzero" doc:"Left out: unknown, or forgotten."`
	Email string        `json:"email,omitzero" doc:"Left out: unknown, or forgotten."`
}

// Status says whether somebody's membership, or access to a project, holds.
type Status string

// The statuses. Somebody who is deactivated and whose end has passed is deactivated.
const (
	active      Status = "active"
	deactivated Status = "deactivated"
	ended       Status = "ended"
)

// Badge marks somebody in a list.
type Badge string

// The badges. Nobody removes or changes who is protected.
const (
	protectedBadge   Badge = "protected"
	creatorBadge     Badge = "creator"
	deactivatedBadge Badge = "deactivated"
	endedBadge       Badge = "ended"
)

// membershipStatus is that of a membership.
func membershipStatus(org domain.Organization, user events.UserID) Status {
	return Status(projections.StatusOf(org, user))
}

// badge adds the badge of a status; who is active has none.
func (s Status) badge(badges []Badge) []Badge {
	switch s {
	case deactivated:
		return append(badges, deactivatedBadge)
	case ended:
		return append(badges, endedBadge)
	case active:
	}
	return badges
}

// nameAll fills in what the people in rows are called.
func nameAll[R any](s *Server, person func(*R) *Person) func(context.Context, domain.Organization, []R) error {
	return func(ctx context.Context, org domain.Organization, rows []R) error {
		users := make([]events.UserID, len(rows))
		for i := range rows {
			users[i] = person(&rows[i]).User
		}
		known, err := s.Database.People(ctx, org.ID(), users)
		if err != nil {
			return err
		}
		for i := range rows {
			who := person(&rows[i])
			who.Login = string(who.User) // until the read models know more
			if found, there := known[who.User]; there {
				*who = personOf(found)
			}
		}
		return nil
	}
}

func personOf(p projections.Person) Person { return Person{p.User, p.Login, p.Name, p.Email} }

func (p Person) cells() []string { return []string{string(p.User), p.Login, p.Name, p.Email} }

// labelOf returns what people call a role; empty where it has no other name than its key.
func labelOf(roles []events.Role, key events.RoleKey) string {
	i := slices.IndexFunc(roles, func(r events.Role) bool { return r.Key == key })
	if i < 0 {
		return ""
	}
	return roles[i].Label
}

// maxEmail is the longest address that mail knows, in bytes.
const maxEmail = 320

// readEmail takes a bare address; empty stays empty.
func readEmail(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", nil
	}
	if parsed, err := mail.ParseAddress(text); err != nil || parsed.Address != text || len(text) > maxEmail || !printable(text) {
		return "", errBadEmail.because("%q is no email address.", text)
	}
	return text, nil
}

// maxName is the longest name of a person, in bytes.
const maxName = 255

// readName takes the name of a person as the domain takes other names: it cannot
// judge what is sealed. Empty stays empty.
func readName(text string) (string, error) {
	blank := text != "" && strings.TrimSpace(text) == ""
	if blank || len(text) > maxName || !printable(text) {
		return "", domain.ErrBadName
	}
	return text, nil
}

// printable tells whether a text is UTF-8 without control characters.
func printable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}
