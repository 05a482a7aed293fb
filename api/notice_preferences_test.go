package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/apirequest"
	"github.com/seed-2026d078/roster/internal/apitest"
)

// TestNoticePreferences has people switch off what they hear of, in one organization and in all, and the organization for all who have not chosen.
func TestNoticePreferences(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	const mine = "/v1/organizations/acme/members/bob/notice-preferences"
	for _, id := range []string{"acme", "apex"} {
		h.As("").May("POST /v1/organizations", o{"id": id, "owner": "ada"})
		h.As("").May("POST /v1/organizations/"+id+"/members", o{"user": "bob"})
	}
	ada, bob := h.As("ada"), h.As("bob")
	change := func(role string) {
		h.As("").May("PATCH /v1/organizations/acme/members/bob", o{"role": role})
	}
	row := func(by apirequest.Actor, path, kind, channel string) apirequest.Reply {
		for _, item := range by.Sees(path).Items() {
			if item.Text("kind") == kind && item.Text("channel") == channel {
				return item
			}
		}
		require.Fail(t, "not listed", "%s by %s", kind, channel)
		return apirequest.Reply{}
	}

	bob.May("PATCH "+mine, o{"kinds": []string{"role_changed"}, "channels": []string{"inbox"}, "to": "off"}).Has("changed", true, "events.0.type", "membership.notice_preference_changed.v1")
	bob.May("PATCH "+mine, o{"kinds": []string{"role_changed"}, "channels": []string{"inbox"}, "to": "off"}).Has("changed", false)
	row(bob, mine, "role_changed", "inbox").Has("on", false, "own", "off", "default", nil, "fixed", nil)
	row(bob, mine, "invitation", "mail").Has("on", true, "own", nil, "fixed", true)
	change("owner")
	bob.Sees("/v1/users/bob/notifications").Count(2) // of having been added
	ada.Ask("GET "+mine).Refused(http.StatusForbidden, "not_yours")
	ada.Ask("PATCH "+mine, o{"to": "off"}).Refused(http.StatusForbidden, "not_allowed")
	h.As("eve").Ask("GET "+mine).Refused(http.StatusNotFound, "no_organization")
	h.As("").Ask("GET /v1/organizations/acme/members/eve/notice-preferences").Refused(http.StatusNotFound, "no_member")
	bob.Ask("PATCH "+mine, o{"kinds": []string{"removed"}, "to": "off"}).Refused(http.StatusUnprocessableEntity, "bad_notice_preference")

	const defaults = "/v1/organizations/acme/notice-preferences"
	bob.May("PATCH "+mine, o{"to": "default"})
	ada.May("PATCH "+defaults, o{"channels": []string{"inbox"}, "to": "off"})
	row(bob, defaults, "role_changed", "inbox").Has("on", false, "own", nil, "default", "off")
	change("member")
	bob.Sees("/v1/users/bob/notifications").Count(2)
	bob.May("PATCH "+mine, o{"kinds": []string{"role_changed"}, "to": "on"})
	change("owner")
	bob.Sees("/v1/users/bob/notifications").Count(3).Has("items.0.kind", "role_changed")

	const everywhere = "PATCH /v1/users/bob/notice-preferences"
	h.As("").Ask("PATCH /v1/users/nobody/notice-preferences", o{"to": "off"}).Refused(http.StatusNotFound, "unknown_person")
	ada.Ask(everywhere, o{"to": "off"}).Refused(http.StatusForbidden, "not_yours")
	bob.May(everywhere, o{"kinds": []string{"role_changed"}, "channels": []string{"mail"}, "to": "on"}).Has("organizations.0", "apex", "organizations.1", nil)
	bob.Sees("/v1/users/bob/notice-preferences").Has("items.0.organization", "acme", "items.0.kind", "role_changed", "items.0.own", "on", "items.2.organization", "apex", "items.2.channel", "mail", "items.3", nil)
	ada.Ask("GET /v1/users/bob/notice-preferences").Refused(http.StatusForbidden, "not_yours")
	h.As("").May(everywhere, o{"to": "off"}).Has("organizations.0", "acme", "organizations.1", "apex")
	row(bob, "/v1/organizations/apex/members/bob/notice-preferences", "added", "mail").Has("own", "off")
	h.As("").Sees("/v1/users/bob/export").Has("organizations.0.member.notice_preferences.0.own", "off", "organizations.1.member.notice_preferences.0.kind", "invite_accepted")
}
