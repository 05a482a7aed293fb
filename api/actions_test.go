package api_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/apirequest"
	"github.com/seed-2026d078/roster/internal/apitest"
)

// TestWhatIsOfferedIsWhatWouldBeDone holds the actions and the roles on every row
// against a dry run of each command. dev, a developer of the workspace, is an agency owner on
// the project.
func TestWhatIsOfferedIsWhatWouldBeDone(t *testing.T) {
	t.Parallel()
	h, org := agencyOrganization(t)
	h.As("bea").May("PATCH "+org+"/projects/site/members/dev/overrides/log_time", o{"level": "off"})
	h.As("bea").May("PATCH "+org+"/projects/site/members/dev", o{"role": "agency_owner"})
	people := map[string][]tried{
		org + "/members": {
			{"remove_member", "DELETE %", nil, nil},
			{"deactivate_member", "POST %/deactivate", nil, nil},
			{"reactivate_member", "POST %/reactivate", nil, nil},
			{"change_member_end", "PATCH %/end", o{"until": "2999-01-01T00:00:00Z"}, nil},
			{"attest_access", "POST %/attest", nil, nil},
			{"change_member_role", "PATCH %", nil, []string{"owner", "agency_owner", "manager", "developer", "client"}},
		},
		org + "/projects/site/members": {
			{"remove_project_member", "DELETE %", nil, nil},
			{"change_project_member_end", "PATCH %/end", o{"until": "2999-01-01T00:00:00Z"}, nil},
			{"attest_access", "POST %/attest", nil, nil},
			{"clear_override", "DELETE %/overrides/log_time", nil, nil},
			{"set_override", "PATCH %/overrides/visible_items", o{"level": "none"}, nil},
			{"change_project_member_role", "PATCH %", nil, []string{"agency_owner", "manager", "developer", "client"}},
		},
	}
	count := 0
	for _, actor := range []string{"", "ada", "bea", "max", "dev"} {
		for list, commands := range people {
			if actor == "dev" && list == org+"/members" {
				h.As(actor).SeesNo(list, "no_members")
				continue
			}
			for _, row := range h.As(actor).Sees(list).Items() {
				for _, c := range commands {
					count += c.hold(t, h, actor, list, row)
				}
			}
		}
	}
	assert.GreaterOrEqual(t, count, 50)
}

// TestWhatAProjectOffersIsNotRefused tries, for each role on a project, all candidates with all
// roles that are offered.
func TestWhatAProjectOffersIsNotRefused(t *testing.T) {
	t.Parallel()
	h, org := agencyOrganization(t)
	project, count := org+"/projects/site", 0
	for _, role := range []string{"client", "developer", "manager", "agency_owner"} {
		h.As("bea").May("PATCH "+project+"/members/dev", o{"role": role})
		row := h.As("dev").Sees(org + "/projects").Items()[0]
		offered, roles := row.Texts("actions"), row.Texts("roles")
		lists := map[string]bool{"candidates": slices.Contains(offered, "add_project_member"), "candidate-teams": slices.Contains(offered, "assign_team")}
		for list, offers := range lists {
			if !offers {
				h.As("dev").SeesNo(project+"/"+list, "no_members")
			}
		}
		if lists["candidates"] {
			for _, found := range h.As("dev").Sees(project + "/candidates").Items() {
				for _, role := range roles {
					h.As("dev").May("POST "+project+"/members?dry_run=true", o{"user": found.Text("user"), "role": role})
					count++
				}
			}
		}
		if lists["candidate-teams"] {
			h.As("bea").May("DELETE " + project + "/teams/crew")
			for _, found := range h.As("dev").Sees(project + "/candidate-teams").Items() {
				h.As("dev").May("POST "+project+"/teams?dry_run=true", o{"team": found.Text("team")})
				count++
			}
		}
	}
	assert.GreaterOrEqual(t, count, 20)
}

// tried is a command on a row, with a body, or with each of some roles.
type tried struct {
	action, what string
	body         any
	roles        []string
}

// hold compares the available actions of a row with what would be done, and counts them.
func (c tried) hold(t *testing.T, h *apitest.Server, actor, list string, row apirequest.Reply) (count int) {
	t.Helper()
	user := row.Text("user")
	method, rest, _ := strings.Cut(c.what, "%")
	would := func(body any) bool {
		got := h.As(actor).Ask(method+list+"/"+user+rest+"?dry_run=true", body)
		require.Less(t, got.Status, 500, got)
		happened, _ := got.At("dry_run.events").([]any)
		return got.Status == 200 && len(happened) > 0
	}
	if c.roles == nil {
		got := slices.Contains(row.Texts("actions"), c.action)
		assert.Equal(t, would(c.body), got, "may %s take %q on %s?", actor, c.action, user)
		if got {
			count++
		}
		return count
	}
	for _, role := range c.roles {
		got := slices.Contains(row.Texts("roles"), role)
		assert.Equal(t, would(o{"role": events.RoleKey(role)}), got, "may %s make %s %q?", actor, user, role)
		if got {
			count++
		}
	}
	return count
}
