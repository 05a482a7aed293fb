package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestLeads(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]leads{
		"7d,1d": {7 * day, day}, "60d": {60 * day}, "12h": {12 * time.Hour}, "1h30m": {90 * time.Minute},
		"none": nil,
	} {
		var got leads
		assert.NoError(t, got.UnmarshalText([]byte(text)), text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "7", "d", "7d,", "7d, 1d", "61d", "59m", "-1d", "300d", "1d,2d,3d,4d,5d,6d", "none,1d"} {
		assert.ErrorContains(t, new(leads).UnmarshalText([]byte(text)), "7d,1d", text)
	}
}
