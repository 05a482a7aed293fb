package main

import (
	"testing"
	"testing/synctest"
	"time"
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
			if err := got.UnmarshalText([]byte(text)); err != nil || !got.Equal(want) {
				t.Errorf("%s is read as %v, %v", text, got, err)
			}
		}
		for _, text := range []string{"", "tomorrow", "2026-13-01", "-3d", "70000d", "d"} {
			var got instant
			if err := got.UnmarshalText([]byte(text)); err == nil {
				t.Errorf("%q is read as %v", text, got)
			}
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
		if err := got.UnmarshalText([]byte(text)); err != nil || !got.Equal(want) {
			t.Errorf("%s is read as %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "never", "30d", "2024-13-01"} {
		if err := new(past).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is read", text)
		}
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
		if err := got.UnmarshalText([]byte(text)); err != nil || got != want {
			t.Errorf("%q is read as %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "=editor"} {
		if err := new(recipient).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is read", text)
		}
	}
}
