package api_test

import (
	"maps"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/events"
)

func TestProfiles(t *testing.T) {
	t.Parallel()
	h, org := newOrganization(t, "owner-member")
	bob := org + "/members/bob"
	profile := "PATCH " + bob + "/profile"
	long := strings.Repeat("x", 513)
	many := o{}
	for i := range 21 {
		many[strconv.Itoa(i)] = "text"
	}
	tries(t, h,
		try{"bob", profile, o{"name": "Bob", "login": "Bobby", "email": "bob@x.org", "avatar": "https://x.org/b.png", "external_id": "4711", "metadata": o{"desk": "12", "floor": "3"}}, 200, ""},
		try{"cleo", profile, o{"name": "Mine"}, 403, "not_allowed"},
		try{"zoe", profile, o{"name": "Mine"}, 404, "no_organization"},
		try{"ada", "PATCH " + org + "/members/nobody/profile", o{"name": "N"}, 404, "no_member"},
		try{"bob", profile, o{"avatar": "javascript:alert(1)"}, 422, "bad_avatar"},
		try{"bob", profile, o{"avatar": "https://user:secret@x.org/b.png"}, 422, "bad_avatar"},
		try{"bob", profile, o{"avatar": "/b.png"}, 422, "bad_avatar"},
		try{"bob", profile, o{"avatar": "https:///b.png"}, 422, "bad_avatar"},
		try{"bob", profile, o{"email": "none"}, 422, "bad_email"},
		try{"bob", profile, o{"name": "\x1b[2J"}, 422, "bad_name"},
		try{"bob", profile, o{"login": " "}, 422, "bad_name"},
		try{"bob", profile, o{"external_id": "a\nb"}, 422, "bad_id"},
		try{"bob", profile, o{"metadata": o{"": "text"}}, 422, "bad_metadata"},
		try{"bob", profile, o{"metadata": o{"a\nb": "text"}}, 422, "bad_metadata"},
		try{"bob", profile, o{"metadata": o{"key": long}}, 422, "bad_metadata"},
		try{"bob", profile, o{"metadata": many}, 422, "too_much_metadata"},
		try{"bob", profile, o{"metadata": "text"}, 400, "malformed"},
		try{"bob", profile, o{"name": 7}, 400, "malformed"},
		try{"bob", profile, o{"nickname": "B"}, 400, "malformed"},
		try{"cleo", "PATCH " + org + "/members/cleo/profile", o{"email": "Bob@x.org"}, 409, "address_taken"},
		try{"cleo", "PATCH " + org + "/members/cleo/profile", o{"external_id": "4711"}, 409, "external_id_taken"},
	)
	h.As("bob").Sees(bob).Has("name", "Bob", "login", "Bobby", "email", "bob@x.org", "avatar", "https://x.org/b.png", "external_id", "4711", "metadata", o{"desk": "12", "floor": "3"})
	h.As("bob").Sees(org+"/me").Has("user", "bob", "name", "Bob", "external_id", "4711", "role", "member", "role_label", "Member", "organization", "acme", "metadata.desk", "12").
		Lists("actions", "change_profile", "remove_member").Lists("in_organization.actions", "create_project", "see_members")
	h.As("").SeesNo(org+"/me", "no_member")
	h.As("zoe").SeesNo(org+"/me", "no_organization")
	h.As("ada").Sees(org+"/members?search=4711").Count(1).Item("user", "bob").Has("avatar", "https://x.org/b.png", "external_id", nil, "metadata", nil)
	h.As("ada").Sees(org + "/members?search=bobby").Count(1)

	h.As("ada").May(profile, o{"login": nil, "avatar": "", "metadata": o{"desk": nil, "floor": "3"}}).Has("changed", true)
	h.As("ada").Sees(bob).Has("name", "Bob", "login", "bob", "avatar", nil, "metadata", o{"floor": "3"})
	h.As("ada").May(profile, o{"name": "Bob", "email": "bob@x.org", "metadata": o{"floor": "3", "desk": nil}}).Has("changed", false)
	h.As("ada").May(profile+"?dry_run=true", o{"name": "Bob"}).Has("dry_run.events", []any{})
	h.As("ada").May(profile+"?dry_run=true", o{"name": "Rob"}).Has("dry_run.events.0.type", "membership.profile_changed.v1")
	h.As("ada").May(profile, o{"metadata": nil}).Has("changed", true)
	h.As("ada").Sees(bob).Has("name", "Bob", "metadata", nil)

	h.As("ada").May("POST "+org+"/invites", o{"email": "rob@x.org"})
	tries(t, h, try{"bob", profile, o{"email": "rob@x.org"}, 409, "already_invited"})
	h.As("ada").May(profile, o{"email": "rob@x.org"})
	h.As("ada").Sees(org + "/invites").Count(0)
}

func TestAddingAgain(t *testing.T) {
	t.Parallel()
	h, org := newOrganization(t, "owner-member")
	members := "POST " + org + "/members"
	kim := o{"user": "kim", "name": "Kim", "login": "KIM", "email": "kim@x.org", "avatar": "https://x.org/k.png", "external_id": "1", "metadata": o{"desk": "12"}}
	h.As("ada").May(members, kim).Has("changed", true)
	h.As("ada").May(members, kim).Has("changed", false)
	h.As("ada").May(members, o{"user": "kim"}).Has("changed", false)
	others := o{"name": "Kai", "login": "kai", "email": "kai@x.org", "avatar": "https://x.org/l.png", "external_id": "2", "metadata": o{"desk": "13"}}
	for field, value := range others {
		again := o{"user": "kim", field: value}
		h.As("ada").MayNot(members, "already_member", again).Says("detail", strings.ReplaceAll(field, "_", " "), "on_conflict=update")
		h.As("ada").MayNot(members+"?dry_run=true", "already_member", again)
		h.As("ada").MayNot(members+"?on_conflict=refuse", "already_member", again)
		h.As("ada").MayNot(members+"?on_conflict=much", "malformed", again)
		h.As("ada").MayNot(members+"?on_conflict=update", "malformed", o{"user": "kim", "on_conflict": "refuse"}).Says("detail", "The query says on_conflict=update, and the body something else")
		h.As("ada").May(members+"?on_conflict=update", again).Has("changed", true, "events.0.type", "membership.profile_changed.v1")
		h.As("ada").May(members+"?on_conflict=update", again).Has("changed", false)
		h.As("ada").Sees(org+"/members/kim").Has(field, value)
	}
	h.As("ada").MayNot(members+"?on_conflict=update", "already_member", o{"user": "kim", "role": "owner", "name": "K"}).Says("detail", "role", "name")
	h.As("ada").May("POST "+org+"/commands", o{"commands": []o{
		{"type": "add_member", "user": "kim", "name": "Kay", "on_conflict": "update"},
		{"type": "add_member", "user": "lee", "name": "Lee"},
		{"type": "add_member", "user": "lee", "name": "Lee"},
	}}).Has("events.1.type", "membership.joined.v1", "events.2", nil)
	h.As("ada").MayNot("POST "+org+"/commands", "already_member", o{"commands": []o{
		{"type": "add_member", "user": "mo", "name": "Mo"}, {"type": "add_member", "user": "mo", "name": "Moe"},
	}})
}

func TestFoundersHaveAProfile(t *testing.T) {
	t.Parallel()
	h, _ := newOrganization(t, "owner-member")
	profile := o{"name": "Ada", "login": "ADA", "email": "ada@x.org", "avatar": "https://x.org/a.png", "external_id": "1", "metadata": o{"desk": "1"}}
	h.As("").May("POST /v1/organizations", o{"id": "one", "owner": "ada", "owner_profile": profile})
	h.As("ada").May("POST /v1/organizations", o{"id": "two", "owner_profile": profile})
	for _, org := range []string{"one", "two"} {
		h.As("ada").Sees("/v1/organizations/"+org+"/me").Has("name", "Ada", "login", "ADA", "email", "ada@x.org", "external_id", "1", "metadata.desk", "1", "role_label", "Owner")
	}
	h.As("").MayNot("POST /v1/organizations", "malformed", o{"id": "three", "owner_profile": profile})
	h.As("").SeesNo("/v1/organizations/three", "no_organization")
}

// TestWhatWasForgottenIsNotCompared adds somebody again whose key was deleted. Nobody learns
// whether the name is the one that was forgotten.
func TestWhatWasForgottenIsNotCompared(t *testing.T) {
	t.Parallel()
	h, org := newOrganization(t, "owner-member")
	members := "POST " + org + "/members"
	h.As("ada").May(members, o{"user": "kim", "name": "Kim", "metadata": o{"desk": "12"}})
	require.NoError(t, h.Config.Keyring.Forget(t.Context(), "acme", "kim"))
	h.As("ada").Sees(org+"/members/kim").Has("login", "kim", "name", nil, "metadata", nil)
	for _, name := range []string{"Kim", "Kai"} {
		h.As("ada").MayNot(members, "already_member", o{"user": "kim", "name": name})
	}
	h.As("ada").May(members+"?on_conflict=update", o{"user": "kim", "name": "Kim"}).Has("changed", true)
	h.As("ada").Sees(org+"/members/kim").Has("name", "Kim")
}

// TestLedgerHoldsNoPersonalText looks for every text about a person in the ledger as it is
// written, and in the history that the API shows.
func TestLedgerHoldsNoPersonalText(t *testing.T) {
	t.Parallel()
	h, org := newOrganization(t, "owner-member")
	texts := o{"name": "Secretname", "login": "secretlogin", "email": "secretmail@x.org", "avatar": "https://x.org/secretpicture", "external_id": "secretid", "metadata": o{"secretkey": "secrettext"}}
	body := func(more o) o {
		maps.Copy(more, texts)
		return more
	}
	h.As("ada").With("Idempotency-Key", "k-1").May("POST "+org+"/members", body(o{"user": "kim"}))
	h.As("kim").With("Idempotency-Key", "k-2").May("PATCH "+org+"/members/kim/profile", o{"metadata": o{"secretkey": "secretother"}, "login": "secretlogins"})
	h.As("kim").May("POST /v1/organizations", o{"id": "another", "owner_profile": texts})
	var written strings.Builder
	err := h.Config.Ledger.Read(t.Context(), events.Checkpoint{}, h.Desk.View().Position, func(commits []events.Commit) error {
		for i := range commits {
			text, err := events.Encode(commits[i])
			if err != nil {
				return err
			}
			written.Write(text)
		}
		return nil
	})
	require.NoError(t, err)
	require.Contains(t, written.String(), "membership.profile_changed.v1")
	assert.NotContains(t, strings.ToLower(written.String()), "secret")
	history := h.As("ada").Sees(org + "/events")
	assert.NotContains(t, strings.ToLower(history.Body), "secret")
}

// TestDigestsOfRequestsAreKeyed compares what the ledger keeps of a request with what
// somebody without the keyring could compute.
func TestDigestsOfRequestsAreKeyed(t *testing.T) {
	t.Parallel()
	h, org := newOrganization(t, "owner-member")
	h.As("ada").With("Idempotency-Key", "k-1").May("POST "+org+"/members", o{"user": "kim"})
	h.As("ada").With("Idempotency-Key", "k-1").May("POST "+org+"/members", o{"user": "kim"}).Has("repeated", true)
	var kept string
	require.NoError(t, h.Config.Ledger.Read(t.Context(), events.Checkpoint{}, h.Desk.View().Position, func(commits []events.Commit) error {
		for i := range commits {
			for _, entry := range commits[i].Entries {
				if entry.Key == "k-1" {
					kept = entry.Digest
				}
			}
		}
		return nil
	}))
	require.NotEmpty(t, kept)
	assert.NotRegexp(t, "^[0-9a-f]{64}$", kept)
}
