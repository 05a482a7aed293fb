package domain

import (
	"iter"
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// DryRun is the result of a command that was decided and not recorded.
type DryRun struct {
	// Events are what would be recorded; none if the command would change nothing.
	Events []events.Event
	// Before and After are the organization as it is and as it would be, both as of
	// the instant of the command.
	Before, After Organization

	// states are those before each of the events.
	states []Organization
}

// DryRun decides a command as [Roster.Decide] does, and returns what it would record
// and whose access it would change at that instant. It records nothing. It has the
// same budget, calls proceed in the same way, and fails with the error that Decide returns.
func (r Roster) DryRun(id events.OrganizationID, c Command, m events.Moment, proceed func() bool) (DryRun, error) {
	org, err := r.at(id, m)
	if err != nil {
		return DryRun{}, err
	}
	if err := r.mayCreate(org, c, m); err != nil {
		return DryRun{}, err
	}
	return org.DryRun(c, m, proceed)
}

// DryRun is [Roster.DryRun] for one organization. It takes the organization as of the
// instant for which At was called, and does not check the time of the command.
func (o Organization) DryRun(c Command, m events.Moment, proceed func() bool) (DryRun, error) {
	happened, err := o.decide(c, m, newBudget(c, m, MaxSteps, proceed))
	if err != nil {
		return DryRun{}, err
	}
	result := DryRun{Events: happened, Before: o, After: o, states: make([]Organization, len(happened))}
	for i, e := range happened {
		result.states[i] = result.After
		result.After = result.After.Evolve(events.Recorded{Event: e, Origin: events.Origin{Version: o.version + 1, Index: i, At: m.At, Actor: m.Actor}})
	}
	return result, nil
}

// Changes yields whose access would change, in the order of people, then of projects. A
// change in the organization itself, whose project is empty, comes before those on projects.
// It leaves out the levels; [DryRun.WithLevels] adds them.
//
// It holds none of the changes and yields those alone that come after the one with this
// user and project; all if both are empty. In a large organization it takes long, so it
// calls proceed all the time, and ends when that returns false.
func (d DryRun) Changes(user events.UserID, project events.ProjectID, proceed func() bool) iter.Seq[AccessChange] {
	return d.ChangesUntil(user, project, proceed, func(events.UserID, events.ProjectID) bool { return true })
}

// ChangesUntil is [DryRun.Changes] that calls reach with each person and project before it compares
// them, and ends there when that returns false. The changes behind the pair before it are the rest.
func (d DryRun) ChangesUntil(user events.UserID, project events.ProjectID, proceed func() bool, reach func(events.UserID, events.ProjectID) bool) iter.Seq[AccessChange] {
	return func(yield func(AccessChange) bool) {
		if !proceed() {
			return
		}
		ended := false
		touched := d.touched(proceed)
		people := touched.sortedPeople()
		first, _ := slices.BinarySearch(people, user)
		walk := newChangeWalk(d.Before, d.After, touched, proceed, func(of events.UserID, on events.ProjectID) bool {
			behind := of == user && on <= project
			ended = ended || !behind && !reach(of, on)
			return !ended
		})
		for _, id := range people[first:] {
			if ended || !proceed() {
				return
			}
			for change := range walk.changesOf(id) {
				if behind := id == user && change.Project <= project; !behind && !yield(change) {
					return
				}
			}
		}
	}
}

// WithLevels returns a change with the permissions whose level would change.
func (d DryRun) WithLevels(c AccessChange) AccessChange {
	return compareAccess(d.Before, d.After, accessKey{c.User, c.Project})
}

// touched returns whose access on which projects the events can have changed. It is
// incomplete if proceed returns false.
func (d DryRun) touched(proceed func() bool) *touchedAccess {
	found := &touchedAccess{people: map[events.UserID]struct{}{}, projects: map[events.ProjectID]struct{}{}}
	last := events.UserID("")
	add := func(k accessKey) bool {
		if k.user != last || len(found.people) == 0 {
			if !proceed() {
				return false
			}
			last = k.user
			found.people[k.user] = struct{}{}
		}
		found.projects[k.project] = struct{}{}
		return true
	}
	if slices.ContainsFunc(d.Events, affectsEveryone) {
		found.addEveryone(d.Before)
		found.addEveryone(d.After)
		return found
	}
	for i, e := range d.Events {
		if team, projects := d.projectsOfTeam(i); team != "" {
			// Each of its people, with each of the projects: they are added one by one.
			for user := range d.states[i].peopleIn(team) {
				if !add(accessKey{user, projects[0]}) {
					return found
				}
			}
			for _, project := range projects {
				found.projects[project] = struct{}{}
			}
			continue
		}
		after := d.After
		if i+1 < len(d.states) {
			after = d.states[i+1]
		}
		affected(d.states[i], after, e)(add)
	}
	return found
}

// projectsOfTeam returns the team that an event removes or moves, and the projects that its people
// reach by it before or after; empty for other events, and if there are no projects.
func (d DryRun) projectsOfTeam(i int) (events.TeamID, []events.ProjectID) {
	before, after := d.states[i], d.After
	if i+1 < len(d.states) {
		after = d.states[i+1]
	}
	var team events.TeamID
	var projects []events.ProjectID
	switch e := d.Events[i].(type) { //nolint:gochecksumtype // the others are about one person, or one project
	case events.TeamRemoved:
		team, projects = e.Team, before.projectsThroughTeam(e.Team)
	case events.TeamMoved:
		team, projects = e.Team, union(before.projectsThroughTeam(e.Team), after.projectsThroughTeam(e.Team))
	}
	if len(projects) == 0 {
		return "", nil
	}
	return team, projects
}

// touchedAccess is a set of pairs of a person and a project: each of the people with each of
// the projects.
type touchedAccess struct {
	people map[events.UserID]struct{}
	// projects holds the empty id if the organization itself is touched.
	projects map[events.ProjectID]struct{}
	// everything says that every project is touched, and the organization.
	everything bool
}

func (t *touchedAccess) addEveryone(o Organization) {
	t.everything = true
	if o.Exists() {
		for user := range o.members.Keys() {
			t.people[user] = struct{}{}
		}
	}
}

func (t *touchedAccess) sortedPeople() []events.UserID {
	people := make([]events.UserID, 0, len(t.people))
	for user := range t.people {
		people = append(people, user)
	}
	slices.Sort(people)
	return people
}

func (t *touchedAccess) has(project events.ProjectID) bool {
	_, touched := t.projects[project]
	return touched || t.everything
}
