package events_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/events"
)

// trace is the example of the specification.
const trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

func TestParseTraceparent(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		text string
		want events.Traceparent
	}{
		"version 00":                             {trace, trace},
		"not sampled":                            {strings.TrimSuffix(trace, "01") + "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"},
		"flags of a later level":                 {strings.TrimSuffix(trace, "01") + "03", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03"},
		"a later version":                        {"01" + trace[2:], trace},
		"a later version with more":              {"cc" + trace[2:] + "-what-the-future-brings", trace},
		"a later version with other flags":       {"01" + trace[2:53] + "fe", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"},
		"empty":                                  {"", ""},
		"version 00 with more":                   {trace + "-more", ""},
		"version 00 with a dash behind":          {trace + "-", ""},
		"a later version that runs on":           {"01" + trace[2:] + "more", ""},
		"version ff":                             {"ff" + trace[2:], ""},
		"no version":                             {"0x" + trace[2:], ""},
		"a trace of zeros":                       {"00-00000000000000000000000000000000-00f067aa0ba902b7-01", ""},
		"a parent of zeros":                      {"00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", ""},
		"capital letters":                        {strings.ToUpper(trace), ""},
		"a trace that is no hexadecimal":         {strings.Replace(trace, "4bf9", "4bg9", 1), ""},
		"a parent that is no hexadecimal":        {strings.Replace(trace, "00f0", "00x0", 1), ""},
		"flags that are no hexadecimal":          {strings.TrimSuffix(trace, "01") + ".1", ""},
		"a short trace":                          {strings.Replace(trace, "4bf92f", "", 1), ""},
		"other separators":                       {strings.ReplaceAll(trace, "-", "_"), ""},
		"spaces around":                          {" " + trace + " ", ""},
		"a line break, which would be a header":  {trace[:54] + "\n", ""},
		"a letter of two bytes within the trace": {strings.Replace(trace, "4b", "ø", 1), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, row.want, events.ParseTraceparent(row.text))
		})
	}
}

// TestTraceparentOfAnyText holds that whatever comes, what is kept is of version 00, and read as itself.
func TestTraceparentOfAnyText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(
			rapid.String(),
			rapid.StringMatching(`[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(-.*)?`),
			rapid.StringMatching(`[0-9a-g]{2}-[0-9a-f]{31,33}-[0-9a-f]{15,17}.[0-9a-f]{1,3}`),
		).Draw(t, "text")
		found := events.ParseTraceparent(text)
		if found == "" {
			return
		}
		assert.Regexp(t, `^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$`, string(found))
		assert.Equal(t, found, events.ParseTraceparent(string(found)))
		assert.Equal(t, text[3:52], string(found[3:52]))
	})
}
