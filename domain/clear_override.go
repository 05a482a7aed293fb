package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// ClearOverride gives one permission of a person on a project back to their role.
type ClearOverride struct {
	Project    events.ProjectID
	Member     events.UserID
	Permission events.PermissionKey
}

// Decide lets those whom the scheme allows clear overrides of people whose role they
// may take. If that raises the level, it must not exceed the actor's own.
func (c ClearOverride) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	access, err := org.accessToOverride(m.Actor, ClearingOverride, c.Project, c.Member)
	if err != nil {
		return nil, err
	}
	if _, set := org.members.At(c.Member).Override(c.Project, c.Permission); !set {
		return nil, nil // already so
	}
	i := org.scheme.project.index(c.Permission)
	if plain := org.scheme.Resolve(slices.Clone(access.Sources), nil); m.Actor != events.System && i >= 0 && plain.levels[i] > access.levels[i] {
		_, own := org.rightsOn(m.Actor, c.Project)
		if own == nil || own[i] < plain.levels[i] {
			return nil, errTooMuch(c.Permission)
		}
	}
	return []events.Event{events.OverrideCleared{Project: c.Project, Member: c.Member, Permission: c.Permission}}, nil
}
