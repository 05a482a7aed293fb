package conformance_test

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-2026d078/roster/events"
)

// describeScheme writes what a scheme says: its roles, what each of them may do, and
// its settings.
func describeScheme(w io.Writer, s events.Scheme) {
	fmt.Fprint(w, "### Roles of the organization\n\n")
	describeRoles(w, s.OrganizationRoles)
	describeLevels(w, s.Permissions.Organization, s.OrganizationRoles)
	fmt.Fprint(w, "### Roles on a project\n\n")
	describeRoles(w, s.ProjectRoles)
	describeLevels(w, s.Permissions.Project, s.ProjectRoles)
	fmt.Fprint(w, "### Settings\n\n| setting | here |\n| --- | --- |\n")
	for _, row := range settings(s) {
		fmt.Fprintf(w, "| %s | %s |\n", row[0], row[1])
	}
	fmt.Fprintln(w)
}

// describeRoles tells of roles, highest first, what their levels do not say.
func describeRoles(w io.Writer, roles []events.Role) {
	for _, role := range highestFirst(roles) {
		facts := strings.Join(facts(role), "; ")
		if facts != "" {
			facts = ": " + facts
		}
		fmt.Fprintf(w, "- `%s`, %s%s\n", role.Key, cmp.Or(role.Label, string(role.Key)), facts)
	}
	fmt.Fprintln(w)
}

func facts(role events.Role) []string {
	var all []string
	tell := func(true bool, format string, args ...any) {
		if true {
			all = append(all, fmt.Sprintf(format, args...))
		}
	}
	tell(role.AllProjects != "", "reaches every project as `%s`", role.AllProjects)
	tell(role.Bypass, "bypasses every level")
	tell(role.Protected, "nobody removes or changes who holds it")
	tell(role.AtLeast == 1, "the last holder stays")
	tell(role.AtLeast > 1, "at least %d stay", role.AtLeast)
	tell(role.OwnLevels == events.Instead, "each holder has levels of their own")
	tell(role.OwnLevels == events.OnTop, "each holder has what their grant lists besides")
	tell(role.DefaultProjectRole != "", "`%s` on projects by default", role.DefaultProjectRole)
	tell(len(role.HandedOutBy) > 0, "given and taken by %s alone", keys(role.HandedOutBy))
	tell(role.Default, "taken where no role is stated")
	return all
}

// describeLevels is a table of permissions by role.
func describeLevels(w io.Writer, catalogue []events.Permission, roles []events.Role) {
	roles = highestFirst(roles)
	fmt.Fprint(w, "| permission | |")
	for _, role := range roles {
		fmt.Fprintf(w, " `%s` |", role.Key)
	}
	fmt.Fprintf(w, "\n| --- | --- |%s\n", strings.Repeat(" --- |", len(roles)))
	for _, permission := range catalogue {
		fmt.Fprintf(w, "| %s | `%s` |", cmp.Or(permission.Label, string(permission.Key)), permission.Key)
		for _, role := range roles {
			fmt.Fprintf(w, " %s |", level(permission, role))
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w)
}

func level(permission events.Permission, role events.Role) string {
	lowest := events.Level("none")
	if permission.Kind == events.ByToggle {
		lowest = "off"
	}
	switch role.OwnLevels {
	case events.Instead:
		return "their own"
	case events.OnTop:
		return string(cmp.Or(role.Levels[permission.Key], lowest)) + " or their own"
	}
	return string(cmp.Or(role.Levels[permission.Key], lowest))
}

// settings are rows of what a scheme says besides its roles.
func settings(s events.Scheme) [][2]string {
	joining := []string{}
	if _, listed := s.Allow["add_member"]; listed {
		joining = append(joining, "at once")
	}
	if _, listed := s.Allow["invite_member"]; listed {
		joining = append(joining, fmt.Sprintf("by an invitation, good for %d days", s.InviteDays))
	}
	seen := "those who are on it"
	if s.ProjectsVisibleTo == events.ToOrganization {
		seen = "every member of the organization"
	}
	if all := s.Allow["see_all_projects"]; len(all.Organization) > 0 {
		seen += "; all of them, who has " + levelsText(all.Organization)
	}
	creator := "no role by that"
	if s.ProjectCreator != "" {
		creator = fmt.Sprintf("`%s`", s.ProjectCreator)
	}
	if s.CreatorProtected {
		creator += ", protected"
	}
	return [][2]string{
		{"joining the organization", strings.Join(joining, ", or ")},
		{"who sees that a project exists", seen},
		{"who creates a project has there", creator},
		{"teams", teams(s.Teams)},
		{"who gives more on a project than they have", delegations(s)},
		{"overrides of single permissions", overrides(s.Overrides)},
		{"roles of the organization's own", customRoles(s.CustomRoles)},
		{"public link", publicLink(s)},
		{"seats", seats(s.Seats)},
		{"notice of a role change", map[events.NoticeTime]string{
			"": "at once and at the next access", events.BothTimes: "at once and at the next access",
			events.AtOnce: "at once", events.AtNextAccess: "at the next access",
		}[s.RoleNotices.When]},
		{"broad access, in reports", fmt.Sprintf("full on at least %d%% of the permissions", cmp.Or(s.BroadAccess, 70))},
	}
}

// delegations tells who gives which levels of how many permissions.
func delegations(s events.Scheme) string {
	var words []string
	for _, d := range s.Delegations {
		who, where := levelsText(d.Who.Organization), "on every project"
		if who == "" {
			who, where = levelsText(d.Who.Project), "there"
		}
		words = append(words, fmt.Sprintf("%s gives %s %s with any level of %d of the %d permissions", who, keys(d.Roles), where, len(d.Permissions), len(s.Permissions.Project)))
	}
	return cmp.Or(strings.Join(words, "; "), "nobody")
}

func levelsText(levels events.Levels) string {
	var words []string
	for _, permission := range slices.Sorted(maps.Keys(levels)) {
		words = append(words, fmt.Sprintf("`%s` %s", permission, levels[permission]))
	}
	return strings.Join(words, " and ")
}

func teams(t events.Teams) string {
	if !t.On {
		return "none"
	}
	words := []string{"flat"}
	if t.Nested {
		words = []string{fmt.Sprintf("nested at most %d deep", t.Depth())}
	}
	if t.Inherit {
		words = append(words, "a child inherits what its parent is assigned to")
	}
	if t.Confer == events.MembersDefault {
		return strings.Join(append(words, "each member gets their default role on a project"), ", ")
	}
	return strings.Join(append(words, "each assignment states a role"), ", ")
}

func overrides(o events.Overrides) string {
	if !o.On {
		return "none"
	}
	return map[events.OverrideDirection]string{
		"": "to more or less than the role", events.RaiseAndLower: "to more or less than the role",
		events.RaiseOnly: "to more than the role", events.LowerOnly: "to less than the role",
	}[o.May]
}

func customRoles(c events.CustomRoles) string {
	var words []string
	for _, kind := range []struct {
		limit events.CustomLimit
		where string
	}{{c.Organization, "in the organization"}, {c.Project, "on projects"}} {
		if !kind.limit.Allowed {
			continue
		}
		if kind.limit.UpTo != "" {
			kind.where += fmt.Sprintf(", with no more than `%s`", kind.limit.UpTo)
		}
		words = append(words, kind.where)
	}
	return cmp.Or(strings.Join(words, "; "), "none")
}

func publicLink(s events.Scheme) string {
	if !s.PublicLink.Allowed {
		return "none"
	}
	var words []string
	for _, permission := range s.Permissions.Project {
		if level := s.PublicLink.Levels[permission.Key]; level != "" {
			words = append(words, fmt.Sprintf("%s: %s", permission.Label, level))
		}
	}
	return "whoever holds it has " + strings.Join(words, ", ")
}

func seats(s events.Seats) string {
	switch {
	case s.Limit == 0:
		return "as many as there are people"
	case s.InvitesHold:
		return fmt.Sprintf("%d, and a pending invitation holds one", s.Limit)
	}
	return strconv.Itoa(s.Limit)
}

func keys(roles []events.RoleKey) string {
	words := make([]string, len(roles))
	for i, role := range roles {
		words[i] = "`" + string(role) + "`"
	}
	return strings.Join(words, ", ")
}

func highestFirst(roles []events.Role) []events.Role {
	roles = slices.Clone(roles)
	slices.SortStableFunc(roles, func(a, b events.Role) int { return cmp.Compare(b.Rank, a.Rank) })
	return roles
}
