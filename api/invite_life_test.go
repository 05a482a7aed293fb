package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/apirequest"
	"github.com/seed-2026d078/roster/internal/apitest"
)

// TestInviteByItsTokenAlone follows an invite from the mail to the membership: whoever has the token names neither the
// organization nor the invite.
func TestInviteByItsTokenAlone(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	h.As("").May("POST /v1/organizations", o{"id": "acme", "name": "Acme", "owner": "ada", "scheme": "github"})
	h.As("").May("PATCH /v1/organizations/acme/members/ada/profile", o{"name": "Ada Lovelace"})
	h.As("").May("POST /v1/organizations/acme/projects", o{"id": "apollo", "name": "Apollo"})
	h.As("").May("POST /v1/organizations/acme/teams", o{"id": "crew", "name": "Crew"})
	sent := h.As("ada").May("POST /v1/organizations/acme/invites", o{
		"id": "i", "email": "eve@example.org", "message": "Hello!\r\nSee\tyou.",
		"projects": []o{{"project": "apollo", "role": "write"}}, "teams": []o{{"team": "crew"}},
	})
	token := sent.Text("token")
	system, eve := h.As(""), h.As("eve")

	viewed := system.Ask("POST /v1/invites/view", o{"token": token}).OK().Has(
		"organization_name", "Acme", "invited_by", "Ada Lovelace", "role_label", "Member", "status", "pending", "bind", "address", "message", "Hello!\nSee\tyou.",
		"projects.0.name", "Apollo", "projects.0.role_label", "Write", "teams.0.name", "Crew")
	for _, id := range []string{`"acme"`, `"apollo"`, `"crew"`, "eve@example.org", `"i"`} {
		assert.NotContains(t, viewed.Body, id, "the token alone tells an id, or the address")
	}
	h.As("ada").Sees("/v1/organizations/acme/invites").Count(1).Has("items.0.opened_at", viewedAt(t, h, "i"), "items.0.message", "Hello!\nSee\tyou.", "items.0.teams.0.team", "crew")
	resend := "POST /v1/organizations/acme/invites/i/resend"
	system.Ask(resend, o{"message": strings.Repeat("é", 2001)}).Refused(http.StatusBadRequest, "malformed").Says("detail", "2000")
	system.Ask(resend, o{"message": "\u202e"}).Refused(http.StatusBadRequest, "malformed").Says("detail", "of direction")
	system.May(resend+"?dry_run=true", o{"message": strings.Repeat("é", 2000)})
	system.Ask("POST /v1/invites/view", o{"token": "roster_guessed"}).Refused(http.StatusNotFound, "no_invite")

	system.May("POST /v1/organizations/acme/projects/apollo/archive")
	blocked := system.Ask("POST /v1/invites/view", o{"token": token}).OK().Has("status", "blocked", "reason", "The project is archived and read only; restore it first.")
	assert.NotContains(t, blocked.Body, `apollo"`, "the reason tells an id")
	system.May("POST /v1/organizations/acme/projects/apollo/restore")

	accept := "POST /v1/invites/accept"
	eve.Ask(accept, o{"token": "roster_guessed"}).Refused(http.StatusNotFound, "no_invite")
	eve.Ask(accept, o{"token": token}).Refused(http.StatusConflict, "other_address")
	eve.Ask(accept, o{"token": token, "verified_emails": []string{"mallory@example.org"}}).Refused(http.StatusConflict, "other_address")
	for _, none := range []any{[]string{}, []string{""}} {
		system.Ask("POST /v1/organizations/acme/invites/i/accept", o{"user": "mallory", "verified_emails": none}).Refused(http.StatusNotFound, "no_invite")
		system.Ask(accept, o{"user": "mallory", "token": token, "verified_emails": none}).Refused(http.StatusConflict, "other_address")
	}
	mine := o{"token": token, "verified_emails": []string{"old@example.org", "EVE@example.org"}}
	eve.May(accept, mine).Has("organization", "acme", "changed", true)
	eve.May(accept, mine).Has("changed", false)
	eve.Sees("/v1/organizations/acme/projects/apollo").Has("role", "write")
	eve.Sees("/v1/organizations/acme/teams/crew/members").Count(1)
	h.As("mallory").Ask(accept, mine).Refused(http.StatusConflict, "invite_closed")
	system.Ask("POST /v1/invites/view", o{"token": token}).Refused(http.StatusConflict, "invite_closed")
	system.Ask("POST /v1/invites/decline", o{"token": token}).Refused(http.StatusConflict, "invite_closed")
	h.As("ada").Sees("/v1/organizations/acme/invites").Count(0)
	h.As("ada").Sees("/v1/organizations/acme/invites?status=accepted").Count(1).Has("items.0.closed.by", "eve", "items.0.user", "eve", "items.0.email", "eve@example.org")
}

// viewedAt returns when an invite was opened.
func viewedAt(t *testing.T, h *apitest.Server, invite string) any {
	t.Helper()
	opened := h.As("").Sees("/v1/organizations/acme/events?type=invite.opened.v1").Count(1).Has("items.0.payload.invite", invite)
	require.NotNil(t, opened.At("items.0.at"))
	return opened.At("items.0.at")
}

func TestInviteIsDeclinedResentAndChanged(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	h.As("").May("POST /v1/organizations", o{"id": "acme", "owner": "ada", "scheme": "github"})
	ada, system := h.As("ada"), h.As("")
	invites := "/v1/organizations/acme/invites"
	send := func(id, email string) string {
		return ada.May("POST "+invites, o{"id": id, "email": email, "bind": "anyone"}).Text("token")
	}
	declined, resent := send("d", "dan@example.org"), send("r", "ray@example.org")
	system.May("POST /v1/invites/decline", o{"token": declined}).Has("changed", true)
	system.May("POST /v1/invites/decline", o{"token": declined}).Has("changed", false)
	ada.Sees(invites+"?status=declined").Count(1).Has("items.0.id", "d", "items.0.closed.by", nil)
	ada.Ask("POST "+invites+"/d/resend", o{}).Refused(http.StatusNotFound, "no_invite").Says("detail", "it was declined; to offer something again, invite the address again.")

	again := ada.May("POST "+invites+"/r/resend", o{}).Text("token")
	assert.NotEqual(t, resent, again)
	h.As("ray").Ask("POST /v1/invites/accept", o{"token": resent}).Refused(http.StatusNotFound, "no_invite")
	system.Ask("POST "+invites+"/r/decline", o{}).Refused(http.StatusNotFound, "no_invite").Says("detail", "Others revoke it")
	one := "PATCH " + invites + "/r"
	ada.May(one, o{"role": "admin", "until": "2076-03-02T09:30:00Z", "teams": []o{}})
	ada.May(one, o{"until": "2077-03-02T09:30:00Z"})
	ada.Sees(invites).Has("items.0.role", "admin", "items.0.until", "2077-03-02T09:30:00Z")
	ada.May(one, o{"until": nil}).Has("changed", true)
	ada.Sees(invites).Has("items.0.role", "admin", "items.0.until", nil)
	ada.May(one, o{}).Has("changed", false)
	ada.May(one, o{"message": "Look in on Monday"}).Has("changed", true, "events.0.type", "invite.changed.v1")
	ada.May(one, o{"message": "Look in on Monday "}).Has("changed", false)
	ada.Sees(invites).Has("items.0.role", "admin", "items.0.message", "Look in on Monday")
	system.Ask("POST /v1/invites/view", o{"token": again}).OK().Has("role_label", "Owner")
	h.As("ray").May("POST /v1/invites/accept", o{"token": again})
	ada.Sees("/v1/organizations/acme/members/ray").Has("role", "admin")

	ada.Ask("POST "+invites, o{"email": "vic@example.org"}).OK()
	ada.Ask("POST "+invites, o{"email": "VIC@example.org"}).Refused(http.StatusConflict, "already_invited")
	updated := ada.May("POST "+invites, o{"email": "VIC@example.org", "role": "admin", "if_invited": "update", "message": "Once more"})
	open := ada.Sees(invites+"?status=pending").Count(1).Has("items.0.role", "admin", "items.0.message", "Once more")
	assert.NotEmpty(t, updated.Text("token"))
	ada.May("DELETE " + invites + "/" + open.Text("items.0.id"))
	send("v", "vic@example.org")
	ada.May("DELETE " + invites + "/v")
	ada.Sees(invites + "?status=all").Count(4)
	ada.Sees(invites+"?status=revoked").Count(2).Has("items.0.closed.by", "ada")
	ada.Sees(invites+"?status=all&search=AY@ex").Count(1).Has("items.0.id", "r")
	ada.Sees(invites + "?status=pending").Count(0)
	h.As("bob").Ask("POST "+invites+"/r/resend", o{}).Refused(http.StatusNotFound, "no_organization")
	ada.May("POST "+invites, o{"id": "w", "email": "vic@example.org"})
	ada.Sees(invites+"?status=pending").Count(1).Has("items.0.id", "w")
}

// TestWrongTokensAreSlowed guesses tokens for one client, which slows down no other one.
func TestWrongTokensAreSlowed(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	h.As("").May("POST /v1/organizations", o{"id": "acme", "owner": "ada"})
	token := h.As("ada").May("POST /v1/organizations/acme/invites", o{"id": "i", "email": "eve@example.org", "bind": "anyone"}).Text("token")
	guess := func(path, client, token string) apirequest.Reply {
		return h.As("").Ask("POST /v1/invites/"+path, o{"token": token, "client": client})
	}
	for range 10 {
		guess("view", "192.0.2.7", "wrong").Refused(http.StatusNotFound, "no_invite")
	}
	for _, path := range []string{"view", "accept", "decline"} {
		limited := guess(path, "192.0.2.7", token).Refused(http.StatusTooManyRequests, "wrong_tokens")
		assert.Equal(t, "6", limited.Header.Get("Retry-After"))
	}
	guess("view", "192.0.2.8", token).OK()
	h.As("").Ask("POST /v1/invites/view", o{"token": token}).OK()

	const invite = "/v1/organizations/acme/invites/i"
	takeUp := func(how, client, token string) apirequest.Reply {
		return h.As("eve").Ask("POST "+invite+"/"+how, o{"token": token, "client": client})
	}
	guesses := make([]o, 11)
	for i := range guesses {
		guesses[i] = o{"type": "decline_invite", "invite": "i", "token": "wrong", "client": "192.0.2.10"}
	}
	h.As("eve").Ask("POST /v1/organizations/acme/commands", o{"commands": guesses}).Refused(http.StatusNotFound, "no_invite").Has("errors.9.code", "no_invite", "errors.10.code", "wrong_tokens")
	for range 5 {
		takeUp("accept", "192.0.2.9", "wrong").Refused(http.StatusNotFound, "no_invite")
		takeUp("decline?dry_run=true", "192.0.2.9", "wrong").Refused(http.StatusNotFound, "no_invite")
	}
	for _, how := range []string{"accept", "decline", "accept?dry_run=true"} {
		takeUp(how, "192.0.2.9", token).Refused(http.StatusTooManyRequests, "wrong_tokens")
	}
	guess("view", "192.0.2.9", token).Refused(http.StatusTooManyRequests, "wrong_tokens")
	takeUp("accept", "192.0.2.8", token).OK()
}

// TestInvitesOfSomebody finds what somebody may join, over all organizations.
func TestInvitesOfSomebody(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	for _, org := range []string{"acme", "apex", "other"} {
		h.As("").May("POST /v1/organizations", o{"id": org, "name": org, "owner": "ada"})
	}
	ada, system := h.As("ada"), h.As("")
	ada.May("POST /v1/organizations/acme/invites", o{"id": "a", "email": "eve@example.org"})
	ada.May("POST /v1/organizations/apex/invites", o{"id": "n", "email": "work@example.com", "user": "eve"})
	ada.May("POST /v1/organizations/other/invites", o{"id": "s", "email": "eve@example.org", "user": "somebody"})
	find := func(body o) apirequest.Reply { return system.Ask("POST /v1/invites/find", body).OK() }
	find(o{"verified_emails": []string{"EVE@example.org"}}).Count(1).Has("items.0.organization", "acme", "items.0.invite", "a", "items.0.organization_name", "acme")
	find(o{"user": "eve", "verified_emails": []string{"eve@example.org", "more@example.org"}}).Count(2)
	find(o{"user": "nobody", "verified_emails": []string{"x@example.org"}}).Count(0)
	find(o{"user": "ada", "verified_emails": []string{"eve@example.org"}}).Count(0) // she is a member
	h.As("eve").Sees("/v1/me/invites").Count(1).Has("items.0.organization", "apex")
	h.As("bob").Sees("/v1/me/invites").Count(0)
	system.Ask("GET /v1/me/invites").Refused(http.StatusForbidden, "not_yours")
	for _, ask := range []string{"invites/a/accept", "join", "access-requests", "access-requests/elevations"} {
		system.Ask("POST /v1/organizations/acme/"+ask, map[bool]o{true: {"role": "owner", "minutes": 60}, false: {}}[ask == "access-requests/elevations"]).Refused(http.StatusUnprocessableEntity, "no_user")
	}
	h.As("eve").Ask("POST /v1/invites/find", o{"user": "somebody"}).Refused(http.StatusForbidden, "system_only")
	h.As("eve").May("POST /v1/organizations/acme/invites/a/accept", o{"verified_emails": []string{"eve@example.org"}})
	h.As("eve").May("POST /v1/organizations/apex/invites/n/accept", o{})
	find(o{"user": "eve", "verified_emails": []string{"eve@example.org"}}).Count(0)
}
