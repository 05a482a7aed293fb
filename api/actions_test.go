package api_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/events"
)

// TestWhatIsOfferedIsWhatWouldBeDone holds the actions and the roles on every row
// against a dry run of each command.
func TestWhatIsOfferedIsWhatWouldBeDone(t *testing.T) {
	t.Parallel()
	h, org, now := agencyOrganization(t)
	h.as("bea").do("PATCH "+org+"/projects/site/members/dev/overrides/log_time", o{"level": "off"}).ok()
	now = max(now, h.desk.View().Position)
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
	for _, actor := range []string{"", "ada", "bea", "max"} {
		for list, commands := range people {
			rows, _ := h.reads(actor, now, list).ok().at("items").([]any)
			for _, row := range rows {
				row, _ := row.(map[string]any)
				for _, c := range commands {
					count += c.hold(t, h, actor, list, row)
				}
			}
		}
	}
	assert.GreaterOrEqual(t, count, 50)
}

// tried is a command on a row, with a body, or with each of some roles.
type tried struct {
	action, what string
	body         any
	roles        []string
}

// hold compares the available actions of a row with what would be done, and counts them.
func (c tried) hold(t *testing.T, h *testServer, actor, list string, row map[string]any) (count int) {
	t.Helper()
	user, _ := row["user"].(string)
	method, rest, _ := strings.Cut(c.what, "%")
	would := func(body any) bool {
		got := h.as(actor).do(method+list+"/"+user+rest+"?dry_run=true", body)
		require.Less(t, got.status, 500)
		happened, _ := got.at("dry_run.events").([]any)
		return got.status == 200 && len(happened) > 0
	}
	available := func(key, value string) bool {
		all, _ := row[key].([]any)
		return slices.Contains(all, any(value))
	}
	if c.roles == nil {
		got := available("actions", c.action)
		assert.Equal(t, would(c.body), got, "may %s take %q on %s?", actor, c.action, user)
		if got {
			count++
		}
		return count
	}
	for _, role := range c.roles {
		got := available("roles", role)
		assert.Equal(t, would(o{"role": events.RoleKey(role)}), got, "may %s make %s %q?", actor, user, role)
		if got {
			count++
		}
	}
	return count
}
