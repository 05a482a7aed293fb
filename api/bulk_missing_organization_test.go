package api_test

import "testing"

// TestBulkOnNothing gives bulk commands about an organization that is not there.
func TestBulkOnNothing(t *testing.T) {
	t.Parallel()
	h := startServer(t)
	commands := o{"commands": []o{{"type": "add_member", "user": "bob"}, {"type": "invite_member", "email": "eve@example.org"}, {"type": "reactivate_member", "user": "cleo"}}}
	for _, actor := range []string{"", "ada"} {
		for _, dry := range []string{"", "?dry_run=true"} {
			h.as(actor).do("POST /v1/organizations/none/commands"+dry, commands).refused(404, "no_organization").
				has("errors.0.code", "no_organization", "errors.1.code", "no_organization", "errors.2.code", "no_organization", "errors.3", nil)
		}
	}
}
