package mail

import (
	"net/mail"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/events"
)

// TestRemovedMailsDoNotComeBack writes mails around a removal, as a sender does that had read the texts before.
func TestRemovedMailsDoNotComeBack(t *testing.T) {
	t.Parallel()
	d := NewDirectory(filepath.Join(t.TempDir(), "mail"))
	require.NoError(t, d.Remove(0, "acme"), "nothing was ever written")
	send := func(org events.OrganizationID, position events.Position) error {
		m, err := newMessage("id", &mail.Address{Address: "no-reply@example.org"}, "eve@example.org", rendered{locale: "en", text: "text"}, time.Unix(0, 0))
		require.NoError(t, err)
		m.organization, m.position = org, position
		return d.send(t.Context(), m)
	}
	files := func() (all []string) {
		found, err := filepath.Glob(filepath.Join(d.Path(), "*", "*.eml"))
		require.NoError(t, err)
		for _, file := range found {
			all = append(all, filepath.Base(filepath.Dir(file)))
		}
		return all
	}
	require.NoError(t, send("acme", 5))
	require.NoError(t, send("beta", 5))
	require.NoError(t, d.Remove(7, "acme", "unknown"))
	assert.Equal(t, []string{"beta"}, files())
	require.ErrorIs(t, send("acme", 6), errBehind, "from a state in which the texts were not erased")
	assert.Equal(t, []string{"beta"}, files())
	require.NoError(t, send("acme", 7))
	require.NoError(t, d.Remove(3, "gamma"))
	require.ErrorIs(t, send("acme", 6), errBehind, "an earlier position does not take the bound back")
	assert.Equal(t, []string{"acme", "beta"}, files())
}
