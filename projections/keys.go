package projections

import "github.com/seed-2026d078/roster/events"

// The primary keys of the tables.
type (
	memberKey struct {
		org  events.OrganizationID
		user events.UserID
	}

	projectKey struct {
		org     events.OrganizationID
		project events.ProjectID
	}

	grantKey struct {
		org     events.OrganizationID
		project events.ProjectID
		user    events.UserID
	}

	overrideKey struct {
		org        events.OrganizationID
		project    events.ProjectID
		user       events.UserID
		permission events.PermissionKey
	}

	teamKey struct {
		org  events.OrganizationID
		team events.TeamID
	}

	teamMemberKey struct {
		org  events.OrganizationID
		team events.TeamID
		user events.UserID
	}

	assignmentKey struct {
		org     events.OrganizationID
		project events.ProjectID
		team    events.TeamID
	}

	teamAncestorKey struct {
		org            events.OrganizationID
		team, ancestor events.TeamID
	}

	inviteKey struct {
		org    events.OrganizationID
		invite events.InviteID
	}

	accessRequestKey struct {
		org     events.OrganizationID
		request events.AccessRequestID
	}

	elevationKey struct {
		org     events.OrganizationID
		user    events.UserID
		project events.ProjectID
	}

	emailDomainKey struct {
		org    events.OrganizationID
		domain events.EmailDomain
	}

	schemeRoleKey struct {
		org  events.OrganizationID
		kind string
		role events.RoleKey
	}

	permissionKey struct {
		org        events.OrganizationID
		kind       string
		permission events.PermissionKey
	}
)

// set is keys without order.
type set[K comparable] map[K]struct{}

func (s set[K]) add(key K) { s[key] = struct{}{} }

// dirtyKeys are the keys of rows that events may have changed, by model. The rows
// themselves come from the state.
type dirtyKeys struct {
	organizations set[events.OrganizationID]
	schemeRoles   set[schemeRoleKey]
	permissions   set[permissionKey]
	members       set[memberKey]
	projects      set[projectKey]
	grants        set[grantKey]
	overrides     set[overrideKey]
	teams         set[teamKey]
	teamAncestors set[teamAncestorKey]
	teamMembers   set[teamMemberKey]
	assignments   set[assignmentKey]
	invites       set[inviteKey]

	accessRequests set[accessRequestKey]
	emailDomains   set[emailDomainKey]
	elevations     set[elevationKey]
}

func newDirtyKeys() *dirtyKeys {
	return &dirtyKeys{
		set[events.OrganizationID]{},
		set[schemeRoleKey]{},
		set[permissionKey]{},
		set[memberKey]{},
		set[projectKey]{},
		set[grantKey]{},
		set[overrideKey]{},
		set[teamKey]{},
		set[teamAncestorKey]{},
		set[teamMemberKey]{},
		set[assignmentKey]{},
		set[inviteKey]{},
		set[accessRequestKey]{},
		set[emailDomainKey]{},
		set[elevationKey]{},
	}
}
