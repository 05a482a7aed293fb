package api

import (
	"context"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// accessQuestion asks what somebody may do on a project, or in the organization itself if the project is empty.
type accessQuestion struct {
	org     events.OrganizationID
	project events.ProjectID
	user    events.UserID

	actor events.UserID
	// now is the organization by which the actor's rights are decided, then that which the question is about.
	now, then domain.Organization
	// visible reports whether the actor may know of a team.
	visible func(events.TeamID) bool
}

// readInstants reads the organization as it is now, and as it was at a time; zero: now. It fails unless the actor may ask.
func (s *Server) readInstants(ctx context.Context, at time.Time, q *accessQuestion) (position events.Position, err error) {
	if at.IsZero() {
		q.now, position, err = s.visibleOrganization(ctx, q.org)
	} else {
		q.now, position, err = s.currentOrDeleted(ctx, q.org, "", domain.About{})
	}
	q.actor = requestFrom(ctx).actor
	if err == nil {
		err = maySeeAccess(q.now, q.actor, q.user, q.project)
	}
	if err != nil {
		return position, err
	}
	q.then = q.now
	if !at.IsZero() {
		state, err := s.stateAt(ctx, at, q.org)
		if err != nil {
			return position, err
		}
		q.then = state.Organization(q.org).At(at)
	}
	q.visible = visibleFormerTeams(q.now, q.then, q.actor)
	return position, nil
}

func (q accessQuestion) access() domain.Access {
	if q.project == "" {
		return q.then.AccessInOrganization(q.user)
	}
	return q.then.Access(q.user, q.project)
}

// label returns what a role is called.
func (q accessQuestion) label(role events.RoleKey) string {
	if q.project == "" {
		return q.then.RoleLabel(role)
	}
	return q.then.ProjectRoleLabel(role)
}

func (q accessQuestion) sources(from []domain.Source) []Source {
	if q.project == "" {
		return sourcesInOrganization(q.then, from)
	}
	return sourcesOf(q.then, q.visible, from)
}

func (q accessQuestion) explain(found domain.Access) string {
	if q.project == "" {
		return q.then.ExplainInOrganization(q.user, found)
	}
	return q.then.Explain(q.user, q.project, found, q.visible)
}

func (q accessQuestion) checkPermission(found domain.Access, permission events.PermissionKey, level events.Level) (domain.PermissionResult, error) {
	if q.project == "" {
		return q.then.CheckPermissionInOrganization(found, permission, level)
	}
	return q.then.CheckPermission(found, permission, level)
}

func (q accessQuestion) explainPermission(found domain.Access, result domain.PermissionResult) string {
	if q.project == "" {
		return q.then.ExplainPermissionInOrganization(q.user, found, result)
	}
	return q.then.ExplainPermission(q.user, q.project, found, result, q.visible)
}

func (q accessQuestion) resultOf(v domain.PermissionResult) *permissionResult {
	r := &permissionResult{Permission: v.Permission, Wanted: v.Wanted, Held: v.Held, By: q.sources(v.By), Roles: v.Roles}
	if v.Override != nil {
		r.Override = &appliedOverrides(q.org, []domain.AppliedOverride{*v.Override})[0]
	}
	return r
}
