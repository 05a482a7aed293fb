package api_test

import "testing"

func TestCommandsOnTheOrganization(t *testing.T) {
	t.Parallel()
	h, org := newOrganization(t, "owner-member")
	tries(t, h,
		try{"bob", "PATCH " + org, o{"name": "Ours"}, 403, "not_allowed"},
		try{"zoe", "PATCH " + org, o{"name": "Ours"}, 404, "no_organization"},
		try{"ada", "PATCH " + org, o{"name": " "}, 422, "bad_name"},
		try{"ada", "PATCH " + org, o{}, 400, "malformed"},
		try{"ada", "PATCH " + org, o{"name": "Ours"}, 200, ""},

		try{"bob", "POST " + org + "/transfer-ownership", o{"to": "bob"}, 403, "not_allowed"},
		try{"ada", "POST " + org + "/transfer-ownership", o{"to": "zoe"}, 404, "no_member"},
		try{"ada", "POST " + org + "/transfer-ownership", o{"to": "bob", "role": "king"}, 422, "unknown_role"},
		try{"ada", "POST " + org + "/transfer-ownership", o{"to": "bob"}, 200, ""},
		try{"ada", "POST " + org + "/transfer-ownership", o{"to": "bob"}, 403, "not_allowed"},

		try{"ada", "POST " + org + "/archive", nil, 403, "not_allowed"},
		try{"bob", "POST " + org + "/archive", nil, 200, ""},
		try{"bob", "POST " + org + "/projects", o{"id": "gemini"}, 409, "organization_archived"},
		try{"ada", "POST " + org + "/restore", nil, 403, "not_allowed"},
		try{"bob", "POST " + org + "/restore", nil, 200, ""},
		try{"bob", "POST " + org + "/projects", o{"id": "gemini"}, 201, ""},

		try{"bob", "PATCH " + org + "/seats", o{"seats": 4}, 403, "not_allowed"},
		try{"", "PATCH " + org + "/seats", o{"seats": -1}, 400, "malformed"},
		try{"", "PATCH " + org + "/seats", o{"seats": 2_000_000_000}, 422, "bad_seats"},
		try{"", "PATCH " + org + "/seats", o{"seats": 4}, 200, ""},
		try{"", "POST " + org + "/members", o{"user": "eve"}, 409, "no_free_seat"},
		try{"", "PATCH " + org + "/seats", o{"seats": 0}, 200, ""},
		try{"", "POST " + org + "/members", o{"user": "eve"}, 200, ""},
	)
	h.As("ada").Sees(org).Has("name", "Ours", "role", "member")
	h.As("bob").May("POST "+org+"/restore").Has("changed", false)
}

func TestCommandsOnMembers(t *testing.T) {
	t.Parallel()
	h, org := newOrganization(t, "owner-member")
	cleo, end := org+"/members/cleo", o{"until": "2999-01-01T00:00:00+02:00"}
	tries(t, h,
		try{"bob", "POST " + cleo + "/deactivate", nil, 403, "not_allowed"},
		try{"ada", "POST " + org + "/members/zoe/deactivate", nil, 404, "no_member"},
		try{"ada", "POST " + org + "/members/ada/deactivate", nil, 409, "last_holder"},
		try{"ada", "POST " + cleo + "/deactivate", nil, 200, ""},
		try{"cleo", "POST " + org + "/projects", o{"id": "gemini"}, 404, "no_organization"},
		try{"bob", "POST " + cleo + "/reactivate", nil, 403, "not_allowed"},
		try{"ada", "POST " + cleo + "/reactivate", nil, 200, ""},
		try{"cleo", "PATCH " + org, o{"name": "Ours"}, 403, "not_allowed"},

		try{"bob", "PATCH " + cleo + "/end", end, 403, "not_allowed"},
		try{"ada", "PATCH " + org + "/members/ada/end", end, 409, "last_holder"},
		try{"ada", "PATCH " + cleo + "/end", o{"until": "2001-01-01T00:00:00Z"}, 422, "bad_end"},
		try{"ada", "PATCH " + cleo + "/end", o{"until": "tomorrow"}, 400, "malformed"},
		try{"ada", "PATCH " + cleo + "/end", end, 200, ""},
		try{"ada", "POST " + org + "/transfer-ownership", o{"to": "cleo"}, 409, "membership_ends"},
		try{"ada", "PATCH " + cleo + "/end", o{"until": nil}, 200, ""},
		try{"", "POST " + org + "/members", o{"user": "eve", "until": "2999-01-01T00:00:00Z"}, 200, ""},
		try{"ada", "PATCH " + org + "/members/eve/end", o{}, 200, ""},

		try{"bob", "POST " + cleo + "/attest", nil, 403, "not_allowed"},
		try{"ada", "POST " + org + "/members/ada/attest", nil, 409, "own_access"},
		try{"ada", "POST " + cleo + "/attest", nil, 200, ""},
		try{"ada", "POST " + cleo + "/attest", nil, 200, ""},
	)
}

func TestOwnLevels(t *testing.T) {
	t.Parallel()
	h, org := newOrganization(t, "scoped")
	bob := org + "/members/bob"
	tries(t, h,
		try{"bob", "PATCH " + bob + "/levels", o{"levels": o{"MEMBERS": "full"}}, 403, "not_allowed"},
		try{"ada", "PATCH " + bob + "/levels", o{"levels": o{"NONE": "full"}}, 422, "unknown_permission"},
		try{"ada", "PATCH " + bob + "/levels", o{"levels": o{"MEMBERS": "on"}}, 422, "unknown_permission"},
		try{"", "PATCH " + org + "/members/ada/levels", o{"levels": o{"MEMBERS": "full"}}, 409, "no_own_levels"},
		try{"ada", "PATCH " + bob + "/levels", o{"levels": o{"MEMBERS": "full"}}, 200, ""},
		try{"bob", "PATCH " + bob + "/levels", o{"levels": o{"MEMBERS": "full", "BILLING": "view"}}, 403, "may_not_assign"},
		try{"bob", "PATCH " + org + "/members/cleo/levels", o{"levels": o{"MEMBERS": "view"}}, 200, ""},
		try{"bob", "PATCH " + org + "/members/cleo/levels", o{}, 200, ""},
		try{"", "POST " + org + "/members", o{"user": "eve", "levels": o{"PROJECTS": "full"}}, 200, ""},
		try{"", "POST " + org + "/members", o{"user": "eve"}, 409, "already_member"},
		try{"eve", "POST " + org + "/projects", o{"id": "gemini"}, 201, ""},

		try{"ada", "POST " + org + "/projects/apollo/members", o{"user": "cleo", "levels": o{"WORKFLOWS": "view"}}, 200, ""},
		try{"cleo", "PATCH " + org + "/projects/apollo/members/cleo/levels", o{"levels": o{"WORKFLOWS": "full"}}, 403, "not_allowed"},
		try{"ada", "PATCH " + org + "/projects/apollo/members/cleo/levels", o{"levels": o{"NONE": "full"}}, 422, "unknown_permission"},
		try{"ada", "PATCH " + org + "/projects/apollo/members/dan/levels", o{"levels": o{"WORKFLOWS": "full"}}, 409, "not_on_project"},
		try{"ada", "PATCH " + org + "/projects/apollo/members/cleo/levels", o{"levels": o{"WORKFLOWS": "full"}}, 200, ""},
	)
	h.As("cleo").Sees(org+"/projects/apollo/access/cleo").Has("permissions.WORKFLOWS", "full", "permissions.AI_SEARCH", "none")
}
