package importer

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed-2026d078/roster/client"
)

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
	if there.Status == "not_started" && !u.From.IsZero() && !there.From.Equal(u.From) {
		change("change_member_start", "from", u.From)
		u.note("start %s → %s", startOf(there.From), timeText(u.From))
	}
	if there.Status != "ended" && !u.Until.IsZero() && (there.Until == nil || !there.Until.Equal(u.Until)) {
		change("change_member_end", "until", u.Until)
		u.note("end %s → %s", endOf(there.Until), timeText(u.Until))
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
			u.note("on project %s end %s → %s", p.ID, endOf(grant.Until), timeText(p.Until))
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
func differences(there *client.Member, p Person) (differs []string) {
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
	return differs
}
