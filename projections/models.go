package projections

import (
	"context"

	"github.com/seed-2026d078/roster/domain"
)

// models are the tables that follow the state; the audit log follows the events.
// The order is that of writing: members before what copies from them.
var models = []interface {
	name() string
	write(context.Context, *batch, Opener, step) error
	load(context.Context, *loader, domain.Roster) error
}{
	organizations, schemeRoles, permissions, members, projects, grants, overrides, teams, teamAncestors, teamMembers, assignments, invites, accessRequests, emailDomains, elevations,
}
