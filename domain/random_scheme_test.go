package domain_test

import (
	"math/bits"
	"slices"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/scheme"
)

// below draws a number from 0, each about as often; those of rapid lean to the first.
func below(t *rapid.T, n int) int {
	drawn := 0
	for range bits.Len(uint(n - 1)) {
		drawn *= 2
		if bit.Draw(t, "bit") {
			drawn++
		}
	}
	return drawn % n
}

var bit = rapid.Bool()

// chance draws true about once in so many times.
func chance(t *rapid.T, in int) bool { return below(t, in) == in-1 }

func one[E any](t *rapid.T, of ...E) E { return of[below(t, len(of))] }

// some draws elements of a list, one at least.
func some[E any](t *rapid.T, of []E) []E {
	first := below(t, len(of))
	chosen := []E{of[first]}
	for i, element := range of {
		if i != first && chance(t, 3) {
			chosen = append(chosen, element)
		}
	}
	return chosen
}

// anyScheme draws rules that make sense, which [TestRandomSchemesAreValid] holds: to have each file validated takes most of the time of
// short histories.
var anyScheme = rapid.Custom(func(t *rapid.T) *domain.Scheme {
	var definition events.Scheme
	require.NoError(t, json.Unmarshal(anySchemeFile.Draw(t, "file"), &definition))
	return domain.NewScheme(definition)
})

// anySchemeFile draws the file of a scheme.
var anySchemeFile = rapid.Custom(func(t *rapid.T) []byte {
	d := drawing{T: t}
	text, err := json.Marshal(d.scheme())
	require.NoError(t, err)
	return text
})

// TestRandomSchemesAreValid has random schemes read as a file is, so that histories follow rules that could be in force.
func TestRandomSchemesAreValid(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := anySchemeFile.Draw(t, "file")
		s, err := scheme.Parse("random.yaml", text)
		require.NoError(t, err, "%s", text)
		again, err := json.Marshal(s.Scheme, json.Deterministic(true))
		require.NoError(t, err)
		require.JSONEq(t, string(text), string(again), "what is read differs from what was drawn")
	})
}

// drawing is a scheme as far as it has been drawn.
type drawing struct {
	*rapid.T
	s events.Scheme
}

func (d *drawing) scheme() events.Scheme {
	d.s = events.Scheme{Key: "random", Version: 1, ProjectsVisibleTo: one(d.T, events.ToMembers, events.ToOrganization)}
	d.s.Permissions.Organization = d.permissions("people", "money")
	d.s.Permissions.Project = d.permissions("text", "things")
	d.projectRoles()
	d.organizationRoles()
	d.teams()
	if d.s.Overrides.On = chance(d.T, 2); d.s.Overrides.On {
		d.s.Overrides.May = one(d.T, "", events.RaiseAndLower, events.RaiseOnly, events.LowerOnly)
	}
	if chance(d.T, 2) {
		d.s.ProjectCreator = one(d.T, d.s.ProjectRoles...).Key
		d.s.CreatorProtected = chance(d.T, 2)
	}
	d.s.CustomRoles = events.CustomRoles{Organization: d.customLimit(d.s.OrganizationRoles), Project: d.customLimit(d.s.ProjectRoles)}
	d.s.InviteDays = one(d.T, 0, 1, 2)
	if chance(d.T, 2) {
		d.s.AccessRequests = events.AccessRequests{
			Join: one(d.T, "", events.OpenIntake, events.ClosedIntake), Projects: one(d.T, events.OpenIntake, events.ClosedIntake), Days: below(d.T, 3),
		}
	}
	if !chance(d.T, 4) {
		d.s.Elevation = events.Elevation{Organization: d.elevation(d.s.OrganizationRoles), Project: d.elevation(d.s.ProjectRoles)}
	}
	if chance(d.T, 2) {
		opened := one(d.T, d.s.Permissions.Project...)
		d.s.PublicLink = events.PublicLink{Allowed: true, Levels: events.Levels{opened.Key: d.level(opened, 1)}}
	}
	if chance(d.T, 3) {
		d.s.Seats = events.Seats{Limit: 1 + below(d.T, 4), InvitesHold: chance(d.T, 2)}
	}
	d.allow()
	for range one(d.T, 0, 0, 1, 2) {
		if d.s.Teams.On {
			break
		}
		delegation := events.Delegation{Who: d.allowance(), Roles: keysOf(some(d.T, d.s.ProjectRoles))}
		if chance(d.T, 2) {
			delegation.Who.Anyone, delegation.Who.OrganizationRoles = false, keysOf(some(d.T, d.s.OrganizationRoles))
		}
		for _, p := range some(d.T, d.s.Permissions.Project) {
			delegation.Permissions = append(delegation.Permissions, p.Key)
		}
		d.s.Delegations = append(d.s.Delegations, delegation)
	}
	return d.s
}

func (d *drawing) permissions(keys ...events.PermissionKey) []events.Permission {
	var list []events.Permission
	for _, key := range keys[:1+below(d.T, len(keys))] {
		list = append(list, events.Permission{Key: key, Kind: one(d.T, "", events.ByToggle)})
	}
	return list
}

// level draws one of the levels of a permission, the lowest of which is 0.
func (d *drawing) level(p events.Permission, least int) events.Level {
	if p.Kind == events.ByToggle {
		return []events.Level{"off", "on"}[least+below(d.T, 2-least)]
	}
	return []events.Level{"none", "view", "full"}[least+below(d.T, 3-least)]
}

func (d *drawing) levels(catalogue []events.Permission) events.Levels {
	levels := events.Levels{}
	for _, p := range catalogue {
		levels[p.Key] = d.level(p, 0)
	}
	return levels
}

func (d *drawing) projectRoles() {
	ranks := one(d.T, []int{4, 3, 2, 1}, []int{1, 2, 3, 4}, []int{2, 4, 1, 3}, []int{3, 2, 4, 1})
	keys := []events.RoleKey{"lead", "maker", "guest", "visitor"}
	for i, key := range keys[:1+below(d.T, 4)] {
		d.s.ProjectRoles = append(d.s.ProjectRoles, events.Role{
			Key: key, Rank: ranks[i], Levels: d.levels(d.s.Permissions.Project),
			OwnLevels: one(d.T, "", "", events.Instead, events.OnTop), AtLeast: one(d.T, 0, 0, 1, 2),
		})
	}
	d.finish(d.s.ProjectRoles)
}

func (d *drawing) organizationRoles() {
	keys := []events.RoleKey{"owner", "keeper", "helper", "member"}
	top := below(d.T, 4)
	for i, key := range keys[:top+1+below(d.T, 4-top)] {
		role := events.Role{
			Key: key, Rank: 1 + below(d.T, 4), Levels: d.levels(d.s.Permissions.Organization),
			OwnLevels: one(d.T, "", "", events.Instead, events.OnTop), AtLeast: one(d.T, 0, 0, 1, 2), Protected: chance(d.T, 8),
		}
		if i == top {
			role.Rank = 5
		}
		if chance(d.T, 3) {
			role.AllProjects = one(d.T, d.s.ProjectRoles...).Key
			if chance(d.T, 2) {
				role.Bypass, role.OwnLevels = true, ""
			}
		}
		if chance(d.T, 2) {
			role.DefaultProjectRole = one(d.T, d.s.ProjectRoles...).Key
		}
		if role.Protected && role.AtLeast == 0 {
			role.AtLeast = 1
		}
		d.s.OrganizationRoles = append(d.s.OrganizationRoles, role)
	}
	d.finish(d.s.OrganizationRoles)
}

// finish draws what roles of a kind say of each other.
func (d *drawing) finish(list []events.Role) {
	if !chance(d.T, 4) {
		list[below(d.T, len(list))].Default = true
	}
	for i := range list {
		if !chance(d.T, 4) {
			continue
		}
		var hands []events.RoleKey
		for _, role := range list {
			if role.Rank >= list[i].Rank {
				hands = append(hands, role.Key)
			}
		}
		list[i].HandedOutBy = some(d.T, hands)
	}
}

// elevation draws which roles can be asked for, for a time; none where there is one role alone.
func (d *drawing) elevation(list []events.Role) (rules []events.ElevationRule) {
	for _, role := range list {
		var lower []events.RoleKey
		for _, r := range list {
			if r.Rank < role.Rank {
				lower = append(lower, r.Key)
			}
		}
		if len(lower) == 0 || role.Protected || chance(d.T, 3) {
			continue
		}
		rule := events.ElevationRule{Role: role.Key, MaxHours: one(d.T, 1, 8, 90), ReasonRequired: chance(d.T, 4)}
		if chance(d.T, 3) {
			rule.From = some(d.T, lower)
		}
		if chance(d.T, 3) {
			rule.Approvers = new(d.allowance())
		}
		rules = append(rules, rule)
	}
	return rules
}

func (d *drawing) teams() {
	if chance(d.T, 4) {
		return
	}
	d.s.Teams = events.Teams{On: true, Nested: !chance(d.T, 3), Roles: []events.Role{{Key: "hand", Rank: 1, Default: true}}}
	d.s.Teams.Inherit = d.s.Teams.Nested && !chance(d.T, 3)
	if chance(d.T, 2) {
		d.s.Teams.Roles = append(d.s.Teams.Roles, events.Role{Key: "head", Rank: 2})
	}
	if chance(d.T, 2) {
		return
	}
	d.s.Teams.Confer = events.MembersDefault
	if !slices.ContainsFunc(d.s.ProjectRoles, func(r events.Role) bool { return r.Default }) {
		d.s.ProjectRoles[0].Default = true
	}
}

func (d *drawing) customLimit(list []events.Role) events.CustomLimit {
	switch below(d.T, 4) {
	case 0, 1:
		return events.CustomLimit{Allowed: true}
	case 2:
		return events.CustomLimit{Allowed: true, UpTo: one(d.T, list...).Key}
	}
	return events.CustomLimit{}
}

// allow draws who may do what, generously: what is refused anyway tells nothing.
func (d *drawing) allow() {
	d.s.Allow = map[events.Action]events.Allowance{}
	for _, action := range domain.Actions() {
		if !chance(d.T, 12) && domain.MissingFor(action, &d.s) == "" {
			d.s.Allow[action] = d.allowance()
		}
	}
}

func (d *drawing) allowance() (a events.Allowance) {
	for range 1 + below(d.T, 2) {
		switch below(d.T, 8) {
		case 0, 1, 7:
			a.Anyone = true
		case 2:
			a.Self = true
		case 3:
			a.OrganizationRoles = keysOf(some(d.T, d.s.OrganizationRoles))
		case 4:
			wanted := one(d.T, d.s.Permissions.Organization...)
			a.Organization = events.Levels{wanted.Key: d.level(wanted, 1)}
		case 5:
			wanted := one(d.T, d.s.Permissions.Project...)
			a.Project = events.Levels{wanted.Key: d.level(wanted, 1)}
			a.ProjectRoles = keysOf(some(d.T, d.s.ProjectRoles))
		case 6:
			if a.Anyone = !d.s.Teams.On; d.s.Teams.On {
				a.TeamRoles = keysOf(some(d.T, d.s.Teams.Roles))
			}
		}
	}
	return a
}

func keysOf(list []events.Role) []events.RoleKey {
	var keys []events.RoleKey
	for _, role := range list {
		keys = append(keys, role.Key)
	}
	return keys
}
