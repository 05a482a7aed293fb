package api

import (
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// memberRow is somebody in the organization as a list shows them.
type memberRow struct {
	projections.Member
	Badges []projections.Badge `json:"badges,omitzero" doc:"What marks the person: nobody removes or changes who is protected."`
	Offered
}

// endedBadge marks whose membership, or access, is past its end.
const endedBadge projections.Badge = "ended"

// memberRowOf adds to a member what the actor may do about them.
func memberRowOf(org domain.Organization, m events.Moment, found projections.Member) memberRow {
	row := memberRow{Member: found, Offered: offered(org.ActionsOnMember(m, found.User))}
	if org.Scheme().Protects(found.Role) {
		row.Badges = append(row.Badges, projections.ProtectedBadge)
	}
	switch found.Status {
	case projections.Deactivated:
		row.Badges = append(row.Badges, projections.DeactivatedBadge)
	case projections.Ended:
		row.Badges = append(row.Badges, endedBadge)
	case projections.Active:
	}
	return row
}

// memberFromMemory is a member as the state of the organization has it, without what
// is sealed.
func memberFromMemory(org domain.Organization, user events.UserID, member domain.Member) projections.Member {
	found := projections.Member{
		User: user, Login: member.Login, Role: member.Role, Status: statusIn(org, user, member), Until: end(member.Until()),
		OwnLevels: member.Levels(), Joined: originOf(org.ID(), member.Joined), Given: originOf(org.ID(), member.RoleGiven),
	}
	if found.Login == "" {
		found.Login = string(user)
	}
	if found.Status == projections.Active {
		found.Levels, found.Projects = org.InOrganization(user).Levels(), countReached(org, user)
	}
	return found
}

func statusIn(org domain.Organization, user events.UserID, member domain.Member) projections.Status {
	if _, suspended := member.Deactivated(); suspended {
		return projections.Deactivated
	}
	if !org.Sees(user) {
		return projections.Ended
	}
	return projections.Active
}

// countReached counts the projects that somebody has access to now.
func countReached(org domain.Organization, user events.UserID) int {
	reached := 0
	for _, id := range org.ReachableProjects(user) {
		if org.Access(user, id).Reason == "" {
			reached++
		}
	}
	return reached
}

// end is a time in an answer; nil where there is none.
func end(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	at = at.UTC()
	return &at
}
