package keyring_test

import (
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/keyring"
)

// TestUnsubscribeTokens holds that a token says what it was made of to this keyring alone, the same each time, and nothing once a bit of it differs.
func TestUnsubscribeTokens(t *testing.T) {
	t.Parallel()
	mine, other := openKeyring(t, bustest.New(t)), openKeyring(t, bustest.New(t))
	id := rapid.StringMatching(`[a-zA-Z0-9@|.:/ -]{1,60}`)
	rapid.Check(t, func(r *rapid.T) {
		u := keyring.Unsubscription{
			Kind: events.NoticeKind(id.Draw(r, "kind")), Organization: events.OrganizationID(id.Draw(r, "organization")), User: events.UserID(id.Draw(r, "user")),
		}
		token := mine.UnsubscribeToken(u)
		assert.Equal(r, token, mine.UnsubscribeToken(u))
		got, is := mine.Unsubscription(token)
		assert.True(r, is)
		assert.Equal(r, u, got)
		_, is = other.Unsubscription(token)
		assert.False(r, is, "of another keyring")
		bytes, err := base64.RawURLEncoding.DecodeString(token)
		require.NoError(r, err)
		bytes[rapid.IntRange(0, len(bytes)-1).Draw(r, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(r, "bit")
		_, is = mine.Unsubscription(base64.RawURLEncoding.EncodeToString(bytes))
		assert.False(r, is, "with another bit")
		_, is = mine.Unsubscription(rapid.String().Draw(r, "anything"))
		assert.False(r, is)
	})
}
