package api_test

import (
	"strings"
	"testing"
)

func TestCommandsOnProjects(t *testing.T) {
	t.Parallel()
	h, org := newOrganization(t, "owner-member")
	apollo := org + "/projects/apollo"
	bob, end := apollo+"/members/bob", o{"until": "2999-01-01T00:00:00Z"}
	tries(t, h,
		try{"bob", "PATCH " + apollo, o{"name": "Moon"}, 403, "not_allowed"},
		try{"ada", "PATCH " + apollo, o{"name": ""}, 422, "bad_name"},
		try{"ada", "PATCH " + org + "/projects/none", o{"name": "Moon"}, 404, "no_project"},
		try{"ada", "PATCH " + apollo, o{"name": "Moon"}, 200, ""},

		try{"ada", "POST " + apollo + "/members", o{"user": "bob", "until": "2001-01-01T00:00:00Z"}, 422, "bad_end"},
		try{"ada", "POST " + apollo + "/members", o{"user": "bob", "levels": o{"content": "view"}}, 409, "no_own_levels"},
		try{"ada", "POST " + apollo + "/members", o{"user": "bob", "until": "2998-01-01T00:00:00Z"}, 200, ""},
		try{"ada", "PATCH " + apollo + "/members/cleo/end", end, 409, "not_on_project"},
		try{"bob", "PATCH " + bob + "/end", end, 403, "not_allowed"},
		try{"ada", "PATCH " + apollo + "/members/ada/end", end, 409, "last_holder"},
		try{"ada", "PATCH " + bob + "/end", end, 200, ""},
		try{"ada", "PATCH " + bob + "/end", o{"until": nil}, 200, ""},

		try{"bob", "POST " + bob + "/attest", nil, 403, "not_allowed"},
		try{"ada", "POST " + apollo + "/members/ada/attest", nil, 409, "own_access"},
		try{"ada", "POST " + apollo + "/members/cleo/attest", nil, 409, "not_on_project"},
		try{"ada", "POST " + bob + "/attest", nil, 200, ""},

		try{"bob", "POST " + apollo + "/archive", nil, 403, "not_allowed"},
		try{"ada", "POST " + apollo + "/archive", nil, 200, ""},
		try{"ada", "PATCH " + apollo, o{"name": "Mars"}, 409, "project_archived"},
		try{"bob", "POST " + apollo + "/restore", nil, 403, "not_allowed"},
		try{"ada", "POST " + apollo + "/restore", nil, 200, ""},

		try{"bob", "DELETE " + apollo, nil, 403, "not_allowed"},
		try{"ada", "DELETE " + apollo, nil, 200, ""},
		try{"ada", "DELETE " + apollo, nil, 404, "no_project"},
	)
	h.As("ada").SeesNo(apollo, "no_project")
}

// TestDescribedProjects reads a description in every answer that shows the project.
func TestDescribedProjects(t *testing.T) {
	t.Parallel()
	h, org := newOrganization(t, "owner-member")
	apollo, moon := org+"/projects/apollo", org+"/projects/moon"
	h.As("ada").Sees(apollo).Has("description", nil)
	tries(t, h,
		try{"ada", "POST " + apollo + "/members", o{"user": "bob"}, 200, ""},
		try{"bob", "PATCH " + apollo + "/description", o{"description": "Mine"}, 403, "not_allowed"},
		try{"ada", "PATCH " + apollo + "/description", o{}, 400, "malformed"},
		try{"ada", "PATCH " + apollo + "/description", o{"description": strings.Repeat("é", 5_001)}, 422, "bad_name"},
		try{"ada", "PATCH " + apollo + "/description", o{"description": "To the Moon"}, 200, ""},
		try{"ada", "POST " + org + "/projects", o{"id": "moon", "description": "Craters"}, 201, ""},
	)
	h.As("ada").May("PATCH "+apollo+"/description", o{"description": "To the Moon"}).Has("changed", false)
	h.As("bob").Sees(apollo).Has("description", "To the Moon")
	h.As("bob").Sees(org+"/projects").Has("items.0.id", "apollo", "items.0.description", "To the Moon")
	h.As("ada").Sees(org+"/members/bob/projects").Has("items.0.id", "apollo", "items.0.description", "To the Moon")
	h.As("ada").Sees(moon).Has("description", "Craters")
	h.As("ada").May("PATCH "+moon+"/description", o{"description": ""}).Has("changed", true)
	h.As("ada").Sees(moon).Has("description", nil)
}

func TestOverrides(t *testing.T) {
	t.Parallel()
	h, org := newOrganization(t, "agency")
	members := org + "/projects/apollo/members"
	h.As("ada").May("POST "+members, o{"user": "bob", "role": "developer"})
	override := members + "/bob/overrides/log_time"
	tries(t, h,
		try{"bob", "PATCH " + override, o{"level": "on"}, 403, "not_allowed"},
		try{"ada", "PATCH " + override, o{"level": "view"}, 422, "unknown_permission"},
		try{"ada", "PATCH " + override, o{"level": "much"}, 400, "malformed"},
		try{"ada", "PATCH " + members + "/bob/overrides/none", o{"level": "off"}, 422, "unknown_permission"},
		try{"ada", "PATCH " + members + "/cleo/overrides/log_time", o{"level": "off"}, 409, "not_on_project"},
		try{"", "PATCH " + members + "/bob/overrides/manage_sprints", o{"level": "on"}, 200, ""},
		try{"ada", "PATCH " + override, o{"level": "off"}, 200, ""},
	)
	access := org + "/projects/apollo/access/bob"
	h.As("bob").Sees(access).Has("permissions.log_time", "off", "permissions.manage_sprints", "on")
	tries(t, h,
		try{"bob", "DELETE " + override, nil, 403, "not_allowed"},
		try{"ada", "DELETE " + override, nil, 200, ""},
	)
	h.As("bob").Sees(access).Has("permissions.log_time", "on")
	h.As("ada").May("DELETE "+override).Has("changed", false)

	github, org := githubOrganization(t)
	github.As("").Ask("PATCH "+org+"/projects/apollo/members/dan/overrides/code", o{"level": "view"}).Refused(409, "overrides_off")
}

func TestCommandsOnTeamsAndAssignments(t *testing.T) {
	t.Parallel()
	h, org := newOrganization(t, "agency")
	end := o{"until": "2999-01-01T00:00:00Z"}
	assigned := org + "/projects/apollo/teams"
	tries(t, h,
		try{"ada", "POST " + org + "/teams", o{"id": "t", "name": "T", "colour": "blue"}, 422, "bad_colour"},
		try{"ada", "POST " + org + "/teams", o{"id": "t", "name": "T", "colour": "#1a2b3c"}, 201, ""},
		try{"bob", "PATCH " + org + "/teams/t/colour", o{"colour": "#000000"}, 404, "no_team"},
		try{"ada", "PATCH " + org + "/teams/t/colour", o{"colour": "black"}, 422, "bad_colour"},
		try{"ada", "PATCH " + org + "/teams/t/colour", o{}, 400, "malformed"},
		try{"ada", "PATCH " + org + "/teams/t/colour", o{"colour": "#000000"}, 200, ""},
		try{"ada", "PATCH " + org + "/teams/t/colour", o{"colour": ""}, 200, ""},

		try{"ada", "POST " + assigned, o{"team": "t", "role": "developer"}, 409, "default_roles"},
		try{"ada", "POST " + assigned, o{"team": "t", "until": "2001-01-01T00:00:00Z"}, 422, "bad_end"},
		try{"ada", "PATCH " + assigned + "/t/end", end, 409, "not_assigned"},
		try{"ada", "POST " + assigned, o{"team": "t", "until": "2998-01-01T00:00:00Z"}, 200, ""},
		try{"bob", "PATCH " + assigned + "/t/end", end, 404, "no_project"},
		try{"ada", "PATCH " + assigned + "/t/end", end, 200, ""},
		try{"ada", "PATCH " + assigned + "/t/end", o{}, 200, ""},
	)
}
