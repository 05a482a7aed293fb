package domain

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/collation"
)

// maxDescription is the longest description in bytes.
const maxDescription = 10_000

func validateID[S ~string](what string, id S) error {
	if !events.ValidID(id) || collation.HasInvisible(string(id)) {
		return ErrBadID.Because("The %s id %q cannot be: an id is 1 to 255 bytes of UTF-8 without control characters and invisible ones, and neither \".\" nor \"..\".", what, id)
	}
	return nil
}

func validateName(name string) error {
	if !events.ValidID(name) || !collation.Visible(name) || collation.HasControls(name) {
		return ErrBadName.Because("The name %q cannot be: a name is 1 to 255 bytes of UTF-8 without control characters, those of direction and of zero width among them, of which some are seen.", name)
	}
	return nil
}

func validateDescription(text string) error {
	if len(text) > maxDescription || !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return ErrBadName.Because("A description is up to %d bytes of UTF-8 without NUL.", maxDescription)
	}
	return nil
}

// validateEnd fails for an end that has passed.
func validateEnd(until time.Time, m events.Moment) error {
	if !until.IsZero() && !until.After(m.Instant()) {
		return ErrBadEnd.Because("The end %s has passed; state a later time.", until.Format(time.RFC3339))
	}
	return nil
}

// validateTerm fails for an end that has passed, or is not after the start.
func validateTerm(from, until time.Time, m events.Moment) error {
	if err := validateEnd(until, m); err != nil {
		return err
	}
	if !from.IsZero() && !until.IsZero() && !from.Before(until) {
		return ErrBadStart.Because("It would start %s, and end %s; state a start before the end.", from.Format(time.RFC3339), until.Format(time.RFC3339))
	}
	return nil
}

// startOf returns a start as it is recorded. One that has passed is none: the zero time.
func startOf(from time.Time, m events.Moment) time.Time {
	if !from.After(m.Instant()) {
		return time.Time{}
	}
	return from
}

// colourPattern is that of a colour as on the web: #1a2b3c.
var colourPattern = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

func validateColour(c events.Colour) error {
	if c != "" && !colourPattern.MatchString(string(c)) {
		return ErrBadColour.Because("The colour %q cannot be: a colour is written as #1a2b3c.", c)
	}
	return nil
}

func validatePrivacy(p events.Privacy) error {
	switch p {
	case "", events.Closed, events.Secret:
		return nil
	}
	return ErrBadPrivacy.Because("A team is %q or %q, not %q.", events.Closed, events.Secret, p)
}
