package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestIDOfARevokedInviteIsUsedNoMore(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	first := h.As("ada").With("Idempotency-Key", "k1").May("POST "+org+"/invites", o{"id": "i9", "email": "mia@example.org"})
	again := h.As("ada").With("Idempotency-Key", "k1").May("POST "+org+"/invites", o{"id": "i9", "email": "mia@example.org"})
	assert.Equal(t, first.Text("token"), again.Text("token"), "the repeated command answers another token")
	h.As("ada").May("DELETE " + org + "/invites/i9")
	h.As("ada").Ask("POST "+org+"/invites", o{"id": "i9", "email": "noa@example.org"}).Refused(http.StatusConflict, "invite_exists")
	second := h.As("ada").May("POST "+org+"/invites", o{"id": "i10", "email": "noa@example.org"}).Text("token")
	accept := "POST " + org + "/invites/i10/accept"
	h.As("mia").Ask(accept, o{"token": first.Text("token")}).Refused(http.StatusNotFound, "no_invite")
	// The system needs no token, but it passes none on that is wrong.
	h.As("").Ask(accept, o{"user": "noa", "token": first.Text("token")}).Refused(http.StatusNotFound, "no_invite")
	h.As("noa").Ask(accept, o{}).Refused(http.StatusNotFound, "no_invite")
	h.As("noa").May(accept, o{"token": second, "verified_emails": []string{"noa@example.org"}})
}

// TestPersonalDataIsJudgedBeforeItIsSealed gives names and addresses that cannot be.
func TestPersonalDataIsJudgedBeforeItIsSealed(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	sent := h.As("ada").May("POST "+org+"/invites", o{"id": "i9", "email": "mia@example.org"})
	accept := "POST " + org + "/invites/i9/accept"
	long := ""
	for len(long) <= 255 {
		long += "é"
	}
	for _, name := range []string{"a\x00b", "a\nb", "  ", long} {
		h.As("").Ask("POST "+org+"/members", o{"user": "mia", "name": name}).Refused(http.StatusUnprocessableEntity, "bad_name")
		h.As("mia").Ask(accept, o{"token": sent.At("token"), "name": name}).Refused(http.StatusUnprocessableEntity, "bad_name")
		h.As("mia").Ask(accept, o{"token": sent.At("token"), "login": name}).Refused(http.StatusUnprocessableEntity, "bad_name")
		h.As("").Ask("POST "+org+"/commands", o{"commands": []o{
			{"type": "add_member", "user": "noa"}, {"type": "add_member", "user": "mia", "name": name},
		}}).Refused(http.StatusUnprocessableEntity, "bad_name").Has("errors.0.index", 1)
	}
	for _, email := range []string{"a\u0085b@example.org", "a\x00@example.org", "mia@example.org\nBcc: all@example.org"} {
		h.As("").Ask("POST "+org+"/members", o{"user": "mia", "email": email}).Refused(http.StatusUnprocessableEntity, "bad_email")
		h.As("ada").Ask("POST "+org+"/invites", o{"email": email}).Refused(http.StatusUnprocessableEntity, "bad_email")
	}
	h.As("mia").May(accept, o{"token": sent.At("token"), "name": "Mia É", "verified_emails": []string{"mia@example.org"}})
}
