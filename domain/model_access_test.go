package domain_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// height orders levels.
func height(l events.Level) int { return map[events.Level]int{"view": 1, "full": 2, "on": 2}[l] }

// raised is the higher of two levels, lowered the lower.
func raised(a, b events.Level) events.Level {
	if height(b) > height(a) {
		return b
	}
	return a
}

func lowered(a, b events.Level) events.Level {
	if height(b) < height(a) {
		return b
	}
	return a
}

// view is what somebody may do as the model sees it.
type view struct {
	reason    string
	role      events.RoleKey
	levels    events.Levels
	sources   []string
	overrides []string
}

func (v view) String() string {
	return fmt.Sprintf("%s|%s|%v|%s|%s", v.reason, v.role, v.levels, strings.Join(v.sources, ","), strings.Join(v.overrides, ","))
}

// filled says the level of every permission, at its lowest where none is said, or its
// highest.
func filled(catalogue []events.Permission, levels events.Levels, everything bool) events.Levels {
	all := events.Levels{}
	for _, p := range catalogue {
		lowest, highest := events.Level("none"), events.Level("full")
		if p.Kind == events.ByToggle {
			lowest, highest = "off", "on"
		}
		all[p.Key] = cmp.Or(levels[p.Key], lowest)
		if everything {
			all[p.Key] = highest
		}
	}
	return all
}

func passed(until, now time.Time) bool { return !until.IsZero() && !now.Before(until) }

// inEffect tells whether now is from the start on, and before the end.
func (m *model) inEffect(from, until, now time.Time) bool {
	return m.anytime || !now.Before(from) && !passed(until, now)
}

// absence is step 1.
func (m *model) absence(user events.UserID, now time.Time) string {
	member := m.members[user]
	if member == nil {
		for id, i := range m.invites {
			if i.Member == user && m.status(id) == domain.InvitePending {
				return "invited"
			}
		}
		return "not_a_member"
	}
	switch {
	case member.deactivated:
		return "deactivated"
	case m.inEffect(member.from, member.until, now):
		return ""
	case now.Before(member.from):
		return "membership_not_started"
	default:
		return "membership_ended"
	}
}

// own are levels of a role with somebody's own.
func (m *model) own(catalogue []events.Permission, role events.Role, own events.Levels) events.Levels {
	levels := filled(catalogue, role.Levels, role.Bypass)
	if len(own) == 0 || role.Bypass {
		return levels
	}
	mine := filled(catalogue, own, false)
	for p := range levels {
		switch role.OwnLevels {
		case events.Instead:
			levels[p] = mine[p]
		case events.OnTop:
			levels[p] = raised(levels[p], mine[p])
		}
	}
	return levels
}

func (m *model) inOrganization(user events.UserID, now time.Time) view {
	catalogue := m.rules.Permissions.Organization
	v := view{reason: m.absence(user, now), levels: filled(catalogue, nil, false)}
	if v.reason == "" {
		member := m.members[user]
		v.role = member.role
		v.levels = m.own(catalogue, find(m.rules.OrganizationRoles, member.role), member.levels)
		if to := m.elevation(user, "", now); to != "" {
			v.role = to
			for permission, level := range m.own(catalogue, find(m.rules.OrganizationRoles, to), nil) {
				v.levels[permission] = raised(v.levels[permission], level)
			}
		}
	}
	if m.archived {
		v.levels = frozen(v.levels)
	}
	return v
}

// elevation is the role to which somebody is elevated; empty for none.
func (m *model) elevation(user events.UserID, project events.ProjectID, now time.Time) events.RoleKey {
	if e := m.elevated[user][project]; m.inEffect(time.Time{}, e.Until, now) {
		return e.Role
	}
	return ""
}

func frozen(levels events.Levels) events.Levels {
	kept := events.Levels{}
	for p, l := range levels {
		switch l {
		case "full":
			l = "view"
		case "on":
			l = "off"
		}
		kept[p] = l
	}
	return kept
}

// modelSource is a reason for access.
type modelSource struct {
	order     int
	role      events.Role
	team, via events.TeamID
	bypass    bool
	own       events.Levels
}

// sources is step 2, and 5.
func (m *model) sources(user events.UserID, id events.ProjectID, now time.Time) []modelSource {
	var all []modelSource
	p, held := m.projects[id], find(m.rules.OrganizationRoles, m.members[user].role)
	on := func(key events.RoleKey) events.Role { return find(m.rules.ProjectRoles, key) }
	if g, granted := p.grants[user]; granted && m.inEffect(g.From, g.Until, now) {
		s := modelSource{role: on(g.Role), own: g.Levels}
		if g.Creator {
			s.order = 1
		}
		all = append(all, s)
	}
	if held.AllProjects != "" {
		all = append(all, modelSource{order: 2, role: on(held.AllProjects), bypass: held.Bypass})
	}
	if to := find(m.rules.OrganizationRoles, m.elevation(user, "", now)); to.AllProjects != "" {
		all = append(all, modelSource{order: 3, role: on(to.AllProjects), bypass: to.Bypass})
	}
	fallback := held.DefaultProjectRole
	for _, role := range m.rules.ProjectRoles {
		if role.Default && fallback == "" {
			fallback = role.Key
		}
	}
	for via, t := range m.teams {
		if _, in := t.members[user]; !in {
			continue
		}
		for _, above := range m.lineage(via) {
			if a, assigned := p.assignments[above]; assigned && m.inEffect(a.From, a.Until, now) && cmp.Or(a.Role, fallback) != "" {
				all = append(all, modelSource{order: 4, role: on(cmp.Or(a.Role, fallback)), team: above, via: via})
			}
		}
	}
	elevatedInOrganization := slices.ContainsFunc(all, func(s modelSource) bool { return s.order == 3 })
	if to := m.elevation(user, id, now); to != "" && (len(all) > 1 || len(all) == 1 && !elevatedInOrganization) {
		all = append(all, modelSource{order: 3, role: on(to), via: "~"}) // after that in the organization
	}
	slices.SortFunc(all, func(a, b modelSource) int {
		return cmp.Or(a.order-b.order, b.role.Rank-a.role.Rank, cmp.Compare(a.team, b.team), cmp.Compare(a.via, b.via))
	})
	return all
}

// lineage is a team, with those above it where they hand down.
func (m *model) lineage(id events.TeamID) []events.TeamID {
	all := []events.TeamID{id}
	for m.rules.Teams.Inherit && m.teams[id].Parent != "" {
		id = m.teams[id].Parent
		all = append(all, id)
	}
	return all
}

// onProject is all five steps.
func (m *model) onProject(user events.UserID, id events.ProjectID, now time.Time) view {
	catalogue := m.rules.Permissions.Project
	v := view{reason: m.absence(user, now), levels: filled(catalogue, nil, false)}
	p := m.projects[id]
	switch {
	case v.reason != "":
		return v
	case p == nil:
		v.reason = "no_such_project"
		return v
	}
	rank, bypass := -1, false
	for _, s := range m.sources(user, id, now) {
		if s.role.Rank > rank {
			rank, v.role = s.role.Rank, s.role.Key
		}
		mine := m.own(catalogue, s.role, s.own)
		if s.bypass {
			bypass, mine = true, filled(catalogue, nil, true)
		}
		for permission, level := range mine {
			v.levels[permission] = raised(v.levels[permission], level)
		}
		v.sources = append(v.sources, fmt.Sprintf("%s %s %s>%s %v", []string{"direct", "creator", "organization", "elevation", "team"}[s.order], s.role.Key, s.team, strings.Trim(string(s.via), "~"), s.bypass))
	}
	if rank < 0 {
		v.reason = "not_on_the_project"
		return v
	}
	if m.rules.Overrides.On && !bypass {
		m.override(&v, p.overrides[user])
	}
	if m.archived || p.archived {
		v.levels = frozen(v.levels)
	}
	return v
}

// override is step 4.
func (m *model) override(v *view, overrides events.Levels) {
	counting := known(m.rules.Permissions.Project, overrides)
	for _, permission := range slices.Sorted(maps.Keys(counting)) {
		before, set := v.levels[permission], overrides[permission]
		switch m.rules.Overrides.May {
		case events.RaiseOnly:
			set = raised(before, set)
		case events.LowerOnly:
			set = lowered(before, set)
		case events.RaiseAndLower:
		}
		if v.levels[permission] = set; set != before {
			v.overrides = append(v.overrides, fmt.Sprintf("%s %s instead of %s", permission, overrides[permission], before))
		}
	}
}

// taken counts the seats in use.
func (m *model) taken(now time.Time) int {
	n := 0
	for _, member := range m.members {
		if !member.deactivated && !passed(member.until, now) {
			n++
		}
	}
	for id := range m.invites {
		if status := m.status(id); m.rules.Seats.InvitesHold && (status == domain.InvitePending || status == domain.InviteBlocked) {
			n++
		}
	}
	return n
}
