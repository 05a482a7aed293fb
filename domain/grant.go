package domain

import "github.com/seed-2026d078/roster/events"

// Grant is a role given to one person on one project.
type Grant struct {
	Project events.ProjectID
	Role    events.RoleKey
	// A check reads term, and optional, so they come before Origin.
	term
	// optional is nil if the grant has none of the optional attributes.
	optional *grantAttributes
	// Origin is the event that gave the present role.
	events.Origin
}

// grantAttributes are the attributes that few grants have. The value is never changed,
// only replaced.
type grantAttributes struct {
	// levels are the person's own on the project; compiled are the same as numbers, which a check reads.
	compiled []level
	levels   events.Levels
	// joined is the event that made the grant; nil if its role has not changed since.
	joined  *events.Origin
	creator bool
	// kept are the person's own levels while the role takes none.
	kept events.Levels
}

// Joined returns the event that made the grant, whatever its role was then.
func (g *Grant) Joined() events.Origin {
	if g.optional == nil || g.optional.joined == nil {
		return g.Origin
	}
	return *g.optional.joined
}

// Levels returns the person's own levels on the project; nil for none.
func (g Grant) Levels() events.Levels {
	if g.optional == nil {
		return nil
	}
	return g.optional.levels
}

// Creator reports whether the grant came with creating the project.
func (g Grant) Creator() bool { return g.optional != nil && g.optional.creator }

func (g *Grant) kind() SourceKind {
	if g.Creator() {
		return Creator
	}
	return Direct
}

// compiledLevels returns the person's own levels as numbers; nil for none.
func (g *Grant) compiledLevels() []level {
	if g.optional == nil {
		return nil
	}
	return g.optional.compiled
}

// change replaces the optional attributes of the grant.
func (g *Grant) change(change func(*grantAttributes)) {
	var t grantAttributes
	if g.optional != nil {
		t = *g.optional
	}
	change(&t)
	g.optional = &t
}
