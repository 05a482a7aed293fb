package domain

import (
	"cmp"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// projectFinder lists the projects that many people reach. It looks up the projects of a
// team once.
type projectFinder struct {
	org     Organization
	all     []*Project
	through map[events.TeamID][]*Project
	merged  []*Project
}

func newProjectFinder(o Organization) *projectFinder {
	return &projectFinder{org: o, through: map[events.TeamID][]*Project{}}
}

// of returns the projects to which a member has a source of access, in the order of their
// ids. Sources that have ended are included. The list holds until the next call.
func (f *projectFinder) of(member *Member) []*Project {
	switch {
	case member == nil:
		return nil
	case f.org.canReachAllProjects(member, 0):
		if f.all == nil {
			f.all = f.find(f.org.projectIDs())
		}
		return f.all
	case member.grants.isEmpty() && len(member.teams) == 1:
		return f.throughTeam(member.teams[0])
	}
	f.merged = f.merged[:0]
	for grant := range member.grants.all() {
		f.merged = append(f.merged, f.org.projects.At(grant.Project))
	}
	for _, team := range member.teams {
		f.merged = append(f.merged, f.throughTeam(team)...)
	}
	if len(member.teams) > 0 { // grants alone are in order
		slices.SortFunc(f.merged, compareProjects)
		f.merged = slices.Compact(f.merged)
	}
	return f.merged
}

func (f *projectFinder) throughTeam(id events.TeamID) []*Project {
	found, known := f.through[id]
	if !known {
		found = f.find(f.org.projectsThroughTeam(id))
		f.through[id] = found
	}
	return found
}

func (f *projectFinder) find(ids []events.ProjectID) []*Project {
	found := make([]*Project, len(ids))
	for i, id := range ids {
		found[i] = f.org.projects.At(id)
	}
	return found
}

func compareProjects(a, b *Project) int { return cmp.Compare(a.id, b.id) }

// person is a member with their id.
type person struct {
	id events.UserID
	*Member
	// team is one of the member's teams, and entered when they came into it; both are empty
	// if the person was not found through a team.
	team    events.TeamID
	entered time.Time
}

func comparePeople(a, b *person) int { return cmp.Compare(a.id, b.id) }

// personFinder lists the active members on many projects. It looks up the members of a
// team once.
type personFinder struct {
	org        Organization
	everywhere []*person
	teams      map[events.TeamID][]*person
	merged     []*person
	spare      []*person
}

func newPersonFinder(o Organization) *personFinder {
	f := &personFinder{org: o, teams: map[events.TeamID][]*person{}}
	for user := range o.peopleEverywhere(0) {
		f.everywhere = f.appendActive(f.everywhere, user)
	}
	slices.SortFunc(f.everywhere, comparePeople)
	return f
}

// on returns the active members with a source of access to a project, in the order of
// their ids. Sources that have ended are included. The list holds until the next call.
func (f *personFinder) on(project *Project) []*person {
	f.merged = append(f.merged[:0], f.everywhere...)
	var granted []*person
	for user := range project.granted.Keys() {
		granted = f.appendActive(granted, user)
	}
	slices.SortFunc(granted, comparePeople)
	f.merge(granted)
	for team := range f.org.TeamsOnProject(project.id) {
		f.merge(f.in(team))
	}
	return f.merged
}

// merge adds people in order who are not in the list yet.
func (f *personFinder) merge(more []*person) {
	old, merged := f.merged, f.spare[:0]
	for len(old) > 0 && len(more) > 0 {
		order := comparePeople(old[0], more[0])
		if order <= 0 {
			merged, old = append(merged, old[0]), old[1:]
		} else {
			merged = append(merged, more[0])
		}
		if order >= 0 {
			more = more[1:]
		}
	}
	merged = append(append(merged, old...), more...)
	f.merged, f.spare = merged, f.merged
}

func (f *personFinder) in(id events.TeamID) []*person {
	found, known := f.teams[id]
	if !known {
		for user, membership := range f.org.teams.At(id).members.All() {
			if member := f.org.active(user); member != nil {
				found = append(found, &person{user, member, id, membership.Joined().At})
			}
		}
		slices.SortFunc(found, comparePeople)
		f.teams[id] = found
	}
	return found
}

func (f *personFinder) appendActive(to []*person, user events.UserID) []*person {
	if member := f.org.active(user); member != nil {
		to = append(to, &person{id: user, Member: member})
	}
	return to
}
