package api

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/seed-2026d078/roster/domain"
)

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
