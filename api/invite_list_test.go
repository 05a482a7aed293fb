package api_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/keyring"
)

// toInvite is a list of invites to addresses.
func toInvite(emails ...string) o {
	invites := make([]o, len(emails))
	for i, email := range emails {
		invites[i] = o{"email": email}
	}
	return o{"invites": invites}
}

func TestListOfInvitesIsAllOrNone(t *testing.T) {
	t.Parallel()
	h, org := newOrganization(t, "owner-member")
	invite := "POST " + org + "/invites/bulk"
	h.As("ada").Ask(invite, toInvite("eve@example.org", "at home", "EVE@example.org")).
		Refused(422, "bad_email").Has("errors.0.index", 1, "errors.0.about", "at home", "errors.0.code", "bad_email",
		"errors.1.index", 2, "errors.1.about", "EVE@example.org", "errors.1.code", "duplicate_address", "errors.1.detail", "The address is that of item 0, too; leave one out.",
		"detail", `at home: "at home" is no email address: it has no @. One more item was refused; nothing was done.`,
		"invites.0.email", "eve@example.org", "invites.0.result", "not_done", "invites.0.code", nil,
		"invites.1.result", "refused", "invites.1.code", "bad_email", "invites.2.result", "refused", "invites.3", nil)
	h.As("ada").Ask(invite+"?dry_run=true", toInvite("eve@example.org", "EVE@example.org")).
		Refused(422, "duplicate_address").Has("errors.0.about", "EVE@example.org", "invites.0.result", "not_done")
	h.As("ada").Sees(org+"/invites").Has("items.0", nil)
	for _, body := range []o{
		{"invites": []o{}},
		{"invites": []o{{"email": "eve@example.org", "role": 7}}},
		{"invites": []o{{"email": "eve@example.org", "colour": "red"}}},
		{"invites": []o{{"email": "eve@example.org"}}, "if_invited": "ask"},
		{"emails": []string{"eve@example.org"}},
		{},
	} {
		h.As("ada").Ask(invite, body).Refused(400, "malformed")
	}
	h.As("ada").Ask(invite, o{"invites": []any{o{"email": "eve@example.org"}, nil, o{"role": "member"}, o{"role": 7}}}).Refused(400, "malformed").
		Has("detail", "item 1: expected object. 2 more items were refused; nothing was done.", "errors.1.detail", "expected required property email to be present.")
	h.As("ada").Ask(invite+"?partial=perhaps", toInvite("eve@example.org")).Refused(400, "malformed")
	for query, field := range map[string]o{"partial=true": {"partial": false}, "partial=0": {"partial": true}, "if_invited=update": {"if_invited": "refuse"}} {
		body := toInvite("eve@example.org")
		maps.Copy(body, field)
		h.As("ada").Ask(invite+"?"+query, body).Refused(400, "malformed").Says("detail", "The query says "+query+", and the body something else")
	}
	h.As("bob").Ask(invite, toInvite("eve@example.org")).Refused(403, "not_allowed").Has("invites.0.code", "not_allowed")
	h.As("zoe").Ask(invite, toInvite("eve@example.org")).Refused(404, "no_organization").Says("detail", "There is no such organization")

	once := h.As("ada").With("Idempotency-Key", "k")
	terms := o{"until": "2999-01-01T00:00:00Z", "projects": []o{{"project": "apollo", "role": "member"}}}
	body := toInvite("eve@example.org", "fay@example.org")
	for _, one := range body["invites"].([]o) {
		one["until"], one["projects"] = terms["until"], terms["projects"]
	}
	h.As("ada").Ask(invite+"?dry_run=true", body).OK().Has("dry_run.counts.events", 2, "invites.0.result", "invited", "invites.0.token", nil, "invites.1.result", "invited")
	sent := once.May(invite, body)
	assert.Equal(t, 201, sent.Status)
	assert.NotEqual(t, sent.At("invites.1.token"), sent.At("invites.0.token"))
	sent.Has("id", sent.At("invites.0.invite"), "token", sent.At("invites.0.token"), "events.1.created", sent.At("invites.1.invite"), "events.2", nil,
		"invites.0.index", 0, "invites.0.email", "eve@example.org", "invites.0.result", "invited", "invites.2", nil)
	once.May(invite, body).Has("repeated", true, "invites.1.result", "invited", "invites.1.token", sent.At("invites.1.token"))
	for i, user := range []string{"eve", "fay"} {
		path := fmt.Sprintf("invites.%d", i)
		h.As(user).May("POST "+org+"/invites/"+sent.Text(path+".invite")+"/accept", o{"token": sent.At(path + ".token"), "verified_emails": []string{user + "@example.org"}})
		h.As(user).Sees(org+"/projects/apollo").Has("role", "member")
	}
}

// TestListOfInvitesInPart has one address of each kind that can be refused.
func TestListOfInvitesInPart(t *testing.T) {
	t.Parallel()
	h, org := newOrganization(t, "owner-member")
	invite := "POST " + org + "/invites/bulk"
	h.As("").May("POST "+org+"/members", o{"user": "kim", "email": "kim@example.org"})
	h.As("ada").May("POST "+org+"/invites", o{"email": "lea@example.org"})
	h.As("ada").May("POST "+org+"/invites", o{"email": "max@example.org", "id": "i-max"})
	body := o{"partial": true, "invites": []o{
		{"email": "new@example.org"},
		{"email": "kim@example.org"},
		{"email": "LEA@example.org"},
		{"email": "max@example.org", "role": "owner", "if_invited": "update"},
		{"email": "nobody"},
		{"email": "New@example.org"},
		{"email": "ned@example.org", "role": "king"},
		{"email": "ora@example.org", "expires_at": "soon"},
		{"email": "pia@example.org", "user": "kim"},
		{"email": "quin@example.org"},
		{"email": "Ora@example.org"},
		{"email": "ned@example.org"},
		{"email": "rae@example.org", "message": "\u0000"},
		{"email": "rae@example.org"},
	}}
	codes := []any{nil, "address_taken", "already_invited", nil, "bad_email", "duplicate_address", "unknown_role", "malformed", "already_member", nil, "duplicate_address", "duplicate_address", "malformed", "duplicate_address"}
	report := func(of interface{ At(string) any }) (results, found []any) {
		for i := range codes {
			results = append(results, of.At(fmt.Sprintf("invites.%d.result", i)))
			found = append(found, of.At(fmt.Sprintf("invites.%d.code", i)))
		}
		return results, found
	}
	results := []any{"invited", "refused", "refused", "updated", "refused", "refused", "refused", "refused", "refused", "invited", "refused", "refused", "refused", "refused"}

	would := h.As("ada").May(invite+"?dry_run=true", body).Has("dry_run.counts.events", 4, "invites.14", nil, "invites.10.detail", "The address is that of item 7, too; leave one out.")
	gotResults, gotCodes := report(would)
	assert.Equal(t, results, gotResults, would.Body)
	assert.Equal(t, codes, gotCodes)
	h.As("ada").Sees(org + "/invites").Count(2)

	once := h.As("ada").With("Idempotency-Key", "k")
	sent := once.May(invite, body).Has("events.4", nil, "invites.3.invite", "i-max", "events.0.id", "acme/6/0", "events.3.id", "acme/6/3")
	gotResults, gotCodes = report(sent)
	assert.Equal(t, results, gotResults)
	assert.Equal(t, codes, gotCodes)
	h.As("ada").Sees(org+"/invites").Count(4).Item("id", "i-max").Has("role", "owner")
	for _, i := range []int{0, 3, 9} {
		token := sent.Text(fmt.Sprintf("invites.%d.token", i))
		h.As("").May("POST /v1/invites/view", o{"token": token}).Has("status", "pending")
	}

	repeated := once.May(invite, body).Has("repeated", true, "invites.0.token", sent.At("invites.0.token"))
	gotResults, _ = report(repeated)
	assert.Equal(t, results, gotResults)

	none := h.As("ada").Ask(invite+"?partial=true", toInvite("new@example.org", "at home")).Refused(409, "already_invited")
	none.Has("invites.0.code", "already_invited", "invites.1.code", "bad_email", "errors.1.index", 1)
	h.As("ada").Ask(invite+"?partial=true", toInvite("here", "there")).Refused(422, "bad_email").Has("invites.1.result", "refused")

	// One has a key already, which this process does not know: its texts are sealed with that one, not with a new one.
	elsewhere, err := keyring.Open(t.Context(), h.NATS, keyring.Config{Master: h.Master})
	require.NoError(t, err)
	require.NoError(t, elsewhere.Prepare(t.Context(), "acme", []string{keyring.InvitePerson("i-sam")}))
	h.As("ada").May(invite, o{"invites": []o{{"email": "sam@example.org", "id": "i-sam"}, {"email": "tim@example.org", "id": "i-tim"}}})
	for id, email := range map[events.InviteID]string{"i-sam": "sam@example.org", "i-tim": "tim@example.org"} {
		sent, is := h.Desk.View().State.Organization("acme").Invite(id)
		require.True(t, is)
		text, err := elsewhere.Open(t.Context(), "acme", sent.Email)
		require.NoError(t, err)
		assert.Equal(t, email, text)
	}
}

func TestListOfInvitesForTheLastSeats(t *testing.T) {
	t.Parallel()
	h, org := newOrganization(t, "scoped")
	const free = 2
	taken := h.As("ada").Sees(org).At("seats.taken").(float64)
	h.As("").May("PATCH "+org+"/seats", o{"seats": taken + free})
	var emails []string
	for i := range 6 {
		emails = append(emails, fmt.Sprintf("p%d@example.org", i))
	}
	h.As("ada").Ask("POST "+org+"/invites/bulk", toInvite(emails...)).Refused(409, "no_free_seat").
		Has("invites.0.result", "not_done", fmt.Sprintf("invites.%d.code", free), "no_free_seat", "invites.5.code", "no_free_seat")
	h.As("ada").May("POST "+org+"/invites/bulk?partial=true", toInvite(emails...)).
		Has("invites.0.result", "invited", fmt.Sprintf("invites.%d.result", free-1), "invited", fmt.Sprintf("invites.%d.code", free), "no_free_seat")
	h.As("ada").Sees(org).Has("seats.free", 0)
}

func TestListOfInvitesInCSV(t *testing.T) {
	t.Parallel()
	h, org := newOrganization(t, "owner-member")
	table := h.As("ada").With("Content-Type", "text/csv; charset=utf-8")
	invite := "POST " + org + "/invites/bulk"
	text := "\ufeffEmail,Role,projects,message,until\r\n" +
		"eve@example.org,member,\"apollo=member\",\"Hi,\r\nthere\",\r\n" +
		"\"Fay <fay@example.org>\",,,,\r\n" +
		"EVE@example.org,,,,\r\n" +
		"gus@example.org,,=owner,,\r\n" +
		"hal@example.org,,,,31.12.2999\r\n" +
		"ivy@example.org,member\r\n" +
		"jay@example.org,,apollo,,2999-12-31\r\n"
	refused := table.Ask(invite, text).Refused(422, "bad_email")
	for i, want := range [][]any{
		{2, "not_done", nil},
		{4, "refused", "write the address alone"},
		{5, "refused", "The address is that of line 2, too"},
		{6, "refused", `projects: "=owner" names no project`},
		{7, "refused", `until: "31.12.2999" is no time`},
		{8, "refused", "the number of fields is 2 in the row, and 5 in the header"},
		{9, "not_done", nil},
	} {
		row := refused.Part(fmt.Sprintf("invites.%d", i)).Has("line", want[0], "result", want[1])
		if want[2] != nil {
			row.Says("detail", want[2].(string))
		}
	}
	refused.Has("errors.0.line", 4, "errors.0.index", 1, "errors.0.about", "Fay <fay@example.org>")
	sent := table.May(invite+"?partial=true", text).Has("invites.0.result", "invited", "invites.6.result", "invited", "invites.1.code", "bad_email")
	h.As("").May("POST /v1/invites/view", o{"token": sent.At("invites.0.token")}).Has("message", "Hi,\nthere", "projects.0.name", "Apollo")
	h.As("ada").Sees(org+"/invites").Item("email", "jay@example.org").Has("until", "2999-12-31T00:00:00Z", "projects.0.project", "apollo")
	table.May(invite+"?if_invited=update", "email\neve@example.org\n").Has("invites.0.result", "updated", "invites.0.line", 2)

	for _, c := range []struct{ text, says string }{
		{"email;role\neve@example.org;owner\n", "line 1: the columns are divided by semicolons"},
		{"email,Desk\na@example.org,7\n", `unknown: "Desk"; there are id, email, role, user`},
		{"role\nowner\n", "has no column email"},
		{"email,message\na@example.org,\"b\n", "line 2, column"},
		{"\xff\xfee\x00m\x00", "UTF-16"},
	} {
		table.Ask(invite, c.text).Refused(400, "bad_table").Says("detail", c.says)
	}
	table.Ask(invite, "email,role\nkay@example.org,\n,owner\n").Refused(400, "malformed").Has("detail", "line 3: expected required property email to be present.")
	table.Ask(invite, "email\n"+strings.Repeat("a@example.org\n", 1001)).Refused(422, "too_many_items")
	h.As("ada").With("Content-Type", "text/csv; charset=utf-16").Ask(invite, text).Refused(415, "unsupported_media_type").Has("detail", `Send the body in UTF-8, not in "utf-16".`)
	h.As("ada").With("Content-Type", "application/xml").Ask(invite, text).Refused(415, "unsupported_media_type")
	table.Ask("POST "+org+"/invites", text).Refused(415, "unsupported_media_type")
}
