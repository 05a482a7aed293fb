package feed

import (
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// AccessLevelOf returns somebody's effective access as messages have it; nil if there is none.
func AccessLevelOf(a domain.Access) *AccessLevel {
	if a.Role == "" {
		return nil
	}
	return &AccessLevel{Role: a.Role, Levels: a.Levels()}
}

// AccessSourcesOf returns the sources of an access in an organization; never nil.
func AccessSourcesOf(a domain.Access, org events.OrganizationID) []AccessSource {
	all := make([]AccessSource, len(a.Sources))
	for i, s := range a.Sources {
		all[i] = AccessSource{Kind: s.Kind, Role: s.Role, Team: s.Team, Via: s.Via, From: s.From, Until: s.Until, Event: s.ID(org)}
	}
	return all
}
