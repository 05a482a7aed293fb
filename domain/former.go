package domain

import (
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// Created returns the event that created the organization; the zero value if it does not
// exist.
func (o Organization) Created() events.Origin { return o.created }

// WithoutFormer returns an organization of the past without what had an id then that means
// something else now: it does not exist if the organization was deleted and created again
// since, and lacks the projects of which that is true. What was deleted and not created
// again stays.
func (o Organization) WithoutFormer(now Organization) Organization {
	switch {
	case !o.Exists() || !now.Exists():
		return o
	case another(o.created, now.created):
		return Organization{state: &state{id: o.id}}.At(o.at)
	}
	transient := new(champ.Transient)
	for id, then := range o.projects.All() {
		if later := now.projects.At(id); later != nil && another(then.Created, later.Created) {
			o = o.evolve(transient, events.Recorded{Event: events.ProjectDeleted{Project: id}})
		}
	}
	transient.Persist()
	return o
}

// VisibleFormerTeams is [Organization.VisibleTeams] for the teams of the past: a team that was
// removed and created again since is not the one that the actor sees now.
func (o Organization) VisibleFormerTeams(actor events.UserID, then Organization) func(events.TeamID) bool {
	visible := o.VisibleTeams(actor)
	return func(id events.TeamID) bool {
		before, now := then.teams.At(id), o.teams.At(id)
		return visible(id) && (before == nil || now == nil || !another(before.Created, now.Created))
	}
}

// WithoutFormer is that of [Organization] for every organization.
func (r Roster) WithoutFormer(now Roster) Roster {
	then := r.Transient()
	for id, org := range r.Organizations() {
		then.organizations = champ.Set(then.transient, then.organizations, id, org.WithoutFormer(now.Organization(id)))
	}
	return then.Persistent()
}

// another reports whether two events of creation are not the same one.
func another(a, b events.Origin) bool { return a.Version != b.Version || a.Index != b.Index }
