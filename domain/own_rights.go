package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// decideAs decides a command by all that the actor holds. What somebody changes about themselves, or about the rules, they change by what
// they hold without an elevation: nobody keeps by an elevation what ends with it.
func (o Organization) decideAs(c Command, m events.Moment) ([]events.Event, error) {
	happened, err := c.Decide(o, m)
	if err != nil || !o.Exists() || !o.members.At(m.Actor).isElevated() || !o.changesOwn(m.Actor, happened) {
		return happened, err
	}
	own, err := c.Decide(o.withoutElevationsOf(m.Actor), m)
	if err != nil {
		return nil, ErrOnlyElevated.Because("What you have yourself, and the rules, you change only as far as you may without your elevation: %s", err)
	}
	return own, nil
}

// changesOwn reports whether one of the events is about what somebody has themselves, by a team of theirs included, or about the rules.
func (o Organization) changesOwn(actor events.UserID, happened []events.Event) bool {
	return slices.ContainsFunc(happened, func(e events.Event) bool {
		switch e.(type) { //nolint:gochecksumtype // the others are about people, teams and projects
		case events.SchemeChanged, events.RoleRedefined, events.EmailDomainSet: // who leaves may come back by a domain
			return true
		case events.ElevationEnded:
			return false
		}
		about := e.Subjects()
		if slices.ContainsFunc(about, isUser) {
			return slices.Contains(about, events.Subject{Kind: events.UserSubject, ID: string(actor)})
		}
		return slices.ContainsFunc(about, func(s events.Subject) bool {
			return s.Kind == events.TeamSubject && o.isInTeam(actor, events.TeamID(s.ID))
		})
	})
}

func isUser(s events.Subject) bool { return s.Kind == events.UserSubject }

// isInTeam reports whether somebody is in a team, or in one that inherits from it.
func (o Organization) isInTeam(user events.UserID, id events.TeamID) bool {
	return slices.ContainsFunc(o.members.At(user).teams, func(in events.TeamID) bool {
		for above := range o.Ancestors(in) {
			if above == id {
				return true
			}
		}
		return false
	})
}
