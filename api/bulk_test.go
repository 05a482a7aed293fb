package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/internal/apitest"
)

// TestBulkTakesEveryCommand gives each type of command at least once, in histories
// that fit the schemes.
func TestBulkTakesEveryCommand(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	const start, end = "2998-01-01T00:00:00Z", "2999-01-01T00:00:00Z"
	given := map[string]bool{}
	for org, commands := range map[string][]o{
		"shared": {
			{"type": "create_organization", "scheme": "owner-member", "owner": "ada"},
			{"type": "rename_organization", "name": "Ours"},
			{"type": "change_seats", "seats": 9},
			{"type": "add_member", "user": "bob", "from": start, "until": end},
			{"type": "change_member_role", "user": "bob", "role": "owner"},
			{"type": "change_member_role", "user": "bob", "role": "member"},
			{"type": "change_member_start", "user": "bob"},
			{"type": "change_member_end", "user": "bob"},
			{"type": "deactivate_member", "user": "bob"},
			{"type": "reactivate_member", "user": "bob"},
			{"type": "attest_access", "user": "bob"},
			{"type": "invite_member", "id": "i1", "email": "cleo@example.org", "user": "cleo", "until": end},
			{"type": "accept_invite", "invite": "i1", "user": "cleo"},
			{"type": "invite_member", "id": "i2", "email": "dan@example.org"},
			{"type": "change_invite", "invite": "i2", "until": end},
			{"type": "resend_invite", "invite": "i2"},
			{"type": "revoke_invite", "invite": "i2"},
			{"type": "invite_member", "id": "i3", "email": "eve@example.org"},
			{"type": "decline_invite", "invite": "i3", "verified_emails": []string{"eve@example.org"}},
			{"type": "create_project", "id": "p"},
			{"type": "rename_project", "project": "p", "name": "P"},
			{"type": "describe_project", "project": "p", "description": "words"},
			{"type": "add_project_member", "project": "p", "user": "bob", "from": start, "until": end},
			{"type": "change_project_member_start", "project": "p", "user": "bob", "from": nil},
			{"type": "change_project_member_end", "project": "p", "user": "bob", "until": nil},
			{"type": "change_project_member_role", "project": "p", "user": "bob", "role": "owner"},
			{"type": "attest_project_access", "project": "p", "user": "bob"},
			{"type": "turn_on_public_link", "project": "p"},
			{"type": "rotate_public_link", "project": "p"},
			{"type": "turn_off_public_link", "project": "p"},
			{"type": "archive_project", "project": "p"},
			{"type": "restore_project", "project": "p"},
			{"type": "set_email_domain", "domain": "example.org", "mode": "automatic"},
			{"type": "remove_email_domain", "domain": "example.org"},
			{"type": "change_notice_preferences", "user": "bob", "channels": []string{"mail"}, "to": "off"},
			{"type": "change_notice_defaults", "kinds": []string{"added"}, "to": "off"},
			{"type": "change_access_requests", "join": "open", "projects": "open"},
			{"type": "request_access", "id": "r1", "user": "finn", "name": "Finn", "email": "finn@example.org", "reason": "to help"},
			{"type": "approve_access_request", "request": "r1", "until": end},
			{"type": "request_access", "id": "r2", "user": "finn", "project": "p"},
			{"type": "deny_access_request", "request": "r2", "reason": "not yet"},
			{"type": "request_access", "id": "r3", "user": "gus"},
			{"type": "withdraw_access_request", "request": "r3"},
			{"type": "change_locale", "locale": "de"},
			{"type": "archive_organization"},
			{"type": "restore_organization"},
			{"type": "delete_project", "project": "p"},
			{"type": "remove_member", "user": "cleo"},
			{"type": "delete_organization"},
		},
		"roles": {
			{"type": "create_organization", "scheme": "campaign", "owner": "ada"},
			{"type": "define_role", "kind": "organization", "role": "lead", "label": "Lead", "rank": 15, "levels": o{"users": "view"}},
			{"type": "redefine_role", "kind": "organization", "role": "lead", "rank": 16},
			{"type": "rename_role", "kind": "organization", "role": "lead", "label": "Boss"},
			{"type": "retire_role", "kind": "organization", "role": "lead"},
			{"type": "add_member", "user": "bob"},
			{"type": "create_project", "id": "p"},
			{"type": "add_project_member", "project": "p", "user": "bob", "levels": o{"outcomes": "view"}},
			{"type": "change_project_member_levels", "project": "p", "user": "bob", "levels": o{"outcomes": "full"}},
			{"type": "remove_project_member", "project": "p", "user": "bob"},
			{"type": "change_scheme", "scheme": "scoped", "organization_roles": o{"agent": "member"}},
			{"type": "change_member_levels", "user": "bob", "levels": o{"MEMBERS": "view"}},
		},
		"teams": {
			{"type": "create_organization", "scheme": "github", "owner": "ada"},
			{"type": "add_member", "user": "bob"},
			{"type": "change_profile", "user": "bob", "name": "Bob"},
			{"type": "create_project", "id": "p"},
			{"type": "request_elevation", "id": "e", "user": "bob", "role": "admin", "minutes": 30, "reason": "An incident."},
			{"type": "approve_access_request", "request": "e"},
			{"type": "end_elevation", "request": "e"},
			{"type": "create_team", "id": "t", "name": "T", "colour": "#123456"},
			{"type": "create_team", "id": "u", "name": "U", "parent": "t"},
			{"type": "rename_team", "team": "u", "name": "V"},
			{"type": "edit_team", "team": "u", "name": "W", "parent": "t"},
			{"type": "describe_team", "team": "u", "description": "words", "privacy": "secret"},
			{"type": "colour_team", "team": "t", "colour": ""},
			{"type": "move_team", "team": "u"},
			{"type": "add_team_member", "team": "t", "user": "bob"},
			{"type": "change_team_member_role", "team": "t", "user": "bob", "role": "maintainer"},
			{"type": "assign_team", "team": "t", "project": "p", "from": start, "until": end},
			{"type": "change_assignment_start", "team": "t", "project": "p"},
			{"type": "change_assignment", "team": "t", "project": "p", "role": "write"},
			{"type": "change_assignment_end", "team": "t", "project": "p"},
			{"type": "unassign_team", "team": "t", "project": "p"},
			{"type": "remove_team_member", "team": "t", "user": "bob"},
			{"type": "remove_team", "team": "t"},
		},
		"overrides": {
			{"type": "create_organization", "scheme": "agency", "owner": "ada"},
			{"type": "add_member", "user": "bob"},
			{"type": "create_project", "id": "p"},
			{"type": "add_project_member", "project": "p", "user": "bob"},
			{"type": "set_override", "project": "p", "user": "bob", "permission": "comment", "level": "off"},
			{"type": "clear_override", "project": "p", "user": "bob", "permission": "comment"},
		},
	} {
		what := "POST /v1/organizations/" + org + "/commands"
		result := dryRun(t, h, h.As(""), what, o{"commands": commands}).OK()
		done := h.As("").May(what, o{"commands": commands})
		assert.GreaterOrEqual(t, len(done.Part("events").Items()), len(commands), done)
		for i, command := range commands {
			kind, _ := command["type"].(string)
			given[kind] = true
			result.Has(fmt.Sprintf("dry_run.events.%d.type", i), done.At(fmt.Sprintf("events.%d.type", i)))
		}
	}
	// These are for people alone.
	h.As("").May("POST /v1/organizations", o{"id": "left", "owner": "ada"})
	h.As("").May("POST /v1/organizations/left/commands", o{"commands": []o{{"type": "create_project", "id": "p"}}})
	h.As("ada").May("POST /v1/organizations/left/commands", o{"commands": []o{{"type": "take_over_project", "project": "p"}}})
	given["take_over_project"] = true
	h.As("ada").May("POST /v1/organizations/teams/commands", o{"commands": []o{{"type": "transfer_ownership", "to": "bob", "role": "member"}}})
	given["transfer_ownership"] = true
	dns, resolver := startDNS(t)
	h.API.Resolver = resolver
	h.As("").May("PATCH /v1/organizations/left/email-domains/example.org", o{"mode": "automatic"})
	dns.set("_roster-challenge.example.org", h.As("").Sees("/v1/organizations/left/email-domains").Text("items.0.record.value"))
	h.As("").May("POST /v1/organizations/left/commands", o{"commands": []o{{"type": "verify_email_domain", "domain": "example.org"}}})
	given["verify_email_domain"] = true
	h.As("").May("POST /v1/organizations/left/commands", o{"commands": []o{{"type": "join_organization", "user": "eve", "verified_emails": []string{"eve@example.org"}}}})
	given["join_organization"] = true

	document := h.As("").Sees("/openapi.json")
	for i := range 1000 {
		ref, ok := document.At("components.schemas.Command.oneOf." + strconv.Itoa(i) + ".$ref").(string)
		if !ok {
			break
		}
		kind, _ := document.At("components.schemas." + strings.TrimPrefix(ref, "#/components/schemas/") + ".properties.type.enum.0").(string)
		assert.True(t, given[kind], "%s was not given", kind)
		delete(given, kind)
	}
	assert.Empty(t, given, "these are no types of commands")
}

// TestItemsThatNameNoPlaceAreRefused gives every command that is about a project or
// a team without saying which.
func TestItemsThatNameNoPlaceAreRefused(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	for kind, property := range map[string]string{
		"rename_project": "project", "describe_project": "project", "archive_project": "project", "restore_project": "project", "delete_project": "project", "take_over_project": "project",
		"add_project_member": "project", "change_project_member_role": "project", "change_project_member_levels": "project",
		"change_project_member_end": "project", "remove_project_member": "project", "set_override": "project", "clear_override": "project",
		"turn_on_public_link": "project", "rotate_public_link": "project", "turn_off_public_link": "project",
		"assign_team": "project", "change_assignment": "project", "change_assignment_end": "project", "unassign_team": "project",
		"rename_team": "team", "describe_team": "team", "colour_team": "team", "move_team": "team", "remove_team": "team",
		"add_team_member": "team", "change_team_member_role": "team", "remove_team_member": "team",
	} {
		for _, actor := range []string{"", "ada", "bob"} {
			h.As(actor).Ask("POST "+org+"/commands", o{"commands": []o{{"type": kind}}}).Refused(400, "malformed").Says("errors.0.detail", property)
		}
	}
	h.As("").Ask("POST "+org+"/commands", o{"commands": []o{{"type": "assign_team", "project": "apollo", "team": ""}}}).Refused(404, "no_team")
	for _, item := range []o{{}, {"type": ""}, {"type": nil, "user": "bob"}} {
		h.As("").Ask("POST "+org+"/commands", o{"commands": []o{item}}).Refused(400, "malformed").
			Has("errors.0.detail", `The type is missing: an item says what it is, as in {"type": "add_member", "user": "bob"}.`)
	}
	h.As("").Ask("POST "+org+"/commands", o{"commands": []o{{"type": "add_king"}}}).Refused(400, "malformed").
		Has("errors.0.detail", `There is no command of type "add_king".`)
}

// TestItemsAreCheckedAsBodiesAre sends what a route refuses by itself as an item.
func TestItemsAreCheckedAsBodiesAre(t *testing.T) {
	t.Parallel()
	h, org := newOrganization(t, "github")
	long := strings.Repeat("x", 256)
	for name, tc := range map[string]struct {
		route string
		body  o
		item  o
	}{
		"a name that is too long":     {"POST " + org + "/projects", o{"id": "p", "name": long}, o{"type": "create_project", "id": "p", "name": long}},
		"an id that is too long":      {"POST " + org + "/members", o{"user": long}, o{"type": "add_member", "user": long}},
		"what cannot be chosen":       {"POST " + org + "/teams", o{"id": "t", "name": "T", "privacy": "open"}, o{"type": "create_team", "id": "t", "name": "T", "privacy": "open"}},
		"a number out of its bounds":  {"PATCH " + org + "/seats", o{"seats": -1}, o{"type": "change_seats", "seats": -1}},
		"text in the place of a time": {"POST " + org + "/members", o{"user": "eve", "until": "soon"}, o{"type": "add_member", "user": "eve", "until": "soon"}},
		"a member that is left out":   {"POST " + org + "/members", o{}, o{"type": "add_member"}},
		"many wrong parts":            {"POST " + org + "/invites", o{"email": "e@x.org", "projects": slices.Repeat([]o{{}}, 500)}, o{"type": "invite_member", "email": "e@x.org", "projects": slices.Repeat([]o{{}}, 500)}},
	} {
		t.Run(name, func(t *testing.T) {
			alone := h.As("").Ask(tc.route, tc.body).Refused(http.StatusBadRequest, "malformed")
			item := h.As("").Ask("POST "+org+"/commands", o{"commands": []o{{"type": "rename_organization", "name": "Acme"}, tc.item}}).
				Refused(http.StatusBadRequest, "malformed").Has("errors.0.index", 1)
			assert.NotEmpty(t, item.Text("errors.0.detail"))
			assert.Less(t, len(item.Text("errors.0.detail")), 2000, "an item has a few errors named, not all")
			assert.Contains(t, alone.Text("detail"), ":", "it names the field")
		})
	}
}

// TestItemsAreBoundedAsBodiesAre sends a list that is too long to a route and as an item.
func TestItemsAreBoundedAsBodiesAre(t *testing.T) {
	t.Parallel()
	h, org := newOrganization(t, "github")
	projects := slices.Repeat([]o{{"project": "apollo"}}, 1001)
	h.As("").Ask("POST "+org+"/invites", o{"email": "e@x.org", "projects": projects}).
		Refused(http.StatusUnprocessableEntity, "too_many_items").Says("detail", "projects takes at most 1000 items")
	h.As("").Ask("POST "+org+"/commands", o{"commands": []o{{"type": "invite_member", "email": "e@x.org", "projects": projects}}}).
		Refused(http.StatusUnprocessableEntity, "too_many_items").Says("detail", "commands[0].projects takes at most 1000 items")
}
