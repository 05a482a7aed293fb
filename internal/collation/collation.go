// Package collation says how names are written, ordered, searched and told apart. Everything
// that compares names, in memory or in SQL, compares what this package makes of them:
//
//	name = collation.Normalize(name)         // on input
//	rows.SortName = collation.Key(name)      // bytes: the order of a list
//	rows.Search = collation.Fold(name)       // a search looks for words of collation.Words here
//	taken := names[collation.FoldCase(name)] // the same name in another case
//
// Keys and folded texts that are stored hold only as long as [Version] is the same.
//
// All functions may be called from many goroutines.
package collation

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/collate"
	"golang.org/x/text/unicode/norm"
)

// ours is the version of what this package does besides calling golang.org/x/text.
const ours = "1"

// Version returns the version of the rules and of the tables by which [Key], [Fold] and
// [FoldCase] work: numbers, of which the first that differs says which version is newer.
func Version() []int32 {
	var all []int32
	for _, version := range []string{ours, collate.CLDRVersion, collate.UnicodeVersion, norm.Version, unicode.Version} {
		for part := range strings.SplitSeq(version, ".") {
			number, err := strconv.ParseInt(part, 10, 32)
			if err != nil {
				panic(err) // Unicode and CLDR number their versions
			}
			all = append(all, int32(number))
		}
	}
	return all
}

// Normalize returns a text in the normal form NFC, without the space around it. Two texts
// that look the same because they use composed and combining characters become equal.
func Normalize(text string) string { return norm.NFC.String(strings.TrimFunc(text, isSpace)) }

// isSpace reports whether a character at the end of a text is not seen.
func isSpace(r rune) bool {
	return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' // zero width
}

// Visible reports whether a text shows anything.
func Visible(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Mn, r) })
}
