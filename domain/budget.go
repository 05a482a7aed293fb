package domain

import (
	"errors"

	"github.com/seed-2026d078/roster/events"
)

// MaxSteps is the most steps that the decision of one command may cost. A step stands for about
// 100 ns, so all of them for about 0.1 s. Not time is counted but steps, so that whether a command
// is refused does not depend on what else the machine does.
const MaxSteps = 1_000_000

// maxTakingSteps is [MaxSteps] for a bulk of commands that only take access away. Each of them alone
// has no limit.
const maxTakingSteps = 3 * MaxSteps

// What things cost, in steps. BenchmarkWeight gives each command where it costs the most, in a large
// organization, and shows the time that one step stands for.
const (
	// stepsToVisit is for an element of a list or a map that is looked at.
	stepsToVisit = 1
	// stepsToLookUp is for a person, a project or a team that is looked up by its id, far from
	// others in memory.
	stepsToLookUp = 2
	// stepsToSort is for an id that is kept in a set, and then sorted.
	stepsToSort = 3
	// stepsToResolve is for what somebody may do on one project, besides the sources that are
	// looked at for it.
	stepsToResolve = 4
	// stepsToAuthorize is for the conditions of one action, besides what somebody may do on a project.
	stepsToAuthorize = 4
	// stepsOfItem is for an item of a bulk, or a command of a declaration: its rules, its events, its
	// texts.
	stepsOfItem = 20
	// stepsOfEvent is for an event that is applied: it copies about ten small nodes.
	stepsOfEvent = 20
	// stepsToCopyRoles is for an event that copies the rules of a scheme.
	stepsToCopyRoles = 200
	// stepsToConvert is for a member, grant, team, project or invite under another scheme.
	stepsToConvert = 15
	// idsPerStep is how many ids of a list are copied in a step.
	idsPerStep = 8
)

// ErrAbandoned is the error of a decision for which nobody waits any more. It is no rejection.
var ErrAbandoned = errors.New("nobody waits for the decision any more")

// budget counts the steps of one decision, and keeps the state that the decision builds. When they are spent, everything that counts ends early,
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

	built built
}

// askEvery is the number of steps after which a decision asks whether somebody still waits.
const askEvery = 1000

// newBudget returns the budget of a command.
func newBudget(c Command, m events.Moment, limit int, proceed func() bool) *budget {
	return &budget{limit: limitOf(c, m, limit), proceed: proceed}
}

// limitOf returns the most steps that a command may cost; 0 is no limit. There is none to one command that
// only takes access away, nor to the system's changes of scheme, which cost as much as the
// organization is large and cannot be split.
func limitOf(c Command, m events.Moment, limit int) int {
	_, bulk := c.(Batch)
	_, whole := c.(ChangeScheme)
	switch {
	case whole && m.Actor == events.System, onlyTakesAway(c) && !bulk:
		return 0
	case onlyTakesAway(c):
		return limit * (maxTakingSteps / MaxSteps)
	}
	return limit
}

// decide decides a command within a budget.
func (o Organization) decide(c Command, m events.Moment, b *budget) ([]events.Event, error) {
	o.budget = b
	happened, err := o.decideAs(c, m)
	for _, e := range happened {
		if !o.spend(o.evolutionSteps(e)) { // when they are recorded
			break
		}
	}
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
	if o.budget != nil {
		o.budget.decided, o.budget.items = index, items
	}
	return o.spend(stepsOfItem)
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
		return ErrOverBudget.Because("The command was refused after %d steps, of %d that it may cost, with %d of %d items decided. Nothing was recorded. Split it into several.",
			b.steps, b.limit, b.decided, b.items)
	case b.over:
		return ErrOverBudget.Because("The command was refused after %d steps, of %d that it may cost. Nothing was recorded. Split it into several, of fewer people, teams or projects.", b.steps, b.limit)
	}
	return nil
}

// onlyTakesAway reports whether a command takes access from people and gives none. Such a command
// has no limit: what should end must not wait until it is split.
func onlyTakesAway(c Command) bool {
	switch c := c.(type) {
	case interface{ onlyTakesAway() bool }:
		return c.onlyTakesAway()
	case RemoveMember, ErasePerson, DeactivateMember, RevokeInvite, DeclineInvite, DenyAccessRequest, WithdrawAccessRequest, RemoveProjectMember, ClearOverride, TurnOffPublicLink,
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
	if !o.Exists() {
		return stepsOfEvent
	}
	switch e := e.(type) { //nolint:gochecksumtype // the others change a few values
	case events.SchemeChanged:
		return stepsOfEvent + stepsToConvert*o.size()
	case events.RoleDefined, events.RoleRedefined, events.RoleRenamed, events.RoleRetired:
		return stepsToCopyRoles
	case events.MemberRemoved:
		if member := o.members.At(e.Member); member != nil {
			return stepsOfEvent * (1 + member.grants.len() + len(member.teams))
		}
	case events.MemberInvited:
		return stepsOfEvent * (1 + len(e.Projects))
	case events.InviteChanged:
		return o.closingSteps(e.Invite) + stepsOfEvent*len(e.Projects)
	case events.InviteAccepted:
		return o.closingSteps(e.Invite)
	case events.InviteSettled:
		return o.closingSteps(e.Invite)
	case events.InviteDeclined:
		return o.closingSteps(e.Invite)
	case events.InviteRevoked:
		return o.closingSteps(e.Invite)
	case events.ProjectDeleted:
		if project := o.projects.At(e.Project); project != nil {
			steps := stepsOfEvent * (1 + project.granted.Len() + project.assignments.len() + project.overridden.len())
			if requested := o.requested.At(e.Project); requested != nil {
				steps += stepsOfEvent * requested.Len()
			}
			if inviting := o.inviting.At(e.Project); inviting != nil {
				steps += stepsOfEvent * inviting.Len()
			}
			return steps
		}
	case events.TeamMemberAdded:
		if member := o.members.At(e.Member); member != nil {
			return stepsOfEvent + len(member.teams)/idsPerStep
		}
	case events.TeamMemberRemoved:
		if member := o.members.At(e.Member); member != nil {
			return stepsOfEvent + len(member.teams)/idsPerStep
		}
	case events.TeamRemoved:
		if team := o.teams.At(e.Team); team != nil {
			return stepsOfEvent * (1 + team.projects.Len() + team.members.Len())
		}
	case events.TeamMoved:
		for range o.Descendants(e.Team) { // counts by itself
		}
	}
	return stepsOfEvent
}

// closingSteps returns what it costs to close an invite.
func (o Organization) closingSteps(id events.InviteID) int {
	if invite := o.findInvite(id); invite != nil {
		return stepsOfEvent * (1 + len(invite.projects))
	}
	return stepsOfEvent
}

// size counts what a change of scheme converts.
func (o Organization) size() int {
	return o.members.Len() + o.projects.Len() + o.teams.Len() + o.invites.Len() + o.askers.Len() + o.emailDomains.Len()
}
