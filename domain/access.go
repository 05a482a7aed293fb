package domain

import (
	"crypto/subtle"
	"iter"
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// Access is what somebody may do on a project, or in the organization, and why. The
// zero value is no access.
type Access struct {
	// Role is the highest over the sources; empty where there are none.
	Role    events.RoleKey
	Sources []Source
	// Overrides are those that changed something.
	Overrides []AppliedOverride
	// ReadOnly says that what is archived keeps levels at view.
	ReadOnly bool
	Reason   Reason

	permissions []events.Permission
	// levels are in the order of permissions; nil means that there is no access.
	levels []level
	// levelsIfRestored are the levels if nothing were archived; nil if nothing is.
	levelsIfRestored []level
}

// AppliedOverride is an override with the level that it replaced.
type AppliedOverride struct {
	Override
	Replaced events.Level
}

// Access returns what somebody may do on a project.
func (o Organization) Access(user events.UserID, id events.ProjectID) Access {
	access, project := o.accessBeforeArchiving(user, id)
	if project != nil && o.isReadOnly(project) {
		access.ReadOnly = true
		access.limitToView()
	}
	return access
}

// accessBeforeArchiving is Access without the limit for what is archived. It also
// returns the project: nil if there is no such project or active member.
func (o Organization) accessBeforeArchiving(user events.UserID, id events.ProjectID) (Access, *Project) {
	member, project, reason := o.lookup(user, id)
	if reason != "" {
		access := Access{Reason: reason}
		if o.scheme != nil {
			access.permissions = o.scheme.project.permissions
		}
		return access, nil
	}
	sources := make([]Source, 0, 2) // most have one or two; a source is large
	for ref := range o.sourceRefs(member, project) {
		sources = append(sources, o.source(user, member, ref))
	}
	return o.scheme.Resolve(sources, member.overridesOn(project.id)), project
}

// Resolve is the one definition of effective access. The role is the highest of the
// sources. The level of each permission is the highest of the sources, unless an
// override sets another one; a source with bypass ignores overrides. Resolve sorts the
// sources in the order in which they are shown.
func (s *Scheme) Resolve(sources []Source, overrides []Override) Access {
	access := Access{Sources: sources, permissions: s.project.permissions}
	if len(sources) == 0 {
		access.Reason = NotOnProject
		return access
	}
	slices.SortFunc(sources, s.compareSources)
	all := combination{levels: make([]level, len(s.project.permissions))}
	for _, source := range sources {
		all.add(s, source.Role, source.Bypass, s.project.compile(source.Levels))
	}
	access.Role, access.levels = all.role, all.levels
	if !all.bypass {
		for i, override := range s.effectiveOverrides(access.levels, overrides) {
			access.Overrides = append(access.Overrides, AppliedOverride{override, formatLevel(access.permissions[i].Kind, access.levels[i])})
			access.levels[i] = s.applyOverride(access.levels[i], parseLevel(override.Level))
		}
	}
	return access
}

// combination is the highest of what several sources give.
type combination struct {
	// role is that with the highest rank; of several, the first that was added.
	role   events.RoleKey
	rank   int
	levels []level
	bypass bool
}

// add adds a source: a role, whether it gives everything, and the person's own levels; nil
// for none.
func (c *combination) add(s *Scheme, key events.RoleKey, bypass bool, own []level) {
	role, rank := s.project.find(key), 0
	if role != nil {
		rank = role.Rank
	}
	switch {
	case bypass:
		c.bypass = true
		for i := range c.levels {
			c.levels[i] = full
		}
	case role != nil:
		for i := range c.levels {
			c.levels[i] = max(c.levels[i], role.levelWith(own, i))
		}
	}
	if c.role == "" || rank > c.rank {
		c.role, c.rank = key, rank
	}
}

// levelsFrom returns the levels that one source gives, in the order of the permissions;
// nil if there is no such role.
func (r roleSet) levelsFrom(source Source) []level {
	if source.Bypass {
		return r.fullLevels()
	}
	role := r.find(source.Role)
	if role == nil {
		return nil
	}
	if len(source.Levels) == 0 {
		return role.levels
	}
	return role.levelsWith(r.compile(source.Levels))
}

// effectiveOverrides yields the overrides that change one of the levels, with the index of
// its permission: those that the scheme knows and lets change it. There is one at most for
// each permission, so the levels may be changed meanwhile.
func (s *Scheme) effectiveOverrides(levels []level, overrides []Override) iter.Seq2[int, Override] {
	return func(yield func(int, Override) bool) {
		if !s.Overrides.On {
			return
		}
		for _, override := range overrides {
			i := s.project.index(override.Permission)
			if s.project.validateLevel(override.Permission, override.Level) != nil {
				continue // set under other rules
			}
			if s.applyOverride(levels[i], parseLevel(override.Level)) != levels[i] && !yield(i, override) {
				return
			}
		}
	}
}

// limitToView lowers every level to view, and turns every switch off, if something is
// archived.
func (a *Access) limitToView() {
	if a.ReadOnly && a.levels != nil {
		a.levelsIfRestored, a.levels = a.levels, slices.Clone(a.levels)
		for i := range a.levels {
			a.levels[i] = min(a.levels[i], view)
		}
	}
}

// Level returns the level of a permission; empty if the scheme lacks the permission.
func (a Access) Level(permission events.PermissionKey) events.Level {
	for i, known := range a.permissions {
		if known.Key == permission {
			return a.levelAt(i)
		}
	}
	return ""
}

// levelAt returns the level of the permission at an index.
func (a Access) levelAt(i int) events.Level {
	if a.levels == nil {
		return formatLevel(a.permissions[i].Kind, 0)
	}
	return formatLevel(a.permissions[i].Kind, a.levels[i])
}

// Levels returns the level of every permission.
func (a Access) Levels() events.Levels {
	levels := events.Levels{}
	for i, permission := range a.permissions {
		levels[permission.Key] = a.levelAt(i)
	}
	return levels
}

// LevelsKey is a text that is equal for two accesses if each permission has the same level
// in both. Both must be to projects, or both to the organization, under the same scheme.
func (a Access) LevelsKey() string {
	key := make([]byte, len(a.levels))
	for i, held := range a.levels {
		key[i] = byte(held)
	}
	return string(key)
}

// ThroughLink returns what whoever holds a secret may do on a project, and whether
// it is the secret of the project's link.
func (o Organization) ThroughLink(id events.ProjectID, secret events.Hash) (Access, bool) {
	project := o.projects.At(id)
	if project == nil || project.link == nil || subtle.ConstantTimeCompare(secret[:], project.link.token[:]) != 1 {
		return Access{}, false
	}
	access := Access{
		ReadOnly: o.isReadOnly(project), permissions: o.scheme.project.permissions,
		levels: o.scheme.project.compile(o.scheme.PublicLink.Levels),
	}
	access.limitToView()
	return access, true
}
