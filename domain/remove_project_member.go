package domain

import "github.com/seed-2026d078/roster/events"

// RemoveProjectMember ends a direct grant; the membership of the organization, and
// access through teams, remain.
type RemoveProjectMember struct {
	Project events.ProjectID
	Member  events.UserID
}

// Decide lets people leave, and those whom the scheme allows remove members whose
// role they may take, as long as the project keeps its owners.
func (c RemoveProjectMember) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if _, err := org.grantToChange(m.Actor, RemovingProjectMember, c.Project, c.Member); err != nil {
		return nil, err
	}
	happened := []events.Event{events.ProjectMemberRemoved{Project: c.Project, Member: c.Member}}
	happened = append(happened, org.afterEvents(m, happened).clearOldOverrides(c.Project, c.Member)...)
	return org.withHoldersKept(m, happened...)
}

// clearOldOverrides returns the events that clear the overrides of somebody who has no
// source of access to a project any more. Otherwise the overrides would apply again
// when the person comes back.
func (o Organization) clearOldOverrides(id events.ProjectID, user events.UserID) (happened []events.Event) {
	if o.hasSource(user, id) {
		return nil
	}
	for _, override := range o.members.At(user).overridesOn(id) {
		happened = append(happened, events.OverrideCleared{Project: id, Member: user, Permission: override.Permission})
	}
	return happened
}
