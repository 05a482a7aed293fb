package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestPeriod(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]period{
		"24mo": {Months: 24}, "2y": {Years: 2}, "90d": {Days: 90},
		"": {}, "24": {}, "mo": {}, "0d": {}, "-1d": {}, "1h": {}, "2 y": {}, "99999999999999999999y": {}, "36526d": {},
	} {
		var got period
		err := got.UnmarshalText([]byte(text))
		assert.Equal(t, want == period{}, err != nil, text)
		assert.Equal(t, want, got, text)
	}
}
