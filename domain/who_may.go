package domain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/phrase"
)

// notAllowed returns the refusal of an action. Many ask whether somebody may do something, and few read why not, so each is put in words once.
func (s *Scheme) notAllowed(action events.Action) *Rejection {
	if known, is := s.refusals.Load(action); is {
		return known.(*Rejection) //nolint:forcetypeassert // there are no others
	}
	refusal := s.refuse(action)
	s.refusals.Store(action, refusal)
	return refusal
}

func (s *Scheme) refuse(action events.Action) *Rejection {
	allowance, listed := s.Allow[action]
	_, invites := s.Allow[InvitingMember]
	if needs := infoOf(action).needs; needs != nil {
		if missing := needs(&s.Scheme); missing != "" {
			return ErrNotAllowed.Because("Nobody can %s here: in the organization's scheme %s.", action, missing)
		}
	}
	switch {
	case !listed && action == AddingMember && invites:
		return ErrNotAllowed.Because("People join by invitation here; invite them instead (%s).", InvitingMember)
	case !listed:
		return ErrNotAllowed.Because("The organization's scheme leaves %s to the system alone.", action)
	}
	return s.refuseByRole(action, allowance)
}

// refuseByRole refuses an action to somebody who meets none of the conditions of an allowance. It says what does, by the scheme alone: it
// names no people.
func (s *Scheme) refuseByRole(action events.Action, a events.Allowance) *Rejection {
	ways := slices.Concat(
		s.organization.waysTo(a.OrganizationRoles, a.Organization, "in the organization"),
		s.project.waysTo(a.ProjectRoles, a.Project, "on the project"),
	)
	if s.Overrides.On && s.Overrides.May != events.LowerOnly && len(a.Project) > 0 {
		ways = append(ways, fmt.Sprintf("an override on the project (%s)", formatLevels(a.Project)))
	}
	ways = slices.Concat(ways, s.team.waysTo(a.TeamRoles, nil, "in the team"))
	if len(ways) == 0 {
		return ErrNotAllowed.Because("Your role does not allow %s, and no other role does.", action)
	}
	who := "Your role does not allow"
	if s.organization.ownLevelsGive(a.Organization) || s.project.ownLevelsGive(a.Project) {
		who = "Your role and your own levels do not allow"
	}
	return ErrNotAllowed.Because("%s %s: it takes %s.", who, action, strings.Join(ways, ", or "))
}

// waysTo names what gives somebody one of the roles listed, or every level wanted: roles, lowest rank first, and levels of one's own.
func (r roleSet) waysTo(listed []events.RoleKey, wanted events.Levels, where string) (ways []string) {
	var roles []string
	for i := range r.roles {
		if key := r.roles[i].Key; slices.Contains(listed, key) || r.hasLevels(r.levelsOf(key, nil), wanted) {
			roles = append(roles, fmt.Sprintf("%q", key))
		}
	}
	if len(roles) > 0 {
		ways = append(ways, fmt.Sprintf("the role %s %s", phrase.Join(roles, " or "), where))
	}
	if r.ownLevelsGive(wanted) {
		ways = append(ways, fmt.Sprintf("levels of one's own %s (%s)", where, formatLevels(wanted)))
	}
	return ways
}

// ownLevelsGive reports whether levels are wanted, and holders of some role carry levels of their own.
func (r roleSet) ownLevelsGive(wanted events.Levels) bool {
	return len(wanted) > 0 && slices.ContainsFunc(r.roles, func(one role) bool { return one.OwnLevels != "" })
}
