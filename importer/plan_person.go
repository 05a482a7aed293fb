package importer

import (
	"context"
	"fmt"
	"strings"

	"github.com/seed-2026d078/roster/internal/mailbox"
)

// plan finds out what is to be done with a person. A [*rowError] says what is wrong.
func (imp *peopleImport) plan(ctx context.Context, u *personPlan) error {
	u.missing = map[string]map[string]any{}
	var err error
	if u.Role, err = findRole(imp.known.organizationRoles, u.Role, imp.options.Roles); err != nil {
		return err
	}
	if err := imp.resolve(u, u.Teams, "team", imp.known.teams, imp.known.teamRoles); err != nil {
		return err
	}
	if err := imp.resolve(u, u.Projects, "project", imp.known.projects, imp.known.projectRoles); err != nil {
		return err
	}
	there := imp.known.member(u.Person)
	_, invited := imp.known.invited[mailbox.Key(u.Email)]
	invited = invited && u.User == ""
	if there == nil && !invited {
		if u.User == "" {
			return u.planInvite()
		}
		u.planMember(imp.known)
		return nil
	}
	already := "a member already"
	if invited {
		already = "invited already"
	}
	switch {
	case imp.options.Existing == Refuse:
		return rowErrorf("%s", already)
	case imp.options.Existing == Update && !invited:
		return imp.planUpdate(ctx, u, there)
	}
	u.result, u.missing = Skipped, nil
	if !invited {
		if differs := differences(there, u.Person); differs != nil {
			already += ", " + strings.Join(differs, ", ")
			u.option = "Existing"
		}
	}
	u.note("%s", already)
	return nil
}

// resolve replaces what a person names by ids, and roles by their keys.
func (imp *peopleImport) resolve(u *personPlan, memberships []Membership, kind string, known names, roles []role) error {
	for i := range memberships {
		m := &memberships[i]
		var err error
		if m.Role, err = findRole(roles, m.Role, imp.options.Roles); err != nil {
			return err
		}
		found := known.find(m.ID)
		switch {
		case len(found) == 1:
			m.ID = found[0]
		case len(found) > 1:
			return rowErrorf("several %[1]ss have the name %[2]q: name one by its id, %[3]s", kind, m.ID, strings.Join(found, " or "))
		case !imp.options.Create:
			return &rowError{"Create", fmt.Sprintf("there is no %s %q", kind, m.ID)}
		case kind == "team":
			u.missing["team "+m.ID] = map[string]any{"type": "create_team", "id": m.ID, "name": m.ID}
		default:
			u.missing["project "+m.ID] = map[string]any{"type": "create_project", "id": m.ID}
		}
	}
	return nil
}

// planInvite invites an address.
func (u *personPlan) planInvite() error {
	command := map[string]any{"type": "invite_member", "email": u.Email}
	put(command, "role", u.Role)
	putTerm(command, u.From, u.Until)
	var projects []map[string]any
	for _, p := range u.Projects {
		project := map[string]any{"project": p.ID}
		put(project, "role", p.Role)
		projects = append(projects, project)
	}
	if projects != nil {
		command["projects"] = projects
	}
	var teams []map[string]any
	for _, t := range u.Teams {
		team := map[string]any{"team": t.ID}
		put(team, "role", t.Role)
		teams = append(teams, team)
	}
	if teams != nil {
		command["teams"] = teams
	}
	u.commands, u.result = []map[string]any{command}, Invited
	if u.Name != "" || u.Login != "" || u.ExternalID != "" {
		u.note("an invite holds no name, login or external id: whoever accepts says them")
	}
	return nil
}

// planMember makes somebody a member, with teams and projects.
func (u *personPlan) planMember(known *directory) {
	command := map[string]any{"type": "add_member", "user": u.User}
	put(command, "role", u.Role)
	put(command, "name", u.Name)
	put(command, "login", u.Login)
	put(command, "email", u.Email)
	put(command, "external_id", u.ExternalID)
	putTerm(command, u.From, u.Until)
	u.commands, u.result = append(u.commands, command), Added
	for _, t := range u.Teams {
		u.addToTeam(u.User, t)
	}
	for _, p := range u.Projects {
		u.addToProject(u.User, p)
	}
	if other := known.byFold[strings.ToLower(u.User)]; other != "" {
		u.note("differs only in case from the member %s", other)
	}
}
