package sending_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/apirequest"
)

// staff is an organization with people who have addresses.
func staff(f *fixture) (ada apirequest.Actor) {
	f.t.Helper()
	ada = f.organization("acme")
	ada.May("PATCH /members/ada/profile", map[string]any{"email": "ada@example.org"})
	ada.May("POST /projects", map[string]any{"id": "site", "name": "Site"})
	return ada
}

// later is when access starts that starts later.
const later = "2076-03-02T09:30:00Z"

// add adds somebody as the system.
func add(f *fixture, user string, more map[string]any) {
	f.t.Helper()
	body := map[string]any{"user": user, "role": "member", "name": strings.ToUpper(user[:1]) + user[1:], "email": user + "@example.org"}
	maps.Copy(body, more)
	f.As("").May("POST /v1/organizations/acme/members", body)
}

// ask makes a request for access as somebody, whose id it has.
func ask(f *fixture, user string, more map[string]any) {
	f.t.Helper()
	body := map[string]any{"id": user, "name": strings.ToUpper(user[:1]) + user[1:], "email": user + "@example.org"}
	maps.Copy(body, more)
	f.As(user).May("POST /v1/organizations/acme/access-requests", body)
}

func TestWhoIsMailed(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		do   func(f *fixture, ada apirequest.Actor)
		// mails are "address: subject" of all but those of addition by the system.
		mails []string
	}{
		{"accepting tells the inviter", func(f *fixture, ada apirequest.Actor) {
			_, token := invite(ada, "eve@example.org")
			f.mails.wait(t, 1)
			f.As("eve").May("POST /v1/invites/accept", map[string]any{"token": token, "name": "Eve", "verified_emails": []string{"eve@example.org"}})
		}, []string{"eve@example.org: Ada Lovelace invites you to The acme", "ada@example.org: Eve has joined The acme"}},
		{"declining tells the inviter", func(f *fixture, ada apirequest.Actor) {
			_, token := invite(ada, "eve@example.org")
			f.mails.wait(t, 1)
			f.As("").May("POST /v1/invites/decline", map[string]any{"token": token})
		}, []string{"eve@example.org: Ada Lovelace invites you to The acme", "ada@example.org: eve@example.org does not join The acme"}},
		{"being added, and removed", func(f *fixture, ada apirequest.Actor) {
			add(f, "bob", nil)
			f.mails.wait(t, 1)
			ada.May("DELETE /members/bob")
		}, []string{"bob@example.org: You are now in The acme", "bob@example.org: You are no longer in The acme"}},
		{"being added for later", func(f *fixture, ada apirequest.Actor) {
			add(f, "bob", map[string]any{"from": later})
			f.mails.wait(t, 1)
			ada.May("POST /projects/site/members", map[string]any{"user": "bob", "role": "member"})
			f.mails.wait(t, 2)
			add(f, "cyd", nil)
			f.mails.wait(t, 3)
			ada.May("POST /projects/site/members", map[string]any{"user": "cyd", "role": "member", "from": later})
		}, []string{
			"bob@example.org: You will be in The acme from 2 March 2076, 09:30 UTC", "bob@example.org: You will be on Site from 2 March 2076, 09:30 UTC",
			"cyd@example.org: You are now in The acme", "cyd@example.org: You will be on Site from 2 March 2076, 09:30 UTC",
		}},
		{"another start", func(f *fixture, ada apirequest.Actor) {
			add(f, "bob", map[string]any{"from": later})
			f.mails.wait(t, 1)
			ada.May("PATCH /members/bob/start", map[string]any{"from": "2077-03-02T09:30:00Z"})
			f.mails.wait(t, 2)
			ada.May("PATCH /members/bob/start", map[string]any{})
		}, []string{
			"bob@example.org: You will be in The acme from 2 March 2076, 09:30 UTC", "bob@example.org: You will be in The acme from 2 March 2077, 09:30 UTC", "bob@example.org: You are now in The acme",
		}},
		{"offering something else", func(f *fixture, ada apirequest.Actor) {
			id, token := invite(ada, "eve@example.org")
			f.mails.wait(t, 1)
			ada.May("PATCH /invites/"+id, map[string]any{"from": later})
			text := strings.Join(strings.Fields(f.mails.wait(t, 2)[1].text), " ")
			assert.Contains(f.t, text, "Your membership would start on 2 March 2076, 09:30 UTC.")
			assert.Contains(f.t, text, "#"+token, "the earlier link leads there, too")
		}, []string{"eve@example.org: Ada Lovelace invites you to The acme", "eve@example.org: Your invitation to The acme has changed"}},
		{"accepting what starts later", func(f *fixture, ada apirequest.Actor) {
			token := ada.May("POST /invites", map[string]any{"email": "eve@example.org", "from": later}).Text("token")
			assert.Contains(f.t, strings.Join(strings.Fields(f.mails.wait(t, 1)[0].text), " "), "Your membership would start on 2 March 2076, 09:30 UTC.")
			f.As("eve").May("POST /v1/invites/accept", map[string]any{"token": token, "name": "Eve", "verified_emails": []string{"eve@example.org"}})
		}, []string{"eve@example.org: Ada Lovelace invites you to The acme", "ada@example.org: Eve will join The acme"}},
		{"leaving tells nobody", func(f *fixture, _ apirequest.Actor) {
			add(f, "bob", nil)
			f.mails.wait(t, 1)
			f.As("bob").May("DELETE /v1/organizations/acme/members/bob")
		}, []string{"bob@example.org: You are now in The acme"}},
		{"on a project", func(f *fixture, ada apirequest.Actor) {
			add(f, "bob", nil)
			f.mails.wait(t, 1)
			ada.May("POST /projects/site/members", map[string]any{"user": "bob", "role": "member"})
			f.mails.wait(t, 2)
			ada.May("DELETE /projects/site/members/bob")
		}, []string{"bob@example.org: You are now in The acme", "bob@example.org: You are now on Site", "bob@example.org: You are no longer on Site"}},
		{"another role", func(f *fixture, ada apirequest.Actor) {
			add(f, "bob", nil)
			f.mails.wait(t, 1)
			ada.May("PATCH /members/bob", map[string]any{"role": "owner"})
		}, []string{"bob@example.org: You are now in The acme", "bob@example.org: Your role in The acme is now Owner"}},
		{"another role before the start", func(f *fixture, ada apirequest.Actor) {
			add(f, "bob", map[string]any{"from": later})
			f.mails.wait(t, 1)
			ada.May("PATCH /members/bob", map[string]any{"role": "owner"})
			assert.Contains(f.t, strings.Join(strings.Fields(f.mails.wait(t, 2)[1].text), " "), "it will be Owner, not Member, from 2 March 2076, 09:30 UTC.")
		}, []string{"bob@example.org: You will be in The acme from 2 March 2076, 09:30 UTC", "bob@example.org: Your role in The acme will be Owner from 2 March 2076, 09:30 UTC"}},
		{"in the language of the person", func(f *fixture, _ apirequest.Actor) {
			add(f, "bob", map[string]any{"metadata": map[string]string{"locale": "de-CH"}})
		}, []string{"bob@example.org: Sie gehören jetzt zu The acme"}},
		{"in the language of the organization, where people have none", func(f *fixture, ada apirequest.Actor) {
			ada.May("PATCH /locale", map[string]any{"locale": "de-AT"})
			f.As("ada").Sees("/v1/organizations/acme").Has("locale", "de-AT")
			ada.May("POST /invites", map[string]any{"email": "eve@example.org"})
			f.mails.wait(t, 1)
			add(f, "bob", map[string]any{"metadata": map[string]string{"locale": "en"}})
			f.mails.wait(t, 2)
			add(f, "cyd", map[string]any{"metadata": map[string]string{"locale": "fr"}})
		}, []string{"eve@example.org: Ada Lovelace lädt Sie zu The acme ein", "bob@example.org: You are now in The acme", "cyd@example.org: Sie gehören jetzt zu The acme"}},
		{"in the language of who is gone", func(f *fixture, ada apirequest.Actor) {
			add(f, "bob", map[string]any{"metadata": map[string]string{"locale": "de", "team": "red"}})
			f.mails.wait(t, 1)
			ada.May("DELETE /members/bob")
		}, []string{"bob@example.org: Sie gehören jetzt zu The acme", "bob@example.org: Sie gehören nicht mehr zu The acme"}},
		{"asking to join, and approval", func(f *fixture, ada apirequest.Actor) {
			ada.May("PATCH /access-requests", map[string]any{"join": "open", "projects": "open"})
			ask(f, "eve", map[string]any{"reason": "Bob said so"})
			f.mails.wait(t, 1)
			ada.May("POST /access-requests/eve/approve", map[string]any{})
		}, []string{"ada@example.org: Eve asks to join The acme", "eve@example.org: Your request to join The acme was approved"}},
		{"asking to join, and denial", func(f *fixture, ada apirequest.Actor) {
			ada.May("PATCH /access-requests", map[string]any{"join": "open", "projects": "open"})
			ask(f, "eve", nil)
			f.mails.wait(t, 1)
			ada.May("POST /access-requests/eve/deny", map[string]any{"reason": "Not now"})
		}, []string{"ada@example.org: Eve asks to join The acme", "eve@example.org: Your request to join The acme was denied"}},
		{"asking for a project, and denial", func(f *fixture, ada apirequest.Actor) {
			ada.May("PATCH /access-requests", map[string]any{"join": "open", "projects": "open"})
			add(f, "bob", nil)
			f.mails.wait(t, 1)
			ask(f, "bob", map[string]any{"project": "site"})
			f.mails.wait(t, 2)
			ada.May("POST /access-requests/bob/deny", map[string]any{})
		}, []string{"bob@example.org: You are now in The acme", "ada@example.org: Bob asks for access to Site", "bob@example.org: Your request for access to Site was denied"}},
		{"what is switched off", func(f *fixture, ada apirequest.Actor) {
			ada.May("PATCH /notice-preferences", map[string]any{"kinds": []string{"added"}, "channels": []string{"mail"}, "to": "off"})
			add(f, "bob", nil)
			ada.May("PATCH /members/bob", map[string]any{"role": "owner"})
			f.mails.wait(t, 1)
			f.As("bob").May("PATCH /v1/organizations/acme/members/bob/notice-preferences", map[string]any{"kinds": []string{"added"}, "to": "on"})
			f.As("bob").May("PATCH /v1/organizations/acme/members/bob/notice-preferences", map[string]any{"kinds": []string{"role_changed"}, "channels": []string{"mail"}, "to": "off"})
			ada.May("PATCH /members/bob", map[string]any{"role": "member"})
			ada.May("POST /projects/site/members", map[string]any{"user": "bob", "role": "member"})
		}, []string{"bob@example.org: Your role in The acme is now Owner", "bob@example.org: You are now on Site"}},
		{"nobody without an address", func(f *fixture, _ apirequest.Actor) {
			f.As("").May("POST /v1/organizations/acme/members", map[string]any{"user": "bob"})
		}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := start(t)
			tc.do(f, staff(f))
			assert.Equal(t, 0, f.settled())
			var came []string
			for _, m := range f.mails.mails() {
				came = append(came, m.to+": "+m.subject(t))
			}
			assert.Equal(t, tc.mails, came)
		})
	}
}

// TestElevationIsMailed holds that a request for a higher role is written about as one, and when access ends.
func TestElevationIsMailed(t *testing.T) {
	t.Parallel()
	f := start(t)
	ada := staff(f)
	add(f, "bob", map[string]any{"until": later})
	f.As("").May("POST /v1/organizations/acme/scheme", map[string]any{"scheme": "github", "organization_roles": map[string]any{"owner": "admin"}, "project_roles": map[string]any{"owner": "admin", "member": "read"}})
	f.mails.wait(t, 3) // bob was added, and the roles of ada are called otherwise
	f.As("bob").May("POST /v1/organizations/acme/access-requests/elevations", map[string]any{"id": "r", "role": "admin", "minutes": 60, "reason": "On call."})
	f.mails.wait(t, 4)
	ada.May("POST /access-requests/r/approve", map[string]any{})
	f.mails.wait(t, 5)
	mails := f.mails.mails()
	assert.Contains(t, strings.Join(strings.Fields(mails[0].text), " "), "Your access ends on 2 March 2076, 09:30 UTC.")
	assert.Equal(t, "Bob asks for the role Owner in The acme for a time", mails[3].subject(t))
	assert.Equal(t, "Your request for the role Owner in The acme for a time was approved", mails[4].subject(t))
}

// TestOutdatedNotices has what people are told about change before it is sent.
func TestOutdatedNotices(t *testing.T) {
	t.Parallel()
	f := quiet(t)
	ada := staff(f)
	add(f, "bob", nil)
	ada.May("PATCH /members/bob", map[string]any{"role": "owner"})
	ada.May("PATCH /members/bob", map[string]any{"role": "member"})
	add(f, "cyd", nil)
	ada.May("DELETE /members/cyd")
	add(f, "cyd", nil)
	add(f, "dan", nil)
	ada.May("PATCH /access-requests", map[string]any{"join": "open"})
	for _, user := range []string{"eve", "finn"} {
		ask(f, user, nil)
		ada.May("POST /access-requests/"+user+"/deny", map[string]any{})
	}
	add(f, "finn", nil)
	add(f, "gus", nil)
	f.As("gus").May("PATCH /v1/organizations/acme/members/gus/notice-preferences", map[string]any{"channels": []string{"mail"}, "to": "off"})
	for _, person := range []events.UserID{"dan", "eve"} {
		_, err := f.Desk.Do(t.Context(), bus.Request[domain.Command]{Organization: "acme", Command: domain.ErasePerson{Person: person}})
		require.NoError(t, err) // the key to the address is not destroyed yet
	}
	require.NoError(t, f.outbox.Wait(t.Context(), f.Desk.View().Position))
	background(t, f.sender.Run)
	f.settled()
	var came []string
	for _, m := range f.mails.mails() {
		came = append(came, m.to+": "+m.subject(t))
	}
	assert.ElementsMatch(t, []string{
		"bob@example.org: You are now in The acme", "bob@example.org: Your role in The acme is now Member",
		"cyd@example.org: You are now in The acme", "cyd@example.org: You are now in The acme", "finn@example.org: You are now in The acme",
	}, came)
	for _, reason := range []string{"the role changed again meanwhile", "the person has access again", "the person was erased", "the request is denied", "the person has got the role meanwhile", "mails about this were switched off meanwhile"} {
		assert.Contains(t, f.rows(), reason)
	}
}
