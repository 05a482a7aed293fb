package phrase_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/internal/phrase"
)

func TestJoin(t *testing.T) {
	t.Parallel()
	assert.Empty(t, phrase.Join([]string{}, " and "))
	assert.Equal(t, "read", phrase.Join([]string{"read"}, " and "))
	assert.Equal(t, "read or write", phrase.Join([]string{"read", "write"}, " or "))
	assert.Equal(t, "read, write and admin", phrase.Join([]string{"read", "write", "admin"}, " and "))
}

func TestCount(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "1 commit", phrase.Count(1, "commit", "commits"))
	assert.Equal(t, "0 commits", phrase.Count(0, "commit", "commits"))
	assert.Equal(t, "2 commits", phrase.Count(2, "commit", "commits"))
}
