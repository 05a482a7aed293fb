package domain

import "github.com/seed-2026d078/roster/events"

// resolver finds the roles and levels of many people on many projects. It is
// [Organization.Access] without sources and reasons, and allocates nothing for each.
type resolver struct {
	org    Organization
	levels []level
}

func newResolver(o Organization) *resolver {
	r := &resolver{org: o}
	if o.Exists() {
		r.levels = make([]level, len(o.scheme.project.permissions))
	}
	return r
}

// levelsOf returns the access of anybody to any project, without sources. It holds until the next call.
func (r *resolver) levelsOf(user events.UserID, id events.ProjectID) Access {
	if !r.org.Exists() {
		return Access{}
	}
	access := Access{permissions: r.org.scheme.project.permissions}
	if member, project, reason := r.org.lookup(user, id); reason == "" {
		access.Role, access.levels = r.on(member, project)
	}
	return access
}

// on returns the role and the levels of an active member on a project; an empty role if
// they have no access. The levels hold until the next call.
func (r *resolver) on(member *Member, project *Project) (events.RoleKey, []level) {
	role, levels := r.beforeArchiving(member, project)
	if r.org.isReadOnly(project) {
		for i := range levels {
			levels[i] = min(levels[i], view)
		}
	}
	return role, levels
}

// beforeArchiving is on without the limit for what is archived.
func (r *resolver) beforeArchiving(member *Member, project *Project) (events.RoleKey, []level) {
	s := r.org.scheme
	clear(r.levels)
	all := combination{levels: r.levels}
	var highest highestSource
	for ref := range r.org.sourceRefs(member, project) {
		highest.add(s, &ref)
		all.add(s, ref.role, ref.bypass, ref.compiledLevels())
	}
	if all.role == "" {
		return "", nil
	}
	if member.optional != nil && !all.bypass {
		for i, override := range s.effectiveOverrides(all.levels, member.overridesOn(project.id)) {
			all.levels[i] = s.applyOverride(all.levels[i], parseLevel(override.Level))
		}
	}
	return highest.role, all.levels
}

// rightsOn returns the role and the levels that count for what somebody may do about a project:
// those of [Organization.accessBeforeArchiving], without making the sources.
func (o Organization) rightsOn(user events.UserID, id events.ProjectID) (events.RoleKey, []level) {
	member, project, reason := o.lookup(user, id)
	if reason != "" || !o.spend(stepsToResolve) {
		return "", nil
	}
	return newResolver(o).beforeArchiving(member, project)
}

// highestSource finds the role of the source that is shown first among those with the highest
// rank, in whatever order they are added, as long as those of teams are added last.
type highestSource struct {
	role events.RoleKey
	rank int
	// assignment is the one that gives the role, and via the team that the person is in; nil
	// and empty if no team does.
	assignment *Assignment
	via        events.TeamID
}

func (h *highestSource) add(s *Scheme, ref *sourceRef) {
	rank := s.project.rank(ref.role)
	switch {
	case h.role == "", rank > h.rank:
	case rank < h.rank, h.assignment == nil || ref.assignment == nil, !h.isShownAfter(ref):
		return
	}
	h.role, h.rank, h.assignment, h.via = ref.role, rank, ref.assignment, ref.via
}

// isShownAfter reports whether the source is shown after another one through a team if both
// give a role of the same rank.
func (h *highestSource) isShownAfter(ref *sourceRef) bool {
	if ref.assignment.Team != h.assignment.Team {
		return ref.assignment.Team < h.assignment.Team
	}
	return ref.via < h.via
}
