package main

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The clock of a synctest bubble begins at midnight of 2000-01-01 in UTC.
func TestTimes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(10*time.Hour + 100*time.Millisecond)
		now := time.Date(2000, 1, 1, 10, 0, 0, 0, time.UTC)
		day := 24 * time.Hour
		for _, c := range []struct {
			text      string
			past, end time.Time // zero: refused
		}{
			{"2026-12-31", time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC), time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)},
			{"2026-12-31T18:00:00+01:00", time.Date(2026, 12, 31, 17, 0, 0, 0, time.UTC), time.Date(2026, 12, 31, 17, 0, 0, 0, time.UTC)},
			{"now", now, now},
			{"today", now.Add(-10 * time.Hour), now.Add(-10 * time.Hour)},
			{"yesterday", now.Add(-34 * time.Hour), time.Time{}},
			{"tomorrow", time.Time{}, now.Add(14 * time.Hour)},
			{"90m", now.Add(-90 * time.Minute), now.Add(90 * time.Minute)},
			{"12h", now.Add(-12 * time.Hour), now.Add(12 * time.Hour)},
			{"7d", now.Add(-7 * day), now.Add(7 * day)},
			{"2w", now.Add(-14 * day), now.Add(14 * day)},
			{text: ""},
			{text: "soon"},
			{text: "2026-13-01"},
			{text: "-3d"},
			{text: "-3h"},
			{text: "d"},
			{text: "200000d"},
			{text: "99999999999999999999d"},
		} {
			var p past
			var end instant
			readPast, readEnd := p.UnmarshalText([]byte(c.text)), end.UnmarshalText([]byte(c.text))
			assert.Equal(t, c.past.IsZero(), readPast != nil, "%q as a past moment: %v", c.text, readPast)
			assert.Equal(t, c.end.IsZero(), readEnd != nil, "%q as an end: %v", c.text, readEnd)
			assert.True(t, p.Equal(c.past), "%q as a past moment is %v", c.text, p)
			assert.True(t, end.Equal(c.end), "%q as an end is %v", c.text, end)
		}
		var end instant
		require.NoError(t, end.UnmarshalText([]byte("never")))
		assert.True(t, end.IsZero(), "never")
		assert.Error(t, new(past).UnmarshalText([]byte("never")), "never as a past moment")
	})
}

func TestRecipient(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]recipient{
		"ada":           {"ada", ""},
		"ada=editor":    {"ada", "editor"},
		"a=b=editor":    {"a=b", "editor"},
		"YQ==":          {"YQ=", ""},
		"auth0|7,x=own": {"auth0|7,x", "own"},
	} {
		var got recipient
		require.NoError(t, got.UnmarshalText([]byte(text)), text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "=editor"} {
		assert.Error(t, new(recipient).UnmarshalText([]byte(text)), "%q is read", text)
	}
}
