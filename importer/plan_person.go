package importer

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/seed-2026d078/roster/client"
)

// rowError is what is wrong with one person.
type rowError struct{ text string }

func (e *rowError) Error() string { return e.text }

func rowErrorf(format string, args ...any) error { return &rowError{fmt.Sprintf(format, args...)} }

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
	_, invited := imp.known.invited[strings.ToLower(u.Email)]
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
		already += differences(there, u.Person)
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
			return rowErrorf("there is no %[1]s %[2]q: create it, or all that are not there with --create", kind, m.ID)
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
	if len(u.Teams) > 0 {
		return rowErrorf("an invite holds no teams: name the user, or leave the teams out")
	}
	command := map[string]any{"type": "invite_member", "email": u.Email}
	put(command, "role", u.Role)
	putUntil(command, u.Until)
	var projects []map[string]any
	for _, p := range u.Projects {
		project := map[string]any{"project": p.ID}
		put(project, "role", p.Role)
		projects = append(projects, project)
	}
	if projects != nil {
		command["projects"] = projects
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
	putUntil(command, u.Until)
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

func (u *personPlan) addToTeam(user string, t Membership) {
	add := map[string]any{"type": "add_team_member", "team": t.ID, "user": user}
	put(add, "role", t.Role)
	u.commands = append(u.commands, add)
}

func (u *personPlan) addToProject(user string, p Membership) {
	add := map[string]any{"type": "add_project_member", "project": p.ID, "user": user}
	put(add, "role", p.Role)
	putUntil(add, p.Until)
	u.commands = append(u.commands, add)
}

// planUpdate makes a member what the file says of them; what it does not say stays, and so does
// that a membership has ended or is deactivated. It notes every change.
func (imp *peopleImport) planUpdate(ctx context.Context, u *personPlan, there *client.Member) error {
	u.User = there.User
	change := func(kind string, fields ...any) map[string]any {
		command := map[string]any{"type": kind, "user": u.User}
		for i := 0; i < len(fields); i += 2 {
			command[fields[i].(string)] = fields[i+1] //nolint:forcetypeassert // they are names and values
		}
		u.commands = append(u.commands, command)
		return command
	}
	if there.Status != "ended" && !u.Until.IsZero() && (there.Until == nil || !there.Until.Equal(u.Until)) {
		change("change_member_end", "until", u.Until)
		u.note("end %s → %s", endOf(there.Until), endText(u.Until))
	}
	if u.Role != "" && u.Role != there.Role {
		change("change_member_role", "role", u.Role)
		u.note("role %s → %s", there.Role, u.Role)
	}
	if u.ExternalID != "" { // lists leave it out
		whole, err := imp.client.GetMember(ctx, imp.org, u.User, client.GetMemberQuery{})
		if err != nil {
			return err
		}
		there.ExternalID = whole.ExternalID
	}
	if profile := changedProfile(there, u.Person); len(profile) > 0 {
		command := change("change_profile")
		for _, field := range slices.Sorted(maps.Keys(profile)) {
			command[field] = profile[field]
			u.note("%s", strings.ReplaceAll(field, "_", " "))
		}
	}
	for _, t := range u.Teams {
		role, err := imp.currentTeamRole(ctx, u, t)
		switch {
		case err != nil:
			return err
		case role == "":
			u.addToTeam(u.User, t)
			u.note("into team %s%s", t.ID, asRole(t.Role))
		case t.Role != "" && t.Role != role:
			change("change_team_member_role", "team", t.ID, "role", t.Role)
			u.note("in team %s %s → %s", t.ID, role, t.Role)
		}
	}
	for _, p := range u.Projects {
		grant, err := imp.currentGrant(ctx, u, p)
		if err != nil {
			return err
		}
		if grant.Role == "" {
			u.addToProject(u.User, p)
			u.note("onto project %s%s", p.ID, asRole(p.Role))
			continue
		}
		if p.Role != "" && p.Role != grant.Role {
			change("change_project_member_role", "project", p.ID, "role", p.Role)
			u.note("on project %s %s → %s", p.ID, grant.Role, p.Role)
		}
		if !p.Until.IsZero() && (grant.Until == nil || !grant.Until.Equal(p.Until)) {
			change("change_project_member_end", "project", p.ID, "until", p.Until)
			u.note("on project %s end %s → %s", p.ID, endOf(grant.Until), endText(p.Until))
		}
	}
	u.result = Updated
	if len(u.commands) == 0 {
		u.result, u.missing = Unchanged, nil
	}
	switch there.Status {
	case "deactivated":
		u.note("deactivated, and stays so")
	case "ended":
		u.note("the membership ended %s, and stays so", endOf(there.Until))
	}
	return nil
}

// endText writes an end as a date where it is the beginning of a day.
func endText(at time.Time) string {
	return strings.TrimSuffix(at.UTC().Format(time.RFC3339), "T00:00:00Z")
}

// endOf writes an end that there may be.
func endOf(at *time.Time) string {
	if at == nil {
		return "never"
	}
	return endText(*at)
}

// asRole names a role; an empty one is the default, which needs no word.
func asRole(role string) string {
	if role == "" {
		return ""
	}
	return " as " + role
}

func (imp *peopleImport) currentTeamRole(ctx context.Context, u *personPlan, t Membership) (string, error) {
	if u.missing["team "+t.ID] != nil {
		return "", nil
	}
	return imp.known.roleInTeam(ctx, t.ID, u.User)
}

func (imp *peopleImport) currentGrant(ctx context.Context, u *personPlan, p Membership) (client.Source, error) {
	if u.missing["project "+p.ID] != nil {
		return client.Source{}, nil
	}
	return imp.known.grant(ctx, p.ID, u.User)
}

// changedProfile returns the texts of a profile that the file has otherwise. Addresses that
// differ only in case are one.
func changedProfile(there *client.Member, p Person) map[string]string {
	changed := map[string]string{}
	for _, f := range []struct{ field, had, has string }{
		{"name", there.Name, p.Name},
		{"email", there.Email, p.Email},
		{"external_id", there.ExternalID, p.ExternalID},
		{"login", cmp.Or(there.Login, there.User), p.Login},
	} {
		if f.has != "" && f.has != f.had && (f.field != "email" || !strings.EqualFold(f.has, f.had)) {
			changed[f.field] = f.has
		}
	}
	return changed
}

// differences names what the file has otherwise than a member who is skipped.
func differences(there *client.Member, p Person) string {
	var differs []string
	if p.Role != "" && p.Role != there.Role {
		differs = append(differs, fmt.Sprintf("as %s", there.Role))
	}
	profile := changedProfile(there, p)
	for _, field := range []string{"name", "email", "login"} {
		if profile[field] != "" {
			differs = append(differs, "with another "+field)
		}
	}
	if there.Status != "active" {
		differs = append(differs, there.Status)
	}
	if differs == nil {
		return ""
	}
	return ", " + strings.Join(differs, ", ") + "; --existing update changes what the file says"
}

func put(command map[string]any, field, text string) {
	if text != "" {
		command[field] = text
	}
}

func putUntil(command map[string]any, at time.Time) {
	if !at.IsZero() {
		command["until"] = at
	}
}
