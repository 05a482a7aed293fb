package api

import (
	"context"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// holdings are what hangs on a membership, and ends with it.
type holdings struct {
	Role       events.RoleKey  `json:"role" doc:"In the organization."`
	RoleLabel  string          `json:"role_label" doc:"What the role is called."`
	Levels     events.Levels   `json:"levels,omitempty" doc:"The person's own in the organization."`
	From       *time.Time      `json:"from,omitzero" doc:"When the membership starts, or has started later than it was given; left out: at once."`
	Until      *time.Time      `json:"until,omitzero" doc:"When the membership ends, or has ended; left out: never."`
	Projects   []heldProject   `json:"projects" doc:"Those on which the person has a role of their own, in order; the first 1,000."`
	Teams      []heldTeam      `json:"teams" doc:"Those that the person is in themselves, in order; the first 1,000."`
	Elevations []heldElevation `json:"elevations,omitempty" doc:"Higher roles for a time that are in effect."`
	Overrides  []heldOverride  `json:"overrides" doc:"Of the person, in the order of their projects; the first 1,000."`
	Partial    bool            `json:"partial,omitzero" doc:"Whether there are more than are listed."`

	// whole says that all are listed.
	whole bool
}

type heldProject struct {
	Project   events.ProjectID `json:"project"`
	Name      string           `json:"name"`
	Role      events.RoleKey   `json:"role" doc:"On the project."`
	RoleLabel string           `json:"role_label" doc:"What the role is called."`
	Levels    events.Levels    `json:"levels,omitempty" doc:"The person's own on the project."`
	From      *time.Time       `json:"from,omitzero" doc:"When it starts, or has started later than it was given; left out: at once."`
	Until     *time.Time       `json:"until,omitzero" doc:"When it ends, or has ended; left out: never."`
	Creator   bool             `json:"creator,omitzero" doc:"Whether the person has it as the creator of the project."`
}

type heldTeam struct {
	Team events.TeamID  `json:"team"`
	Name string         `json:"name"`
	Role events.RoleKey `json:"role,omitzero" doc:"In the team; left out where teams have no roles."`

	RoleLabel string `json:"role_label,omitzero" doc:"What the role is called."`
}

type heldElevation struct {
	Project   events.ProjectID       `json:"project,omitzero" doc:"Left out: in the organization."`
	Role      events.RoleKey         `json:"role"`
	RoleLabel string                 `json:"role_label" doc:"What the role is called."`
	Until     time.Time              `json:"until" doc:"When it ends."`
	Request   events.AccessRequestID `json:"request" doc:"What asked for it."`
}

type heldOverride struct {
	Project    events.ProjectID     `json:"project"`
	Permission events.PermissionKey `json:"permission"`
	Level      events.Level         `json:"level"`
}

// holdingsOf returns what a member holds, of the projects and teams that are visible.
func holdingsOf(org domain.Organization, user events.UserID, project func(events.ProjectID) bool, team func(events.TeamID) bool) holdings {
	return listHoldings(org, user, project, team, false)
}

// listHoldings is holdingsOf without a bound, if it is to be whole.
func listHoldings(org domain.Organization, user events.UserID, project func(events.ProjectID) bool, team func(events.TeamID) bool, whole bool) holdings {
	member, _ := org.Member(user)
	held := holdings{
		whole: whole,
		Role:  member.Role, RoleLabel: org.RoleLabel(member.Role), Levels: member.Levels(), From: orNever(member.From()), Until: orNever(member.Until()),
		Projects: []heldProject{}, Teams: []heldTeam{}, Overrides: []heldOverride{},
	}
	for g := range member.Grants() {
		if !project(g.Project) {
			continue
		}
		if held.isFull(len(held.Projects)) {
			break
		}
		found, _ := org.Project(g.Project)
		held.Projects = append(held.Projects, heldProject{g.Project, found.Name, g.Role, org.ProjectRoleLabel(g.Role), g.Levels(), orNever(g.From()), orNever(g.Until()), g.Creator()})
	}
	for id := range member.Teams() {
		if !team(id) {
			continue
		}
		if held.isFull(len(held.Teams)) {
			break
		}
		found, _ := org.Team(id)
		in, _ := found.Member(user)
		held.Teams = append(held.Teams, heldTeam{id, found.Name, in.Role, org.TeamRoleLabel(in.Role)})
	}
	for e := range member.Elevations() {
		label := org.RoleLabel
		if e.Project != "" {
			label = org.ProjectRoleLabel
		}
		if _, is := org.Elevation(user, e.Project); is && (e.Project == "" || project(e.Project)) {
			held.Elevations = append(held.Elevations, heldElevation{e.Project, e.Role, label(e.Role), e.Until.UTC(), e.Request})
		}
	}
	for o := range member.Overrides() {
		if !project(o.Project) {
			continue
		}
		if held.isFull(len(held.Overrides)) {
			break
		}
		held.Overrides = append(held.Overrides, heldOverride{o.Project, o.Permission, o.Level})
	}
	return held
}

// isFull reports, and notes, whether a section has as many entries as an answer lists.
func (h *holdings) isFull(n int) bool {
	if n < maxListed || h.whole {
		return false
	}
	h.Partial = true
	return true
}

// addHeld says, on the first page, what a removal would take.
func (d *dryRun) addHeld(c domain.Command, org domain.Organization, actor events.UserID) {
	remove, removes := c.(domain.RemoveMember)
	if !removes || d.Counts == nil {
		return
	}
	held := holdingsOf(org, remove.Member, func(id events.ProjectID) bool { return maySeeAccess(org, actor, remove.Member, id) == nil }, visibleTeams(org, actor))
	d.Held = &held
}

// getHoldings answers people about themselves, and those who may see the members. Asked about
// the past, it says what somebody held who has left.
func (s *Server) getHoldings(ctx context.Context, in *memberQuery) (*answer[holdings], error) {
	p, err := s.asOf(ctx, in.Org, in.AtTime)
	if err != nil {
		return nil, err
	}
	if p.actor != in.User {
		if err := p.authorize(domain.SeeingMembers, domain.About{Member: in.User}); err != nil {
			return nil, hideMembers(err)
		}
	}
	if _, joined := p.then.Member(in.User); !joined {
		return nil, domain.NoMember(in.User)
	}
	project := func(id events.ProjectID) bool { return maySeeAccess(p.now, p.actor, in.User, id) == nil }
	return fromMemory(p.now, p.position, holdingsOf(p.then, in.User, project, visibleFormerTeams(p.now, p.then, p.actor))), nil
}
