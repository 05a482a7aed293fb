package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// validate finds what a scheme says twice, or says of something that it lacks.
func validate(s events.Scheme) error {
	switch {
	case s.Key == "":
		return ErrBadScheme.because("A scheme has a key.")
	case s.Version < 1:
		return ErrBadScheme.because("A scheme has a version of 1 or more.")
	case s.ProjectsVisibleTo != events.ToMembers && s.ProjectsVisibleTo != events.ToOrganization:
		return ErrBadScheme.because("projects_visible_to is %q; it is %q or %q.", s.ProjectsVisibleTo, events.ToMembers, events.ToOrganization)
	case s.InviteDays < 0:
		return ErrBadScheme.because("invite_days is %d; it is 0 for no end, or more.", s.InviteDays)
	}
	v := validator{newScheme(s), nil}
	v.roles("organization_roles", s.OrganizationRoles, v.organization)
	v.roles("project_roles", s.ProjectRoles, v.project)
	if s.Teams.On {
		v.roles("teams.roles", s.Teams.Roles, v.team)
	}
	for _, r := range s.OrganizationRoles {
		if r.AllProjects != "" {
			v.known("organization_roles."+string(r.Key)+".all_projects", []events.RoleKey{r.AllProjects}, v.project)
		}
	}
	if s.ProjectCreator != "" {
		v.known("project_creator", []events.RoleKey{s.ProjectCreator}, v.project)
	}
	for action, a := range s.Allow {
		where := "allow." + string(action)
		if !slices.Contains(Actions(), action) {
			v.fail("%s: there is no such action; there are %s.", where, Actions())
		}
		v.known(where+".organization_roles", a.OrganizationRoles, v.organization)
		v.known(where+".project_roles", a.ProjectRoles, v.project)
		v.known(where+".team_roles", a.TeamRoles, v.team)
		v.levels(where+".organization", a.Organization, v.organization)
		v.levels(where+".project", a.Project, v.project)
	}
	if v.err != nil {
		return v.err
	}
	return nil
}

// validator keeps the first thing found wrong.
type validator struct {
	*Scheme
	err *Rejection
}

func (v *validator) fail(format string, args ...any) {
	if v.err == nil {
		v.err = ErrBadScheme.because(format, args...)
	}
}

func (v *validator) roles(where string, list []events.Role, r ranking) {
	if len(list) == 0 {
		v.fail("%s: there is no role.", where)
	}
	defaults := 0
	for i, role := range list {
		if role.Key == "" {
			v.fail("%s: a role has a key.", where)
		}
		if slices.ContainsFunc(list[:i], func(other events.Role) bool { return other.Key == role.Key }) {
			v.fail("%s: the key %q stands twice.", where, role.Key)
		}
		if role.Default {
			defaults++
		}
		if role.AtLeast < 0 {
			v.fail("%s.%s: at_least is 0 or more.", where, role.Key)
		}
		v.known(where+"."+string(role.Key)+".handed_out_by", role.HandedOutBy, r)
		v.levels(where+"."+string(role.Key)+".levels", role.Levels, r)
	}
	if defaults > 1 {
		v.fail("%s: more than one role is the default.", where)
	}
}

func (v *validator) known(where string, keys []events.RoleKey, r ranking) {
	for _, key := range keys {
		if r.find(key) == nil {
			v.fail("%s: there is no role %q; there are %s.", where, key, r.names())
		}
	}
}

func (v *validator) levels(where string, levels map[events.PermissionKey]events.Level, r ranking) {
	for permission, level := range levels {
		i := r.index(permission)
		if i < 0 {
			v.fail("%s: there is no permission %q.", where, permission)
			continue
		}
		if !slices.Contains(levelsOf(r.catalogue[i].Kind), level) {
			v.fail("%s.%s: there is no level %q; there are %s.", where, permission, level, levelsOf(r.catalogue[i].Kind))
		}
	}
}

func levelsOf(kind events.PermissionKind) []events.Level {
	if kind == events.ByToggle {
		return []events.Level{"off", "on"}
	}
	return []events.Level{"none", "view", "full"}
}
