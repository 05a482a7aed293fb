package api_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/internal/apitest"
)

// TestCommandsOverBudgetAreRefused gives a bulk that looks at each of 400 projects for each of its
// 1,000 items.
func TestCommandsOverBudgetAreRefused(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	const org, projects, items = "/v1/organizations/acme", 400, 1000
	given := []o{
		{"type": "create_organization", "scheme": "github", "owner": "ada"},
		{"type": "add_member", "user": "bob"},
		{"type": "create_team", "id": "crew", "name": "Crew"},
	}
	for i := range projects {
		id := fmt.Sprint("p-", i)
		given = append(given, o{"type": "create_project", "id": id}, o{"type": "assign_team", "team": "crew", "project": id, "role": "read"})
	}
	h.As("").May("POST "+org+"/commands", o{"commands": given})
	bulk := make([]o, items)
	for i := range bulk {
		bulk[i] = o{"type": []string{"add_team_member", "remove_team_member"}[i%2], "team": "crew", "user": "bob"}
	}
	before := h.As("ada").Sees(org).At("version")
	for range 2 { // the refusal is not remembered for the key
		h.As("ada").With("Idempotency-Key", "bulk").Ask("POST "+org+"/commands", o{"commands": bulk}).
			Refused(http.StatusUnprocessableEntity, "over_budget").
			Has("type", "/problems/over_budget", "title", "Unprocessable Entity",
				"detail", "The command was refused after 1000001 steps, of 1000000 that it may cost, with 488 of 1000 items decided. Nothing was recorded. Split it into several.")
	}
	h.As("ada").Ask("POST "+org+"/commands?dry_run=true", o{"commands": bulk}).Refused(http.StatusUnprocessableEntity, "over_budget")
	assert.Equal(t, before, h.As("ada").Sees(org).At("version"), "something was recorded")
	h.As("ada").With("Idempotency-Key", "bulk").May("POST "+org+"/commands", o{"commands": bulk[:items/10]})
}
