package api_test

import (
	"testing"

	"github.com/seed-2026d078/roster/internal/apitest"
)

// TestBulkOnNothing gives bulk commands about an organization that is not there.
func TestBulkOnNothing(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	commands := o{"commands": []o{{"type": "add_member", "user": "bob"}, {"type": "invite_member", "email": "eve@example.org"}, {"type": "reactivate_member", "user": "cleo"}}}
	for _, actor := range []string{"", "ada"} {
		for _, dry := range []string{"", "?dry_run=true"} {
			h.As(actor).Ask("POST /v1/organizations/none/commands"+dry, commands).Refused(404, "no_organization").
				Has("errors.0.code", "no_organization", "errors.1.code", "no_organization", "errors.2.code", "no_organization", "errors.3", nil)
		}
	}
}
