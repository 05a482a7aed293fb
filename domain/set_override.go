package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// SetOverride sets one permission of a person on a project beside their role,
// however they came to it.
type SetOverride struct {
	Project    events.ProjectID
	Member     events.UserID
	Permission events.PermissionKey
	Level      events.Level
}

// Decide lets those whom the scheme allows override permissions of people on the
// project whose role they may take, upwards to no more than they have themselves, and
// as long as the override does something.
func (c SetOverride) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	access, err := org.accessToOverride(m.Actor, SettingOverride, c.Project, c.Member)
	if err != nil {
		return nil, err
	}
	if err := org.scheme.project.validateLevel(c.Permission, c.Level); err != nil {
		return nil, err
	}
	if set, ok := org.members.At(c.Member).Override(c.Project, c.Permission); ok && set.Level == c.Level {
		return nil, nil // already so
	}
	i, wanted := org.scheme.project.index(c.Permission), parseLevel(c.Level)
	plain := org.scheme.Resolve(slices.Clone(access.Sources), nil)
	if org.scheme.applyOverride(plain.levels[i], wanted) != wanted {
		return nil, ErrOverrideDirection.Because("The organization's scheme lets overrides only %s a level, and the role gives %s %s.",
			org.scheme.Overrides.May, c.Permission, plain.levelAt(i))
	}
	if m.Actor != events.System && wanted > access.levels[i] {
		_, own := org.rightsOn(m.Actor, c.Project)
		if own == nil || own[i] < wanted {
			return nil, errTooMuch(c.Permission)
		}
	}
	return []events.Event{events.OverrideSet{Project: c.Project, Member: c.Member, Permission: c.Permission, Level: c.Level}}, nil
}

// accessToOverride authorizes an override and returns the access to which it applies.
// It fails if the person is protected, ranks above the actor, or has a role that
// bypasses levels.
func (o Organization) accessToOverride(actor events.UserID, action events.Action, id events.ProjectID, user events.UserID) (Access, error) {
	if err := o.Authorize(actor, action, About{Project: id, Member: user}); err != nil {
		return Access{}, err
	}
	if !o.scheme.Overrides.On {
		return Access{}, ErrOverridesOff
	}
	access, _ := o.accessBeforeArchiving(user, id)
	if len(access.Sources) == 0 {
		return Access{}, notOnProject(user)
	}
	if err := o.requireUnprotectedOn(id, actor, user); err != nil {
		return Access{}, err
	}
	if slices.ContainsFunc(access.Sources, func(s Source) bool { return s.Bypass }) {
		return Access{}, ErrBypasses
	}
	return access, o.mayTakeOn(id, actor, access.Role)
}
