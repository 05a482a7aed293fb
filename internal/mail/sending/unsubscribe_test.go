package sending_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestUnsubscribe switches off a kind of mails by the header of one, as mail programs do.
func TestUnsubscribe(t *testing.T) {
	t.Parallel()
	f := start(t)
	ada := staff(f)
	invite(ada, "eve@example.org")
	f.mails.wait(t, 1)
	add(f, "bob", nil)
	f.mails.wait(t, 2)
	ada.May("PATCH /members/bob", map[string]any{"role": "owner"})
	mails := f.mails.wait(t, 3)
	for _, name := range []string{"List-Unsubscribe", "List-Unsubscribe-Post"} {
		assert.Empty(t, mails[0].header.Get(name), "an invitation is on no list")
		assert.NotEmpty(t, mails[1].header.Get(name))
	}
	header := mails[2].header
	assert.Equal(t, "List-Unsubscribe=One-Click", header.Get("List-Unsubscribe-Post"))
	link, is := strings.CutPrefix(strings.Trim(header.Get("List-Unsubscribe"), "<>"), f.URL)
	require.True(t, is, header)
	for _, secret := range []string{"bob", "acme", "role"} {
		assert.NotContains(t, strings.ToLower(link), secret, "nobody reads in the link whose it is")
	}
	ask := func(method, link string) (status int) {
		r, err := http.NewRequestWithContext(t.Context(), method, f.URL+link, strings.NewReader("List-Unsubscribe=One-Click"))
		require.NoError(t, err)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answer, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		return answer.StatusCode
	}
	choice := func() any {
		for _, item := range f.As("bob").Sees("/v1/organizations/acme/members/bob/notice-preferences").Items() {
			if item.Text("kind") == "role_changed" && item.Text("channel") == "mail" {
				return item.At("own")
			}
		}
		return "not listed"
	}
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		assert.Equal(t, http.StatusMethodNotAllowed, ask(method, link), method)
	}
	assert.Equal(t, http.StatusNotFound, ask(http.MethodPost, link[:len(link)-1]))
	assert.Nil(t, choice(), "looking at a link switches nothing off")
	for range 2 {
		assert.Equal(t, http.StatusOK, ask(http.MethodPost, link))
	}
	assert.Equal(t, "off", choice())

	ada.May("PATCH /members/bob", map[string]any{"role": "member"})
	ada.May("POST /projects/site/members", map[string]any{"user": "bob", "role": "member"})
	mails = f.mails.wait(t, 4)
	assert.Equal(t, 0, f.settled())
	assert.Len(t, f.mails.mails(), 4)
	assert.Equal(t, "You are now on Site", mails[3].subject(t), "mails of other kinds come")
	event := f.As("").Sees("/v1/organizations/acme/events?type=membership.notice_preference_changed.v1").Count(1)
	event.Has("items.0.actor", nil, "items.0.on_behalf_of", "bob")

	// Who is deactivated hears of nothing, and does not hear of it once they are back.
	const preferences = "/v1/organizations/acme/members/bob/notice-preferences"
	f.As("").May("PATCH "+preferences, map[string]any{"to": "default"})
	require.Nil(t, choice())
	f.As("").May("POST /v1/organizations/acme/members/bob/deactivate")
	assert.Equal(t, http.StatusOK, ask(http.MethodPost, link))
	f.As("").May("POST /v1/organizations/acme/members/bob/reactivate")
	assert.Equal(t, "off", choice())

	// Who has left has nothing to switch off.
	ada.May("DELETE /members/bob")
	assert.Equal(t, http.StatusOK, ask(http.MethodPost, link))
}
