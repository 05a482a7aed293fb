package domain_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type mapping = map[events.RoleKey]events.RoleKey

// into is testScheme with changes.
func into(change func(*events.Scheme)) *domain.Scheme {
	org := stateAfter(opened(func(s *events.Scheme) {
		s.Version = 2
		change(s)
	}))
	return org.Scheme()
}

func TestChangeScheme(t *testing.T) {
	t.Parallel()
	same := func(*events.Scheme) {}
	next := into(same)
	changed := func(to *domain.Scheme) events.SchemeChanged { return events.SchemeChanged{Scheme: to.Scheme} }
	teamless := into(func(s *events.Scheme) { s.Teams = events.Teams{} })
	flat := into(func(s *events.Scheme) { s.Teams.Nested, s.Teams.Inherit = false, false })
	defaults := into(func(s *events.Scheme) { s.Teams.Confer = events.MembersDefault })
	many := into(func(s *events.Scheme) { organizationRole(s, "clerk").AtLeast = 2 })
	strange := into(func(s *events.Scheme) { s.Teams.Roles[0].Key = "paw" })
	own := events.Role{Key: "aid", Rank: 15, Levels: events.Levels{"people": "view"}}
	kept := own
	kept.Custom = true
	owning := into(func(s *events.Scheme) { s.OrganizationRoles = append(s.OrganizationRoles, kept) })
	helpless := into(func(s *events.Scheme) { s.OrganizationRoles = slices.Delete(slices.Clone(s.OrganizationRoles), 3, 4) })
	low := into(func(s *events.Scheme) { organizationRole(s, "clerk").Rank = 12 })
	closed := into(func(s *events.Scheme) { s.CustomRoles = events.CustomRoles{} })
	unlike := into(func(s *events.Scheme) { projectRole(s, "guest").Rank = 5 })
	pen := events.RoleDefined{Kind: onProject, Role: events.Role{Key: "pen", Rank: 5}}
	few := into(func(s *events.Scheme) { s.Seats.Limit = 5 })
	lifting := into(func(s *events.Scheme) { organizationRole(s, "member").Rank = 35 })
	ranked := func(actor events.UserID, to *domain.Scheme, err error, name string) rule {
		r := rule{name: name, given: staff, when: domain.ChangeScheme{Scheme: to}, by: actor, err: err}
		if err == nil {
			r.then = then(changed(to))
		}
		return r
	}
	checkRules(t, []rule{
		ranked("olga", next, nil, "an owner does"),
		ranked("cleo", next, domain.ErrNotAllowed, "whom the scheme allows does not without the highest role"),
		ranked("max", next, domain.ErrNotAllowed, "a member does not"),
		ranked("cleo", lifting, domain.ErrNotAllowed, "least of all to lift others"),
		ranked("olga", lifting, nil, "unless they rank higher"),
		ranked("", lifting, nil, "or are the system"),
		ranked("olga", few, domain.ErrSeatsInUse, "not with fewer seats than are in use"),
		ranked("", few, domain.ErrSeatsInUse, "not by the system either"),
		{name: "unless new ones are blocked", given: staff, when: domain.ChangeScheme{Scheme: few, BlockNew: true}, by: "olga", then: then(changed(few))},
		{name: "where the organization has its own limit, that counts", given: so(staff, seat(6)), when: domain.ChangeScheme{Scheme: few}, by: "olga", then: then(changed(few))},
		ranked("olga", many, domain.ErrLastHolder, "roles that must be held are"),
		{name: "where nobody is, nobody has to hold them", given: given(opened()), when: domain.ChangeScheme{Scheme: many}, then: then(changed(many))},
		{name: "changing to the scheme already in force changes nothing", given: staff, when: domain.ChangeScheme{Scheme: mustParse(testScheme)}, by: "olga"},
		{name: "the same with roles mapped is a change", given: staff, when: domain.ChangeScheme{Scheme: mustParse(testScheme), OrganizationRoles: mapping{"helper": "member"}}, by: "olga", then: then(events.SchemeChanged{Scheme: mustParse(testScheme).Scheme, OrganizationRoles: mapping{"helper": "member"}})},
		{name: "a role in use has a place", given: staff, when: domain.ChangeScheme{Scheme: builtInScheme("owner-member"), OrganizationRoles: mapping{"chief": "owner", "clerk": "member", "helper": "member"}}, by: "olga", err: domain.ErrSchemeRoles},
		{name: "also where others have one", given: given(opened(), joined("olga", "owner"), joined("chip", "chief"), joined("cleo", "clerk")), when: domain.ChangeScheme{Scheme: builtInScheme("owner-member"), OrganizationRoles: mapping{"chief": "owner"}}, by: "olga", err: domain.ErrSchemeRoles},
		{name: "from what there is", given: staff, when: domain.ChangeScheme{Scheme: next, OrganizationRoles: mapping{"king": "member"}}, by: "olga", err: domain.ErrUnknownRole},
		{name: "to what there is", given: staff, when: domain.ChangeScheme{Scheme: next, ProjectRoles: mapping{"guide": "king"}}, by: "olga", err: domain.ErrUnknownRole},
		{
			name: "everything has", given: staff, by: "olga",
			when: domain.ChangeScheme{Scheme: builtInScheme("owner-member"), OrganizationRoles: mapping{"chief": "member", "clerk": "member", "helper": "member"}, ProjectRoles: mapping{"lead": "owner", "guide": "member", "guest": "member"}},
			then: then(events.SchemeChanged{Scheme: builtInScheme("owner-member").Scheme, OrganizationRoles: mapping{"chief": "member", "clerk": "member", "helper": "member"}, ProjectRoles: mapping{"lead": "owner", "guide": "member", "guest": "member"}}),
		},
		{name: "not teams without teams", given: so(staff, team("core", "")), when: domain.ChangeScheme{Scheme: teamless}, by: "olga", err: domain.ErrSchemeTeams},
		{name: "no teams without teams", given: staff, when: domain.ChangeScheme{Scheme: teamless}, by: "olga", then: then(changed(teamless))},
		{name: "not nested ones where they are flat", given: so(staff, team("core", ""), team("low", "core")), when: domain.ChangeScheme{Scheme: flat}, by: "olga", err: domain.ErrSchemeTeams},
		{name: "not assigned ones where roles are stated otherwise", given: so(staff, team("core", ""), assigned("core", "p", "guide")), when: domain.ChangeScheme{Scheme: defaults}, by: "olga", err: domain.ErrSchemeTeams},
		{name: "assigned ones where they are stated alike", given: so(staff, team("core", ""), assigned("core", "p", "guide")), when: domain.ChangeScheme{Scheme: next}, by: "olga", then: then(changed(next))},
		{name: "without assignments they fit", given: so(staff, team("core", "")), when: domain.ChangeScheme{Scheme: defaults}, by: "olga", then: then(changed(defaults))},
		{name: "roles in teams have a place", given: so(staff, team("core", ""), entered("core", "max", "hand")), when: domain.ChangeScheme{Scheme: strange}, by: "olga", err: domain.ErrSchemeRoles},
		{name: "which one can say", given: so(staff, team("core", ""), entered("core", "max", "hand")), when: domain.ChangeScheme{Scheme: strange, TeamRoles: mapping{"hand": "paw"}}, by: "olga", then: then(events.SchemeChanged{Scheme: strange.Scheme, TeamRoles: mapping{"hand": "paw"}})},
		{name: "roles of its own come along", given: so(staff, events.RoleDefined{Kind: inOrganization, Role: own}), when: domain.ChangeScheme{Scheme: next}, by: "olga", then: then(changed(owning))},
		{name: "others do not", given: given(opened(), joined("olga", "owner"), joined("chip", "chief")), when: domain.ChangeScheme{Scheme: helpless}, by: "olga", then: then(changed(helpless))},
		{name: "not where that is closed", given: so(staff, events.RoleDefined{Kind: inOrganization, Role: own}), when: domain.ChangeScheme{Scheme: closed}, by: "olga", then: then(changed(closed))},
		{name: "not above the bound", given: so(staff, events.RoleDefined{Kind: inOrganization, Role: own}), when: domain.ChangeScheme{Scheme: low}, by: "olga", then: then(changed(low))},
		{name: "held, it needs a place then", given: so(staff, events.RoleDefined{Kind: inOrganization, Role: own}, joined("eve", "aid")), when: domain.ChangeScheme{Scheme: low}, by: "olga", err: domain.ErrSchemeRoles},
		{name: "not where another ranks alike", given: so(staff, pen), when: domain.ChangeScheme{Scheme: unlike}, by: "olga", then: then(changed(unlike))},
		{name: "not when mapped", given: so(staff, events.RoleDefined{Kind: inOrganization, Role: own}), when: domain.ChangeScheme{Scheme: next, OrganizationRoles: mapping{"aid": "member"}}, by: "olga", then: then(events.SchemeChanged{Scheme: next.Scheme, OrganizationRoles: mapping{"aid": "member"}})},
	})
}

// TestEverythingMovesIntoTheNewScheme looks at what Evolve makes of a change.
func TestEverythingMovesIntoTheNewScheme(t *testing.T) {
	t.Parallel()
	to := into(func(s *events.Scheme) {
		s.Permissions.Project[2].Kind = ""
		s.Permissions.Organization = []events.Permission{{Key: "extra"}, s.Permissions.Organization[0]}
		for i := range s.ProjectRoles {
			s.ProjectRoles[i].Levels = events.Levels{}
		}
		s.Teams.Roles[0].Key = "paw"
		projectRole(s, "guide").OwnLevels, projectRole(s, "guide").Key = events.Instead, "scout"
		organizationRole(s, "member").OwnLevels, s.Teams.Inherit = events.OnTop, false
	})
	invited := events.MemberInvited{
		Invite: "i", Role: "helper", Address: "h", Levels: events.Levels{"people": "view", "money": "view"},
		Projects: []events.ProjectRole{{Project: "p", Role: "guide"}, {Project: "q", Role: "guest", Levels: events.Levels{"publish": "on"}}},
	}
	before := so(staff, created("q"), invited, team("core", ""), team("low", "core"), entered("low", "hal", "hand"), assigned("core", "q", "guide"),
		events.MemberLevelsChanged{Member: "hal", To: events.Levels{"people": "full", "money": "view"}},
		events.ProjectLevelsChanged{Project: "p", Member: "max", To: events.Levels{"text": "view", "publish": "on"}},
		events.OverrideSet{Project: "p", Member: "cleo", Permission: "publish", Level: "on"}, events.OverrideSet{Project: "p", Member: "cleo", Permission: "text", Level: "full"},
		events.MemberEndChanged{Member: "max", To: soon}, events.MemberDeactivated{Member: "mia"})
	org := stateAfter(so(before, events.SchemeChanged{Scheme: to.Scheme, OrganizationRoles: mapping{"helper": "member"}, ProjectRoles: mapping{"guide": "scout", "guest": "scout"}, TeamRoles: mapping{"hand": "paw"}})...)
	said := map[string]any{}
	hal, _ := org.Member("hal")
	max, _ := org.Member("max")
	grant, _ := max.Grant("p")
	invite, _ := org.Invite("i")
	q, _ := org.Project("q")
	assignment, _ := q.Assignment("core")
	low, _ := org.Team("low")
	place, _ := low.Member("hal")
	_, taken := org.Seats()
	said["hal"], said["hal's levels"] = hal.Role, hal.Levels()
	said["max on p"], said["max's levels"] = grant.Role, grant.Levels()
	said["invite"], said["invite's levels"] = invite.Role, invite.Levels
	for p := range invite.Projects() {
		said["invite to "+string(p.Project)], said["levels on "+string(p.Project)] = p.Role, p.Levels
	}
	said["assignment"], said["hal on q"] = assignment.Role, org.Access("hal", "q").Reason
	said["hal's people"] = org.InOrganization("hal").Level("people")
	said["cleo's text"], said["cleo's publish"] = org.Access("cleo", "p").Level("text"), org.Access("cleo", "p").Level("publish")
	said["seats"], said["hal in low"] = taken, place.Role
	want := map[string]any{
		"hal's people": events.Level("full"),
		"hal":          events.RoleKey("member"), "hal's levels": events.Levels{"people": "full"},
		"max on p": events.RoleKey("scout"), "max's levels": events.Levels{"text": "view"},
		"invite": events.RoleKey("member"), "invite's levels": events.Levels{"people": "view"},
		"invite to p": events.RoleKey("scout"), "levels on p": events.Levels(nil), "invite to q": events.RoleKey("scout"), "levels on q": events.Levels(nil),
		"assignment": events.RoleKey("scout"), "hal on q": domain.NotOnProject,
		"cleo's text": events.Level("full"), "cleo's publish": events.Level("none"),
		"seats": 6, "hal in low": events.RoleKey("paw"),
	}
	assert.Empty(t, cmp.Diff(want, said))
	assert.EqualValues(t, "guide", stateAfter(before...).Access("hal", "q").Role, "the role of hal on q before")
}
