package api

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/collation"
	"github.com/seed-2026d078/roster/internal/mailbox"
	"github.com/seed-2026d078/roster/projections"
)

// Person holds the names of somebody.
type Person struct {
	User   events.UserID `json:"user"`
	Login  string        `json:"login" doc:"The spelling that people see: the id where none was given."`
	Name   string        `json:"name,omitzero" doc:"Left out: unknown, or forgotten."`
	Email  string        `json:"email,omitzero" doc:"Left out: unknown, or forgotten."`
	Avatar string        `json:"avatar,omitzero" doc:"The URL of a picture. Left out: unknown, or forgotten."`
	Colour events.Colour `json:"colour" doc:"Of an icon in place of the picture; it follows from the user id."`
}

// Badge marks somebody in a list.
type Badge string

// The badges. A protected person cannot be removed or changed: they hold a role of the
// organization that is protected, or have created the project.
const (
	protectedBadge      Badge = "protected"
	workspaceOwnerBadge Badge = "workspace_owner"
	creatorBadge        Badge = "creator"
	deactivatedBadge    Badge = "deactivated"
	notStartedBadge     Badge = "not_started"
	endedBadge          Badge = "ended"
)

// addBadge adds the badge of a status; active has none.
func addBadge(badges []Badge, s projections.Status) []Badge {
	switch s {
	case projections.Deactivated:
		return append(badges, deactivatedBadge)
	case projections.NotStarted:
		return append(badges, notStartedBadge)
	case projections.Ended:
		return append(badges, endedBadge)
	case projections.Active:
	}
	return badges
}

func personOf(p projections.Person) Person {
	return Person{p.User, p.Login, p.Name, p.Email, p.Avatar, iconColour(string(p.User))}
}

// unknownPerson is somebody whom the read models do not know yet.
func unknownPerson(user events.UserID) Person {
	return Person{User: user, Login: string(user), Colour: iconColour(string(user))}
}

func (p Person) cells() []string { return []string{string(p.User), p.Login, p.Name, p.Email} }

// readEmail validates an email address without a name. An empty one is valid.
func readEmail(text string) (string, error) {
	if collation.Normalize(text) == "" {
		return "", nil
	}
	address, err := mailbox.Parse(text)
	if err != nil {
		return "", errBadEmail.because("%q is no email address: %s.", shortened(text), err)
	}
	return address, nil
}

// shortened returns the beginning of a text that a client sent, as an error quotes it.
func shortened(text string) string {
	const most = 320
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

// inputName returns a name as it is recorded: in the normal form NFC, without the space around
// it. A name of space alone stays as it is, so that it is refused.
func inputName(text string) string { return cmp.Or(collation.Normalize(text), text) }

// maxName is the longest name of a person, in bytes.
const maxName = 255

// readName validates the name of a person by the rules that the domain has for other
// names: the domain gets this one encrypted. An empty name is valid.
func readName(text string) (string, error) {
	text = inputName(text)
	blank := text != "" && !collation.Visible(text)
	if blank || len(text) > maxName || !printable(text) || collation.HasControls(text) {
		return "", domain.ErrBadName
	}
	return text, nil
}

// printable reports whether a text is UTF-8 without control characters.
func printable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}
