package collation

import (
	"strings"
	"unicode"
)

// HasInvisible reports whether a text has a character that is not seen, or that controls
// others: of zero width, of direction, a line separator, a variation selector. Texts that
// differ in such characters alone look the same, so ids and addresses have none.
func HasInvisible(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return controls(r) || r >= 0x80 && (r == '\u200c' || r == '\u200d' ||
			unicode.In(r, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point))
	})
}

// HasControls is HasInvisible for names. They keep what some scripts and symbols cannot be
// written without: the joiners of zero width, and what selects the form of a character.
func HasControls(text string) bool { return strings.ContainsFunc(text, controls) }

// controls reports whether a character controls others, and no script needs it.
func controls(r rune) bool {
	if r < 0x80 { // almost all
		return r < ' ' || r == 0x7f
	}
	return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) ||
		unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d' && !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}
