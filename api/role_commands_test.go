package api_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/events"
)

func TestCommandsOnRoles(t *testing.T) {
	t.Parallel()
	h, org := newOrganization(t, "campaign")
	roles, lead := org+"/roles/organization", org+"/roles/organization/lead"
	define := o{"role": "lead", "label": "Lead", "rank": 15, "levels": o{"dialler": "full"}}
	tries(t, h,
		try{"bob", "POST " + roles, define, 403, "not_allowed"},
		try{"ada", "POST " + org + "/roles/project", define, 409, "custom_roles_off"},
		try{"ada", "POST " + org + "/roles/team", define, 400, "malformed"},
		try{"ada", "POST " + roles, o{"role": "lead", "rank": 99}, 422, "bad_rank"},
		try{"ada", "POST " + roles, o{"role": "lead", "rank": 15, "levels": o{"none": "full"}}, 422, "unknown_permission"},
		try{"ada", "POST " + roles, o{"role": "", "rank": 15}, 422, "bad_id"},
		try{"ada", "POST " + roles, define, 200, ""},
		try{"ada", "POST " + roles, define, 409, "role_exists"},

		try{"bob", "PATCH " + lead, o{"rank": 16}, 403, "not_allowed"},
		try{"ada", "PATCH " + roles + "/agent", o{"rank": 16}, 409, "built_in_role"},
		try{"ada", "PATCH " + roles + "/none", o{"rank": 16}, 422, "unknown_role"},
		try{"ada", "PATCH " + lead, o{"rank": 16, "levels": o{"users": "view"}}, 200, ""},

		try{"bob", "PATCH " + lead + "/label", o{"label": "Boss"}, 403, "not_allowed"},
		try{"ada", "PATCH " + lead + "/label", o{"label": ""}, 422, "bad_name"},
		try{"ada", "PATCH " + lead + "/label", o{"label": "Boss"}, 200, ""},
		try{"ada", "PATCH " + org + "/roles/project/guest/label", o{"label": "Visitor"}, 200, ""},

		try{"ada", "PATCH " + org + "/members/bob", o{"role": "lead"}, 200, ""},
		try{"bob", "DELETE " + lead, nil, 403, "not_allowed"},
		try{"ada", "DELETE " + roles + "/agent", nil, 409, "built_in_role"},
		try{"ada", "DELETE " + lead, nil, 409, "role_held"},
		try{"ada", "PATCH " + org + "/members/bob", o{"role": "agent"}, 200, ""},
		try{"ada", "DELETE " + lead, nil, 200, ""},
	)
	scheme := h.Desk.View().State.Organization("acme").Scheme()
	labels := map[events.RoleKey]string{}
	for _, role := range scheme.Scheme.ProjectRoles {
		labels[role.Key] = role.Label
	}
	assert.Equal(t, "Visitor", labels["guest"])
}

func TestChangeScheme(t *testing.T) {
	t.Parallel()
	h, org := newOrganization(t, "campaign")
	h.As("ada").May("POST "+org+"/projects/apollo/members", o{"user": "bob", "role": "editor"})
	full := o{
		"scheme":             "owner-member",
		"organization_roles": o{"admin": "owner", "agent": "member"}, "project_roles": o{"admin": "owner", "editor": "member"},
	}
	change := "POST " + org + "/scheme"
	tries(t, h,
		try{"bob", change, full, 403, "not_allowed"},
		try{"ada", change, o{"scheme": "none"}, 422, "unknown_scheme"},
		try{"ada", change, o{"scheme": "owner-member"}, 409, "scheme_roles"},
		try{"ada", change, o{"scheme": "owner-member", "organization_roles": o{"king": "owner"}}, 422, "unknown_role"},
	)
	h.As("ada").May(change+"?dry_run=true", full).Has(
		"changed", false, "dry_run.events.0.type", "scheme.changed.v1",
		"dry_run.changes.0.user", "ada", "dry_run.changes.0.from", "admin", "dry_run.changes.0.to", "owner", "dry_run.changes.0.effect", "changes")
	tries(t, h,
		try{"ada", change, full, 200, ""},
		try{"ada", "POST " + org + "/roles/organization", o{"role": "lead", "rank": 15}, 403, "not_allowed"},
	)
	h.As("bob").Sees(org+"/members/bob").Has("role", "member")
	h.As("bob").Sees(org+"/projects/apollo").Has("role", "member")
	h.As("ada").May(change, o{"scheme": "owner-member"}).Has("changed", false)
}
