package mailbox

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"github.com/seed-2026d078/roster/internal/collation"
)

// The longest address and local part, in bytes, as RFC 5321 has them.
const (
	maxAddress   = 254
	maxLocalPart = 64

	// maxText is the longest text that can be an address: one with all escapes that it does not need, and a domain in full-width letters.
	maxText = 4 * maxAddress
)

var errTooLong = fmt.Errorf("an address has at most %d bytes", maxAddress)

// Parse validates an address and returns it as it is kept: in the normal form NFC, without space around it, with quotes only where the local part
// needs them, and with the letters of an international domain. The error says what is wrong.
func Parse(text string) (string, error) {
	text = collation.Normalize(text)
	switch {
	case !utf8.ValidString(text):
		return "", errors.New("it is not UTF-8")
	case len(text) > maxText: // to convert a domain takes time that grows with the square of its length
		return "", errTooLong
	}
	local, rest, err := cutLocalPart(text)
	if err != nil {
		return "", err
	}
	domain, ascii, err := parseDomain(rest)
	if err != nil {
		return "", err
	}
	switch {
	case len(local) > maxLocalPart:
		return "", fmt.Errorf("what is before the @ has at most %d bytes", maxLocalPart)
	case len(local)+1+max(len(domain), len(ascii)) > maxAddress:
		return "", errTooLong
	}
	return local + "@" + domain, nil
}

// Key returns what all forms of an address have in common: two addresses have the same key if they are the same mailbox. It also compares texts that
// are no addresses.
func Key(address string) string {
	if parsed, err := Parse(address); err == nil {
		address = parsed
	}
	return norm.NFC.String(strings.Map(foldCase, collation.Normalize(address)))
}

// foldCase returns a letter in lower case. No letter becomes one of ASCII that was none: a dotted capital İ is no i. The two small sigmas are one letter.
func foldCase(r rune) rune {
	lower := unicode.ToLower(r)
	switch {
	case r >= utf8.RuneSelf && lower < utf8.RuneSelf:
		return r
	case lower == 'ς':
		return 'σ'
	}
	return lower
}

// cutLocalPart returns what is before the @, without quotes that it does not need, and what is behind it.
func cutLocalPart(text string) (local, rest string, err error) {
	if strings.HasPrefix(text, `"`) {
		return cutQuoted(text)
	}
	local, rest, found := strings.Cut(text, "@")
	switch {
	case strings.HasSuffix(text, ">"):
		return "", "", errors.New("write the address alone, without a name and without < and >")
	case !found:
		return "", "", errors.New("it has no @")
	case local == "":
		return "", "", errors.New("there is nothing before the @")
	}
	if at := strings.IndexFunc(local, func(r rune) bool { return r != '.' && !isAtomText(r) }); at >= 0 {
		return "", "", unexpected(local[at:], "before the @")
	}
	if !isDotAtom(local) {
		return "", "", errors.New("what is before the @ neither begins nor ends with a dot, and has no two in a row")
	}
	return local, rest, nil
}

// cutQuoted is cutLocalPart for a local part in quotes.
func cutQuoted(text string) (local, rest string, err error) {
	var inside strings.Builder
	escaped := false
	for i, r := range text[1:] {
		switch {
		case !isQuotedText(r):
			return "", "", unexpected(text[1+i:], "in the quotes")
		case !escaped && r == '\\':
			escaped = true
			continue
		case !escaped && r == '"':
			rest, found := strings.CutPrefix(text[1+i+1:], "@")
			switch {
			case strings.HasSuffix(text, ">"):
				return "", "", errors.New("write the address alone, without a name and without < and >")
			case !found:
				return "", "", errors.New("after the quotes an @ is missing")
			case inside.Len() == 0:
				return "", "", errors.New("there is nothing before the @")
			}
			return quoteIfNeeded(inside.String()), rest, nil
		}
		escaped = false
		inside.WriteRune(r)
	}
	return "", "", errors.New("the quotes do not end")
}

// quoteIfNeeded writes a local part as short as can be.
func quoteIfNeeded(local string) string {
	if isDotAtom(local) {
		return local
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(local) + `"`
}

// isDotAtom reports whether a local part needs no quotes.
func isDotAtom(local string) bool {
	for atom := range strings.SplitSeq(local, ".") {
		if atom == "" || strings.ContainsFunc(atom, func(r rune) bool { return !isAtomText(r) }) {
			return false
		}
	}
	return true
}

// isAtomText reports whether a character may be in a local part without quotes.
func isAtomText(r rune) bool {
	switch {
	case r >= utf8.RuneSelf:
		return isVisible(r)
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		return true
	}
	return strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r)
}

// isQuotedText reports whether a character may be in quotes, escaped or not.
func isQuotedText(r rune) bool { return r >= ' ' && r <= '~' || r >= utf8.RuneSelf && isVisible(r) }

// isVisible reports whether people see a character.
func isVisible(r rune) bool {
	return unicode.IsPrint(r) && !collation.HasInvisible(string(r))
}

// unexpected is the error of a character at the beginning of a text.
func unexpected(text, where string) error {
	r, _ := utf8.DecodeRuneInString(text)
	if r == ' ' {
		return fmt.Errorf("there is a space %s", where)
	}
	return fmt.Errorf("there is a %q %s", r, where)
}

// international are the rules of domains with letters beyond ASCII.
var international = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(true), idna.VerifyDNSLength(true), idna.Transitional(false))

var errNoDomain = errors.New("what follows the @ is no domain, such as example.org")

// parseDomain returns a domain as it is kept, and in ASCII. A domain that has letters of ASCII only stays as it was sent.
func parseDomain(sent string) (domain, ascii string, err error) {
	switch {
	case sent == "":
		return "", "", errors.New("there is nothing behind the @")
	case strings.Contains(sent, "@"):
		return "", "", errors.New("it has several @")
	case strings.HasSuffix(sent, "."):
		return "", "", errors.New("it ends with a dot; leave that out")
	case collation.HasInvisible(sent): // the conversion would drop it
		return "", "", errors.New("there is a character that is not seen")
	case strings.HasPrefix(sent, "["):
		return "", "", errors.New("what follows the @ is a domain, such as example.org, and no IP address")
	case strings.ContainsAny(sent, "()"):
		return "", "", errors.New("write the address alone, without a comment")
	case isHostName(sent) && !strings.Contains(strings.ToLower(sent), "xn--"):
		return sent, sent, nil
	}
	if ascii, err = international.ToASCII(sent); err != nil || !isHostName(ascii) {
		return "", "", errNoDomain
	}
	if domain, err = international.ToUnicode(ascii); err != nil {
		return "", "", errNoDomain
	}
	return domain, ascii, nil
}

// isHostName reports whether a text is a domain of letters, digits and hyphens of ASCII.
func isHostName(text string) bool {
	if len(text) > 253 {
		return false
	}
	for label := range strings.SplitSeq(text, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' ||
			strings.ContainsFunc(label, func(r rune) bool {
				return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-'
			}) {
			return false
		}
	}
	return true
}
