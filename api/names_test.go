package api_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestNamesAreRecordedInOneForm(t *testing.T) {
	t.Parallel()
	h, org := newOrganization(t, "agency")
	tries(t, h,
		try{"ada", "POST " + org + "/teams", o{"id": "core", "name": " A\u030asa\u00a0"}, 201, ""},
		try{"ada", "POST " + org + "/teams", o{"id": "other", "name": "\u00c5SA"}, 409, "team_name_taken"},
		try{"ada", "POST " + org + "/teams", o{"id": "other", "name": " \u3000\u200b"}, 422, "bad_name"},
		try{"ada", "POST " + org + "/teams", o{"id": "other", "name": "Asa"}, 201, ""},
		try{"ada", "PATCH " + org + "/teams/core", o{"name": "\u00e5SA"}, 200, ""},
		try{"ada", "PATCH " + org + "/teams/other", o{"name": "A\u030aSA"}, 409, "team_name_taken"},
		try{"ada", "POST " + org + "/projects", o{"id": "moon", "name": " "}, 422, "bad_name"},
		try{"ada", "POST " + org + "/projects", o{"id": "moon", "name": "Mu\u0308ller "}, 201, ""},
		try{"", "POST " + org + "/members", o{"user": "zoe", "name": "\u200b"}, 422, "bad_name"},
		try{"", "POST " + org + "/members", o{"user": "zoe", "name": " Zoe\u0308 ", "login": " Zoe "}, 200, ""},
	)
	state := h.Desk.View().State.Organization("acme")
	team, _ := state.Team("core")
	assert.Equal(t, "\u00e5SA", team.Name)
	project, _ := state.Project("moon")
	assert.Equal(t, "M\u00fcller", project.Name)
	found := h.As("ada").May("GET " + org + "/members?search=ZOE")
	assert.Equal(t, []string{"Zo\u00eb"}, found.Texts("items.name"))
}
