package collation

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// FoldCase returns what two names have in common that differ only in case or in how they were
// typed: composed or not, with space around them. Diacritics make a difference.
func FoldCase(name string) string {
	name = Normalize(name)
	if isASCII(name) {
		return strings.ToLower(name)
	}
	return norm.NFC.String(sharpS.Replace(strings.Map(foldCase, norm.NFD.String(name))))
}

// foldCase maps the forms of a letter to one. There are letters with more than two, such as the
// Greek sigma, so it goes by the upper case. (Package cases of golang.org/x/text swaps the case
// of Cherokee letters.) The dotless i is no form of i,
// and the iota below a letter is a mark.
func foldCase(r rune) rune {
	if r == 'ı' || r == '\u0345' {
		return r
	}
	return unicode.ToLower(unicode.ToUpper(r))
}

// sharpS writes ß as it is written in upper case.
var sharpS = strings.NewReplacer("ß", "ss")

// Fold returns a text as searches compare it: without case, diacritics, and differences
// between forms of a character, such as its width. It leaves lines and space as they are.
func Fold(text string) string {
	if isASCII(text) {
		return strings.ToLower(text)
	}
	text = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Mn, unicode.Cf) {
			return -1 // a mark on a letter, or nothing that is seen
		}
		return foldCase(r)
	}, norm.NFKD.String(text))
	return norm.NFC.String(baseLetters.Replace(text))
}

// baseLetters maps letters that Unicode does not take apart to those that people type for them.
var baseLetters = strings.NewReplacer(
	"ß", "ss", "ø", "o", "đ", "d", "ð", "d", "ħ", "h", "ı", "i", "ł", "l", "ŧ", "t", "æ", "ae", "œ", "oe", "þ", "th",
)

// Words returns the different words of a search, folded. A text is found if its [Fold] contains
// each of them.
func Words(search string) []string {
	words := strings.Fields(Fold(search))
	slices.Sort(words)
	return slices.Compact(words)
}

// ContainsAll reports whether a folded text contains all of the words.
func ContainsAll(folded string, words []string) bool {
	for _, word := range words {
		if !strings.Contains(folded, word) {
			return false
		}
	}
	return true
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
