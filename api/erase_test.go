package api_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/domain"
)

func TestErasePerson(t *testing.T) {
	t.Parallel()
	h := scattered(t)
	h.As("").May("PATCH /v1/organizations/acme/members/bob/profile", o{"name": "Bob Example", "email": "bob@example.org"})
	h.As("").May("POST /v1/organizations/gone/invites", o{"id": "i", "email": "BOB@example.org"})
	h.As("ada").May("DELETE /v1/organizations/beta/members/ada") // bob owns beta alone
	h.As("").May("POST /v1/organizations", o{"id": "zeta", "scheme": "github", "owner": "bob"})
	h.As("").May("POST /v1/organizations", o{"id": "without", "scheme": "github", "owner": "ada"})
	h.As("bob").May("POST /v1/organizations/beta/invites", o{"id": "s", "email": "eve@example.org"})
	before, then := h.Desk.View().Position, time.Now().UTC().Format(time.RFC3339Nano)

	const erase = "POST /v1/users/bob/erase"
	would := h.As("").May(erase+"?dry_run=true", o{})
	assert.Equal(t, []string{"acme", "beta", "gone", "zeta"}, would.Texts("organizations.id"))
	would.Part("organizations").Has("0.refusal", nil, "0.held.role", "member", "1.refusal.code", "last_holder", "1.invites_sent", 1, "2.invites", 1, "2.invites_sent", nil, "3.refusal.code", "last_holder")
	would.Has("events", 2, "keys", 2, "invites", 1, "done", nil)
	would.Part("organizations").Says("3.refusal.detail", "delete the organization")
	h.As("").Ask(erase, o{}).Refused(409, "cannot_erase").Has("errors.0.about", "beta", "errors.0.code", "last_holder", "errors.1.about", "zeta", "errors.2", nil)
	for _, by := range []string{"bob", "ada"} {
		h.As(by).Ask(erase, o{}).Refused(403, "system_only")
	}
	h.As("").Ask("POST /v1/users/nobody/erase", o{}).Refused(404, "unknown_person")
	h.As("").Ask(erase, o{"transfer_to": o{"nosuch": "ada"}}).Refused(404, "no_organization").Says("detail", `"nosuch"`)
	h.As("").Ask(erase+"?dry_run=true", o{"transfer_to": o{"without": "ada"}}).Refused(409, "not_in_organization").Says("detail", `"without"`)
	assert.Equal(t, before, h.Desk.View().Position, "something was done")
	h.As("ada").Sees("/v1/organizations/acme/members/bob").Has("name", "Bob Example")

	h.As("").May("PATCH /v1/organizations/beta/members/cleo", o{"role": "admin"})
	h.As("").May("DELETE /v1/organizations/zeta", o{})
	done := h.As("").May(erase+"?cause=asked", o{})
	assert.Equal(t, []string{"acme", "beta", "gone", "zeta"}, done.Texts("organizations.id"))
	done.Has("organizations.3.event", nil, "events", 2, "keys", 2, "invites", 1, "not_covered.0.what", "backups")
	assert.Contains(t, done.Texts("tables"), "roster.member")
	again := h.As("").May(erase, o{})
	assert.Equal(t, done.Body, again.Body, "it is answered the same")

	left := h.As("").May(erase+"?dry_run=true", o{}).Has("events", 0, "keys", 0, "invites", 1, "done", true)
	assert.Equal(t, done.Texts("organizations.id"), left.Texts("organizations.id"))
	left.Part("organizations").Has("1.invites_sent", nil, "1.refusal", nil)
	h.As("").Sees("/v1/organizations/beta/invites").Item("id", "s").Has("status", "void")
	h.As("cleo").May("POST /v1/organizations/beta/invites/s/resend", o{})
	h.As("").Sees("/v1/organizations/beta/invites").Item("id", "s").Has("status", "pending", "sent.by", "cleo")

	h.As("ada").SeesNo("/v1/organizations/acme/members/bob", "no_member")
	history := h.As("ada").Sees("/v1/organizations/acme/events")
	history.Item("type", "person.erased.v1").Has("payload.person", "bob", "cause", "asked", "erased.0", "bob")
	history.Item("id", "acme/1/3").Has("payload.member", "bob", "erased.0", "bob")
	history.Item("id", "acme/1/1").Has("payload.member", "ada", "erased", nil)
	h.As("").Sees("/v1/organizations/gone/invites?status=all").Item("id", "i").Has("email", nil, "status", "revoked")

	h.As("ada").Sees("/v1/organizations/acme/members?at="+then).Item("user", "bob").Has("name", domain.ErasedName, "login", "bob", "email", nil)

	// Who comes back is somebody again.
	h.As("").May("POST /v1/organizations/acme/members", o{"user": "bob", "name": "Robert"})
	h.As("ada").Sees("/v1/organizations/acme/members/bob").Has("name", "Robert")
	h.As("ada").Sees("/v1/organizations/acme/events").Item("type", "person.erased.v1").Has("erased", nil)
	h.As("").May(erase+"?dry_run=true", o{}).Has("events", 1, "keys", 1, "done", nil)
}
