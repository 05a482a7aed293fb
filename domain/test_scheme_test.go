package domain_test

import (
	"slices"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/scheme"
)

// testScheme is a scheme with some of everything that the built-in ones do not have.
const testScheme = `key: test
version: 1
permissions:
  organization: [{key: people}, {key: money}, {key: seal, kind: toggle}]
  project: [{key: text}, {key: people}, {key: publish, kind: toggle}]
organization_roles:
  - {key: owner, rank: 50, protected: true, at_least: 1, all_projects: lead, levels: {people: full, money: full, seal: on}}
  - {key: chief, rank: 40, bypass: true, all_projects: lead, at_least: 1}
  - {key: clerk, rank: 30, label: Clerk, levels: {people: full, money: view}}
  - {key: helper, rank: 20, own_levels: instead, levels: {people: view}}
  - {key: member, rank: 10, default: true}
project_roles:
  - {key: lead, rank: 40, at_least: 1, levels: {text: full, people: full, publish: on}}
  - {key: maker, rank: 30, levels: {text: full, people: none}}
  - {key: guide, rank: 20, levels: {text: view, people: full}}
  - {key: guest, rank: 10, default: true, own_levels: on_top}
teams:
  on: true
  nested: true
  inherit: true
  roles: [{key: hand, rank: 1, default: true}]
custom_roles: {organization: {allowed: true, up_to: clerk}, project: {allowed: true, up_to: maker}}
overrides: {on: true}
project_creator: lead
creator_protected: true
projects_visible_to: members
invite_days: 7
access_requests: {join: open, projects: open, days: 7}
elevation:
  organization:
    - {role: chief, max_hours: 8}
    - {role: clerk, from: [member], max_hours: 24, reason_required: true}
  project:
    - {role: maker, from: [guest], max_hours: 8}
    - {role: lead, max_hours: 4, approvers: {organization_roles: [chief]}}
public_link: {allowed: true, levels: {text: view}}
seats: {invites_hold: true}
allow:
  rename_organization: {organization: {people: full}}
  archive_organization: {organization_roles: [owner, chief]}
  restore_organization: {organization_roles: [owner, chief]}
  delete_organization: {organization_roles: [owner]}
  transfer_ownership: {anyone: true}
  change_scheme: {organization_roles: [owner, clerk]}
  change_seats: {organization: {money: full}}
  set_email_domain: {organization: {people: full}}
  verify_email_domain: {organization: {people: full}}
  remove_email_domain: {organization: {people: full}}
  change_access_requests: {organization: {people: full}}
  define_role: {organization: {people: full}}
  redefine_role: {organization: {people: full}}
  rename_role: {organization: {people: full}}
  retire_role: {organization: {people: full}}
  add_member: {organization: {people: full}}
  invite_member: {organization: {people: full}}
  revoke_invite: {organization: {people: full}}
  change_profile: {organization: {people: full}, self: true}
  change_member_role: {organization: {people: full}}
  change_member_levels: {organization: {people: full}}
  change_member_end: {organization: {people: full}}
  deactivate_member: {organization: {people: full}}
  reactivate_member: {organization: {people: full}}
  remove_member: {organization: {people: full}, self: true}
  attest_access: {organization: {people: full}, project: {people: full}}
  create_project: {anyone: true}
  rename_project: {project: {text: full}}
  describe_project: {project: {text: full}}
  archive_project: {project: {people: full}}
  restore_project: {project: {people: full}}
  delete_project: {project: {people: full}}
  take_over_project: {organization: {people: full}}
  turn_on_public_link: {project: {text: full}}
  rotate_public_link: {project: {text: full}}
  turn_off_public_link: {project: {text: full}}
  add_project_member: {project: {people: full}}
  change_project_member_role: {project: {people: full}}
  change_project_member_levels: {project: {people: full}}
  change_project_member_end: {project: {people: full}}
  remove_project_member: {project: {people: full}, self: true}
  set_override: {project: {people: full}}
  clear_override: {project: {people: full}}
  create_team: {anyone: true}
  colour_team: {organization: {people: full}, team_roles: [hand]}
  add_team_member: {anyone: true}
  remove_team_member: {anyone: true}
  move_team: {anyone: true}
  remove_team: {anyone: true}
  assign_team: {project: {people: full}}
  change_assignment: {project: {people: full}}
  change_assignment_end: {project: {people: full}}
  unassign_team: {project: {people: full}}
  see_teams: {anyone: true}
`

func mustParse(text string) *domain.Scheme { //nolint:unparam // tables say what they parse
	s, err := scheme.Parse("test.yaml", []byte(text))
	if err != nil {
		panic(err)
	}
	return s
}

// organizationRole finds a role of the organization in a scheme, to change it.
func organizationRole(s *events.Scheme, key events.RoleKey) *events.Role {
	return &s.OrganizationRoles[slices.IndexFunc(s.OrganizationRoles, func(r events.Role) bool { return r.Key == key })]
}

// projectRole finds a project role in a scheme, to change it.
func projectRole(s *events.Scheme, key events.RoleKey) *events.Role {
	return &s.ProjectRoles[slices.IndexFunc(s.ProjectRoles, func(r events.Role) bool { return r.Key == key })]
}

// opened is an organization under testScheme, changed to taste.
func opened(changes ...func(*events.Scheme)) events.Event {
	s := mustParse(testScheme).Scheme
	for _, change := range changes {
		change(&s)
	}
	return events.OrganizationCreated{Name: "Acme", Scheme: s}
}

// staff are the people of an organization under testScheme: olga owns it, chip bypasses everything, cleo is a
// clerk, hal a helper who sees people, max and mia are members. On p mia, who created
// it, leads, cleo guides, and max is a guest.
var staff = staffed()

func staffed(changes ...func(*events.Scheme)) []events.Event {
	return given(opened(changes...), joined("olga", "owner"), joined("chip", "chief"), joined("cleo", "clerk"),
		events.MemberJoined{Member: "hal", Role: "helper", Levels: events.Levels{"people": "view"}},
		joined("max", "member"), joined("mia", "member"),
		created("p"), creator("p", "mia", "lead"), granted("p", "cleo", "guide"), granted("p", "max", "guest"))
}

// so is what happened, and then more.
func so(happened []events.Event, more ...events.Event) []events.Event {
	return slices.Concat(happened, more)
}

// soon is a day from now, past is just now.
var (
	soon = noon.Add(24 * time.Hour)
	past = noon
)
