package domain

import (
	"errors"

	"github.com/seed-2026d078/roster/events"
)

// MaxSteps is the most steps that the decision of one command may cost. A step stands for about
// 100 ns, so all of them for about 0.1 s: a look at a person, a team, a project or an assignment
// is one, and what takes longer is several. Not time is counted but steps, so that whether a command
// is refused does not depend on what else the machine does.
const MaxSteps = 1_000_000

// ErrAbandoned is the error of a decision for which nobody waits any more. It is no rejection.
var ErrAbandoned = errors.New("nobody waits for the decision any more")

// budget counts the steps of one decision. When they are spent, everything that counts ends early,
// and what was decided is thrown away.
type budget struct {
	// limit is the most steps; 0 is no limit.
	limit, steps int
	// proceed reports whether somebody still waits; nil says that somebody does. It is called when
	// steps reach ask.
	proceed func() bool
	ask     int
	// over says that the limit has passed, abandoned that nobody waits.
	over, abandoned bool
	// items is how many items a batch has, decided how many of them were decided.
	items, decided int
}

// askEvery is the number of steps after which a decision asks whether somebody still waits.
const askEvery = 1000

// newBudget returns the budget of a command. There is no limit to what only takes access away,
// nor to a change of scheme, which costs as much as the organization is large and cannot be split.
func newBudget(c Command, limit int, proceed func() bool) *budget {
	b := &budget{limit: limit, proceed: proceed}
	if _, whole := c.(ChangeScheme); whole || onlyTakesAway(c) {
		b.limit = 0
	}
	return b
}

// decide decides a command within a budget.
func (o Organization) decide(c Command, m events.Moment, b *budget) ([]events.Event, error) {
	o.budget = b
	happened, err := c.Decide(o, m)
	if ended := b.err(); ended != nil {
		return nil, ended
	}
	return happened, err
}

// spend counts steps, and reports whether the decision goes on. Outside of a decision it always
// does.
func (o Organization) spend(steps int) bool { return o.budget == nil || o.budget.spend(steps) }

// spendOnItem is spend for an item of a batch.
func (o Organization) spendOnItem(index, items int) bool {
	const itemSteps = 20
	if o.budget != nil {
		o.budget.decided, o.budget.items = index, items
	}
	return o.spend(itemSteps)
}

func (b *budget) spend(steps int) bool {
	if b.over || b.abandoned {
		return false
	}
	b.steps += steps
	b.over = b.limit > 0 && b.steps > b.limit
	if b.proceed != nil && b.steps >= b.ask {
		b.ask = b.steps + askEvery
		b.abandoned = !b.proceed()
	}
	return !b.over && !b.abandoned
}

// err returns why the decision ended early; nil if it did not.
func (b *budget) err() error {
	switch {
	case b.abandoned:
		return ErrAbandoned
	case b.over && b.items > 1:
		return ErrOverBudget.because("The command was refused after %d steps, of %d that it may cost, with %d of %d items decided. Nothing was recorded. Split it into several.",
			b.steps, b.limit, b.decided, b.items)
	case b.over:
		return ErrOverBudget.because("The command was refused after %d steps, of %d that it may cost. Nothing was recorded. Split it into several, of fewer people, teams or projects.", b.steps, b.limit)
	}
	return nil
}

// onlyTakesAway reports whether a command takes access from people and gives none. Such a command
// has no limit: what should end must not wait until it is split.
func onlyTakesAway(c Command) bool {
	switch c := c.(type) {
	case interface{ onlyTakesAway() bool }:
		return c.onlyTakesAway()
	case RemoveMember, DeactivateMember, RevokeInvite, RemoveProjectMember, ClearOverride, TurnOffPublicLink,
		RemoveTeamMember, UnassignTeam, RemoveTeam, ArchiveProject, DeleteProject, ArchiveOrganization, DeleteOrganization:
		return true
	}
	return false
}

func (b Batch) onlyTakesAway() bool {
	for _, item := range b {
		if !onlyTakesAway(item) {
			return false
		}
	}
	return true
}

// evolutionSteps returns what it costs to apply an event.
func (o Organization) evolutionSteps(e events.Event) int {
	const usual = 20
	if !o.Exists() {
		return usual
	}
	switch e := e.(type) { //nolint:gochecksumtype // the others change a few values
	case events.SchemeChanged:
		return usual + 50*(o.members.Len()+o.projects.Len()+o.teams.Len()+o.invites.Len())
	case events.RoleDefined, events.RoleRedefined, events.RoleRenamed, events.RoleRetired:
		return 10 * usual
	case events.MemberRemoved:
		if member := o.members.At(e.Member); member != nil {
			return usual * (1 + member.grants.len() + len(member.teams))
		}
	case events.ProjectDeleted:
		if project := o.projects.At(e.Project); project != nil {
			return usual*(1+project.granted.Len()+project.assignments.len()) + o.invites.Len()
		}
	case events.TeamRemoved:
		if team := o.teams.At(e.Team); team != nil {
			return usual * (1 + team.projects.Len() + team.members.Len())
		}
	case events.TeamAssigned, events.AssignmentChanged, events.AssignmentEndChanged, events.TeamUnassigned:
		return usual + o.assignmentsBeside(e)
	}
	return usual
}

// assignmentsBeside returns what it costs to copy the assignments of the project of an event.
func (o Organization) assignmentsBeside(e events.Event) int {
	for _, subject := range e.Subjects() {
		if subject.Kind == events.ProjectSubject {
			if project := o.projects.At(events.ProjectID(subject.ID)); project != nil {
				return project.assignments.len() / 4
			}
		}
	}
	return 0
}
