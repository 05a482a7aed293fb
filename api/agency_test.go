package api_test

import (
	"testing"
	"time"

	"github.com/seed-2026d078/roster/internal/apitest"
)

// agencyOrganization is an organization under the scheme agency. ada owns the workspace; bea, an
// agency owner, has made the project site, where max is a manager, dev a developer,
// tom in the team crew, and guy in the secret team ghosts; cli is a client on nothing.
// sue is suspended, eli's membership has ended, and an invite is for ivy.
func agencyOrganization(t testing.TB) (h *apitest.Server, org string) {
	t.Helper()
	h = apitest.Start(t)
	org = "/v1/organizations/acme"
	const then = "?occurred_at=2024-01-01T00:00:00Z"
	h.As("").May("POST "+org+"/commands"+then, o{"commands": []o{
		{"type": "create_organization", "scheme": "agency", "owner": "ada"},
		{"type": "add_member", "user": "bea", "role": "agency_owner"},
		{"type": "add_member", "user": "max", "role": "manager", "name": "Max Manning"},
		{"type": "add_member", "user": "dev", "role": "developer", "email": "dev@example.org"},
		{"type": "add_member", "user": "tom", "role": "developer", "name": "Tom Tailor"},
		{"type": "add_member", "user": "guy", "role": "developer"},
		{"type": "add_member", "user": "cli"},
		{"type": "add_member", "user": "sue", "role": "developer"},
		{"type": "add_member", "user": "eli", "role": "developer", "until": "2024-02-01T00:00:00Z"},
		{"type": "create_team", "id": "crew", "name": "Design Crew", "colour": "#ff8800"},
		{"type": "create_team", "id": "ghosts", "name": "Ghost Writers", "privacy": "secret"},
		{"type": "add_team_member", "team": "crew", "user": "tom"},
		{"type": "add_team_member", "team": "ghosts", "user": "guy"},
		{"type": "deactivate_member", "user": "sue"},
		{"type": "invite_member", "id": "i1", "email": "ivy@example.org", "user": "ivy"},
	}})
	h.As("bea").May("POST "+org+"/projects", o{"id": "site", "name": "Site"})
	h.As("").May("POST "+org+"/commands", o{"commands": []o{
		{"type": "revoke_invite", "invite": "i1"},
		{"type": "invite_member", "id": "i2", "email": "ivy@example.org", "user": "ivy"},
		{"type": "add_project_member", "project": "site", "user": "max"},
		{"type": "add_project_member", "project": "site", "user": "dev"},
		{"type": "add_project_member", "project": "site", "user": "sue"},
		{"type": "assign_team", "project": "site", "team": "crew"},
		{"type": "assign_team", "project": "site", "team": "ghosts"},
	}})
	return h, org
}

// today is the day as explanations write it.
func today() string { return time.Now().UTC().Format(time.DateOnly) }
