package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTokenOfARevokedInviteOpensNoOther(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	send := func(key, to string) string {
		made := h.as("ada", "Idempotency-Key", key).do("POST "+org+"/invites", o{"id": "i9", "email": to}).ok()
		token, _ := made.at("token").(string)
		return token
	}
	first := send("k1", "mia@example.org")
	assert.Equal(t, first, send("k1", "mia@example.org"), "the repeated command answers another token")
	h.as("ada").do("DELETE "+org+"/invites/i9", nil).ok()
	second := send("k2", "noa@example.org")
	accept := "POST " + org + "/invites/i9/accept"
	h.as("mia").do(accept, o{"token": first}).refused(http.StatusNotFound, "no_invite")
	// The system needs no token, but it passes none on that is wrong.
	h.as("").do(accept, o{"user": "noa", "token": first}).refused(http.StatusNotFound, "no_invite")
	h.as("noa").do(accept, o{}).refused(http.StatusNotFound, "no_invite")
	h.as("noa").do(accept, o{"token": second}).ok()
}

// TestPersonalDataIsJudgedBeforeItIsSealed gives names and addresses that cannot be.
func TestPersonalDataIsJudgedBeforeItIsSealed(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	sent := h.as("ada").do("POST "+org+"/invites", o{"id": "i9", "email": "mia@example.org"}).ok()
	accept := "POST " + org + "/invites/i9/accept"
	long := ""
	for len(long) <= 255 {
		long += "é"
	}
	for _, name := range []string{"a\x00b", "a\nb", "  ", long} {
		h.as("").do("POST "+org+"/members", o{"user": "mia", "name": name}).refused(http.StatusUnprocessableEntity, "bad_name")
		h.as("mia").do(accept, o{"token": sent.at("token"), "name": name}).refused(http.StatusUnprocessableEntity, "bad_name")
		h.as("mia").do(accept, o{"token": sent.at("token"), "login": name}).refused(http.StatusUnprocessableEntity, "bad_name")
		h.as("").do("POST "+org+"/commands", o{"commands": []o{
			{"type": "add_member", "user": "noa"}, {"type": "add_member", "user": "mia", "name": name},
		}}).refused(http.StatusUnprocessableEntity, "bad_name").has("errors.0.index", 1)
	}
	for _, email := range []string{"a\u0085b@example.org", "a\x00@example.org", "mia@example.org\nBcc: all@example.org"} {
		h.as("").do("POST "+org+"/members", o{"user": "mia", "email": email}).refused(http.StatusUnprocessableEntity, "bad_email")
		h.as("ada").do("POST "+org+"/invites", o{"email": email}).refused(http.StatusUnprocessableEntity, "bad_email")
	}
	h.as("mia").do(accept, o{"token": sent.at("token"), "name": "Mia É"}).ok()
}
