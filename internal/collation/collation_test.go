package collation

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// names draws names out of characters that are hard to compare.
var names = rapid.StringOfN(rapid.OneOf(
	rapid.RuneFrom([]rune("abcdeABCDE szÅåÄäÖöüÜßæøłđıİſŉΣσςάΆǅﬁ한글か\u3099ﷺⅣＡ1２½👩🏽🚀")),
	rapid.RuneFrom([]rune("\u0301\u0308\u0307\u0323\u0345\u030a\u200d\ufe0f\u034f")),
	rapid.Rune(),
), 0, 20, -1)

// letters draws letters whose parts stand for themselves wherever they are.
var letters = rapid.StringOfN(rapid.RuneFrom([]rune("abcdeABCDE szÅåÄäÖöüÜßæøłđıΣσςάΆ한글ﷺ1👩🚀")), 0, 20, -1)

func TestNormalize(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Core":                  "Core",
		" Core\t":               "Core",
		"\u00a0Core\u3000":      "Core",
		"\ufeffCore\u200b":      "Core",
		"A\u030asa  Berg":       "Åsa  Berg",
		"\u2003\u200b":          "",
		"":                      "",
		"🏴\U000e0067\U000e007f": "🏴\U000e0067\U000e007f",
	} {
		assert.Equal(t, want, Normalize(text), "%q", text)
	}
}

func TestVisible(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"a", " . ", "👩", "한", "\u0301a"} {
		assert.True(t, Visible(text), "%q", text)
	}
	for _, text := range []string{"", " ", "\u00ad", "\u200d\u200e", "\u0301", "\u2028"} {
		assert.False(t, Visible(text), "%q", text)
	}
}

func TestOrder(t *testing.T) {
	t.Parallel()
	ordered := []string{
		"", "_", "de Groot", "Dean", "asa", "Asa", "åsa", "Åsa", "Asa Berg", "Åsa Berg", "asb", "Muller", "Müller", "Müllers", "Øre", "Ossa",
		"resume", "Resume", "résumé", "Résumé", "Straße", "Strassen", "Team 10", "Team 2", "Zoe", "Ζωή", "Ярослав", "김", "🚀",
	}
	slices.SortFunc(ordered, func(a, b string) int { return bytes.Compare(Key(a), Key(b)) })
	assert.Equal(t, []string{
		"", "_", "🚀", "asa", "Asa", "åsa", "Åsa", "Asa Berg", "Åsa Berg", "asb", "de Groot", "Dean", "Muller", "Müller", "Müllers", "Øre", "Ossa",
		"resume", "Resume", "résumé", "Résumé", "Straße", "Strassen", "Team 10", "Team 2", "Zoe", "Ζωή", "Ярослав", "김",
	}, ordered)
}

func TestKeysOfOneNameInTwoForms(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := names.Draw(t, "name")
		key := Key(name)
		require.LessOrEqual(t, len(key), maxKey)
		require.Equal(t, key, Key(norm.NFD.String(name)), "NFD")
		require.Equal(t, key, Key(norm.NFC.String(name)), "NFC")
	})
}

// TestKeysAreOrderedAsNames holds that cutting off a key keeps the order of names.
func TestKeysAreOrderedAsNames(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		long := strings.Repeat("x", rapid.IntRange(0, 150).Draw(t, "length"))
		a, b := norm.NFC.String(long+names.Draw(t, "a")), norm.NFC.String(long+names.Draw(t, "b"))
		m := keyMakers.New().(*keyMaker)
		if order := bytes.Compare(Key(a), Key(b)); order != 0 {
			require.Equal(t, m.collator.CompareString(a, b), order)
		}
	})
}

func TestFold(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Müller": "muller", "MU\u0308LLER": "muller", "Łukasz Ørsted": "lukasz orsted", "Yıldız İnce": "yildiz ince", "Straße": "strasse",
		"Ὀδυσσεύς": "οδυσσευσ", "ﬁﬆ": "fist", "Ｂｏｂ": "bob", "김": "김", "ガ": "カ", "Þór": "thor", "❤\ufe0f": "❤", "Ðặng": "dang", "bob\nBOB": "bob\nbob",
	} {
		assert.Equal(t, want, Fold(text), "%q", text)
	}
}

func TestFoldIsOneForAllForms(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := names.Draw(t, "text")
		folded := Fold(text)
		require.Equal(t, folded, Fold(folded), "folded twice")
		for _, form := range []norm.Form{norm.NFC, norm.NFD, norm.NFKC, norm.NFKD} {
			require.Equal(t, folded, Fold(form.String(text)), "form %d", form)
		}
		require.Equal(t, Fold(Normalize(text)), Fold(FoldCase(text)), "without case")
	})
}

func TestWordsAreFoundInAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := letters.Draw(t, "name")
		characters := []rune(name)
		from := rapid.IntRange(0, len(characters)).Draw(t, "from")
		to := rapid.IntRange(from, len(characters)).Draw(t, "to")
		search := strings.ToUpper(string(characters[to:])) + " " + norm.NFD.String(string(characters[from:to]))
		require.True(t, ContainsAll(Fold(name), Words(search)), "%q in %q", search, name)
	})
	assert.False(t, ContainsAll(Fold("Ada Lovelace"), Words("ada byron")))
	assert.Empty(t, Words(" \u200b"))
	assert.Equal(t, []string{"a", "b"}, Words("b A a"))
}

func TestNamesThatDifferOnlyInCase(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"Core", "core", " CORE ", "core\u200b"}, {"Åsa", "åsa", "A\u030asa", "A\u030ASA"}, {"Straße", "STRASSE"}, {"Σοφός", "σοφόσ"},
	} {
		for _, name := range same {
			assert.Equal(t, FoldCase(same[0]), FoldCase(name), "%q and %q", same[0], name)
		}
	}
	assert.NotEqual(t, FoldCase("Asa"), FoldCase("Åsa"))
	rapid.Check(t, func(t *rapid.T) {
		name := names.Draw(t, "name")
		require.Equal(t, FoldCase(name), FoldCase(FoldCase(name)), "folded twice")
		require.Equal(t, FoldCase(name), FoldCase(norm.NFD.String(" "+name+" ")))
	})
}

func TestVersion(t *testing.T) {
	t.Parallel()
	assert.Equal(t, Version(), Version())
	assert.Greater(t, len(Version()), 6)
}

// TestBaseLetters holds that a letter is found by the one beside which lists show it.
func TestBaseLetters(t *testing.T) {
	t.Parallel()
	for _, letter := range []string{"ø", "đ", "ł", "æ"} {
		primary := len(Fold(letter)) * 2
		assert.Equal(t, Key(Fold(letter))[:primary], Key(letter)[:primary], letter) // two bytes a letter
	}
}

func BenchmarkKey(b *testing.B) {
	for _, name := range []string{"Person 01234", "Åsa Müller-Łukasz"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Key(name)
			}
		})
	}
}

func BenchmarkFold(b *testing.B) {
	for _, name := range []string{"Person 01234\nperson-01234\nperson@example.org", "Åsa Müller-Łukasz\nasa\nasa@example.org"} {
		b.Run(name[:6], func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Fold(name)
			}
		})
	}
}
