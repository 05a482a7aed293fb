package main

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestInstant(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		now := time.Now().UTC()
		for text, want := range map[string]time.Time{
			"never":                     {},
			"2026-12-31":                time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC),
			"2026-12-31T18:00:00+01:00": time.Date(2026, 12, 31, 17, 0, 0, 0, time.UTC),
			"30d":                       now.AddDate(0, 0, 30),
			"12h":                       now.Add(12 * time.Hour),
		} {
			var got instant
			err := got.UnmarshalText([]byte(text))
			require.NoError(t, err, text)
			assert.True(t, got.Equal(want), "%s is read as %v", text, got)
		}
		for _, text := range []string{"", "tomorrow", "2026-13-01", "-3d", "70000d", "d"} {
			var got instant
			assert.Error(t, got.UnmarshalText([]byte(text)), "%q is read as %v", text, got)
		}
	})
}

func TestPast(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Time{
		"2024-12-31":                time.Date(2024, 12, 31, 0, 0, 0, 0, time.UTC),
		"2024-12-31T18:00:00+01:00": time.Date(2024, 12, 31, 17, 0, 0, 0, time.UTC),
	} {
		var got past
		err := got.UnmarshalText([]byte(text))
		require.NoError(t, err, text)
		assert.True(t, got.Equal(want), "%s is read as %v", text, got)
	}
	for _, text := range []string{"", "never", "30d", "2024-13-01"} {
		assert.Error(t, new(past).UnmarshalText([]byte(text)), "%q is read", text)
	}
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
