package collation_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/internal/collation"
)

func TestCharactersThatAreNotSeen(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		text                string
		invisible, controls bool
	}{
		"Latin":                    {"Zoë Åström-O'Neil", false, false},
		"Han":                      {"山田太郎", false, false},
		"a zero width space":       {"ad\u200ba", true, true},
		"a word joiner":            {"ad\u2060a", true, true},
		"a byte order mark":        {"ad\ufeffa", true, true},
		"a soft hyphen":            {"ad\u00ada", true, true},
		"an override of direction": {"\u202eada", true, true},
		"an isolate":               {"\u2066ada\u2069", true, true},
		"a mark of direction":      {"ada\u200f", true, true},
		"an Arabic letter mark":    {"ada\u061c", true, true},
		"a line separator":         {"ad\u2028a", true, true},
		"a tag":                    {"ada\U000e0061", true, true},
		"NUL":                      {"ad\x00a", true, true},
		"a joiner, as in Persian":  {"می\u200cخواهم", true, false},
		"a joined symbol":          {"👩\u200d💻", true, false},
		"a variation selector":     {"❤\ufe0f", true, false},
		"a filler":                 {"ad\u3164a", true, false},
		"an Arabic number sign":    {"\u0600١", false, false},
	} {
		assert.Equal(t, row.invisible, collation.HasInvisible(row.text), "invisible: %s", name)
		assert.Equal(t, row.controls, collation.HasControls(row.text), "controls: %s", name)
	}
}
