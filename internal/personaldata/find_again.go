package personaldata

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// findAgain looks for a person once more if something came to be known of them after they were looked for, and before their organizations recorded
// the erasure: an invite that they accepted then is sealed by a key that the first search does not know. It returns the organizations that must record the
// erasure again. Where the person has come back since, nobody asked to erase them, and organizations that they came to since stay out.
func (e *Eraser) findAgain(ctx context.Context, p *person) ([]events.OrganizationID, error) {
	missed, err := e.missed(ctx, p)
	if err != nil || len(missed) == 0 {
		return nil, err
	}
	again, err := e.find(ctx, p.Request)
	if err != nil {
		return nil, err
	}
	p.since = again[0].since
	for id := range p.found {
		p.found[id] = again[0].found[id]
	}
	counted, err := e.report(ctx, p.Request, p.found)
	if err != nil {
		return nil, err
	}
	p.Events, p.Keys, p.Invites, p.ClearLogins = counted.Events, counted.Keys, counted.Invites, counted.ClearLogins
	for i := range p.Organizations {
		p.Organizations[i].Invites = counted.Organizations[i].Invites
	}
	state, now := e.desk.View().State, e.desk.Clock().Now()
	return slices.DeleteFunc(missed, func(id events.OrganizationID) bool {
		return belongs(state, slices.Values([]events.OrganizationID{id}), p.User, now)
	}), nil
}

// missed returns the organizations that recorded something about the person, or an invite that may be to an address of theirs, after the search
// began and before they recorded the erasure last.
func (e *Eraser) missed(ctx context.Context, p *person) ([]events.OrganizationID, error) {
	came, missed := map[events.OrganizationID]bool{}, map[events.OrganizationID]bool{}
	err := e.ledger.Read(ctx, p.since, 0, func(commits []events.Commit) error {
		for i := range commits {
			for j := range commits[i].Entries {
				entry := &commits[i].Entries[j]
				org := entry.Organization
				for _, event := range entry.Events {
					if erased, is := event.(events.PersonErased); is && erased.Person == p.User && came[org] {
						missed[org] = true
					}
					if p.found[org] != nil && mayBeAbout(event, p.User) {
						came[org] = true
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find what came to be known of a person meanwhile: %w", err)
	}
	return slices.Collect(maps.Keys(missed)), nil
}

// mayBeAbout reports whether an event says something of somebody, or may lead to an invite of theirs.
func mayBeAbout(event events.Event, user events.UserID) bool {
	switch e := event.(type) { //nolint:gochecksumtype // no others do
	case events.MemberInvited:
		return true // to whom, the hash does not tell
	case events.InviteAccepted:
		return e.Member == user
	case events.InviteSettled:
		return e.Member == user
	case events.InviteDeclined:
		return e.Member == user
	case events.MemberJoined:
		return e.Member == user
	case events.ProfileChanged:
		return e.Member == user
	case events.AccessRequested:
		return e.Member == user
	case events.AccessDenied:
		return e.Member == user
	}
	return false
}
