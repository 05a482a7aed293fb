package api

import (
	"net/mail"
	"strings"
)

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
