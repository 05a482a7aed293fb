package api

import (
	"context"
	"errors"
	"time"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

const (
	// dryRunTimeout is how long a dry run may take.
	dryRunTimeout = 10 * time.Second
	// maxListed is the number of events, and of changes, that one answer to a dry run lists.
	maxListed = 1000
)

// dryRun answers with what the desk would do with a request now. The desk does nothing.
// After is the cursor of the page before; empty on the first.
func (s *Server) dryRun(ctx context.Context, r bus.Request[domain.Command], after string, c sentCommand) (*answer[Receipt], error) {
	behind, err := readRowKey(after)
	if err != nil {
		return nil, err
	}
	if r.Command, err = c.build(ctx, s.draftBuilder(r.Organization)); err != nil {
		return nil, c.invites.refuse(s.withRefusals(ctx, r, err))
	}
	view := s.Desk.View()
	version, _ := view.State.Last(r.Organization)
	if r.IfVersion != 0 && r.IfVersion != version {
		return nil, s.hideFromOutsiders(ctx, r, &bus.StaleError{Current: version})
	}
	m := s.requestMoment(view.State, r)
	var invites []invitedAddress
	would, err := within(ctx, s, timeLimit{"dry_run", dryRunTimeout}, func(ctx context.Context) (*dryRun, error) {
		walk := s.newWalk(ctx, view.State.Organization(r.Organization))
		result, err := view.State.DryRun(r.Organization, r.Command, m, walk.proceed)
		if errors.Is(err, domain.ErrAbandoned) {
			err = walk.err
		}
		if err != nil {
			walk.end() //nolint:errcheck // why it ended is known
			return nil, err
		}
		would, err := visibleChanges(walk, r.Actor, result, behind)
		if err != nil {
			return nil, err
		}
		if behind == beforeAll {
			invites, would.Warnings = c.invites.report(result.Events, nil), result.Warnings()
		}
		would.addHeld(r.Command, result.Before, r.Actor)
		return would, would.addCommands(r.Command, result.Before, m)
	})
	if err != nil {
		return nil, c.invites.refuse(err)
	}
	a := &answer[Receipt]{Position: view.Position, Body: Receipt{
		Position: view.Position, Version: version, Events: []ReceiptEvent{}, Invites: invites, DryRun: would,
	}}
	if version > 0 {
		a.ETag = etag(version)
	}
	return a, nil
}

// visibleChanges returns the part of a dry run that an actor may know: a page of the changes
// behind one and, on the first page, how many there are. It counts without holding them, and
// not for longer than so many steps.
func visibleChanges(walk *walk, actor events.UserID, result domain.DryRun, behind rowKey) (*dryRun, error) {
	first := behind == beforeAll
	would := &dryRun{Events: []dryRunEvent{}, Changes: []accessChange{}}
	for _, e := range result.Events[:min(len(result.Events), maxListed)] {
		would.Events = append(would.Events, dryRunEvent{e.Type()})
	}
	if first {
		would.Counts = &dryRunCounts{Events: len(result.Events)}
	}
	before, after := newSight(result.Before, actor), newSight(result.After, actor)
	most := maxPageSteps
	if first {
		most = maxCountSteps
	}
	reach := func(user events.UserID, project events.ProjectID) bool {
		return walk.reach(rowKey{First: string(user), Second: string(project)}, most)
	}
	for change := range result.ChangesUntil(events.UserID(behind.First), events.ProjectID(behind.Second), walk.proceed, reach) {
		if !before.sees(change) && !after.sees(change) {
			continue
		}
		switch {
		case len(would.Changes) < maxListed:
			would.Changes = append(would.Changes, changeOf(result.WithLevels(change)))
		case would.Next == "":
			last := would.Changes[maxListed-1]
			would.Next = rowKey{First: string(last.User), Second: string(last.Project)}.cursor()
		}
		if first {
			would.Counts.add(effectOf(change))
		} else if would.Next != "" {
			break
		}
	}
	if walk.stopped != nil {
		if would.Next == "" {
			would.Next = walk.stopped.cursor()
		}
		if first {
			would.Counts.Partial = true
		}
	}
	return would, walk.end()
}

// addCommands says, on the first page, what a declaration leads to.
func (d *dryRun) addCommands(c domain.Command, org domain.Organization, m events.Moment) error {
	declared, is := c.(domain.Declaration)
	if !is || d.Counts == nil {
		return nil
	}
	changes, err := declared.Changes(org, m)
	d.Commands, d.Counts.Commands = declaredCommandsOf(changes), len(changes)
	return err
}

// sight remembers of which accesses to an organization and its projects an actor may know.
type sight struct {
	org      domain.Organization
	actor    events.UserID
	projects map[events.ProjectID]bool
}

func newSight(org domain.Organization, actor events.UserID) sight {
	return sight{org, actor, map[events.ProjectID]bool{}}
}

// sees reports whether the actor may know what somebody may do. Everybody may know what they
// may do themselves.
func (s *sight) sees(c domain.AccessChange) bool {
	if s.actor == events.System || s.actor == c.User {
		return true
	}
	seen, known := s.projects[c.Project]
	if !known {
		view := domain.SeeingAccessOfOthers
		if c.Project == "" {
			view = domain.SeeingMembers
		}
		// Who else it is makes no difference.
		seen = s.org.Authorize(s.actor, view, domain.About{Project: c.Project, Member: c.User}) == nil
		s.projects[c.Project] = seen
	}
	return seen
}

func changeOf(c domain.AccessChange) accessChange {
	change := accessChange{User: c.User, Project: c.Project, From: c.From, To: c.To, Effect: effectOf(c)}
	for _, level := range c.Levels {
		change.Levels = append(change.Levels, levelChange(level))
	}
	return change
}

func effectOf(c domain.AccessChange) effect {
	switch {
	case c.From == "" && c.To != "":
		return gains
	case c.From != "" && c.To == "":
		return loses
	}
	return changes
}

// dryRun is what a command would do, as far as the actor may know.
type dryRun struct {
	Events  []dryRunEvent  `json:"events" doc:"What would happen, the first 1,000."`
	Counts  *dryRunCounts  `json:"counts,omitzero" doc:"Of all, not only of what is listed. Left out on a page that continues another."`
	Changes []accessChange `json:"changes" doc:"Who would gain, lose or change what, as far as you may see it: the first 1,000, by user, then project."`
	// Commands are those of a declaration.
	Commands []declaredCommand `json:"commands,omitzero" doc:"What a declaration leads to, the first 1,000; only on the first page."`
	Held     *holdings         `json:"held,omitzero" doc:"Of a removal: what the member holds, and would lose; only on the first page."`
	Warnings []string          `json:"warnings,omitzero" doc:"What whoever gives the command should know: that it gives away the organization; only on the first page."`
	Next     string            `json:"next,omitzero" doc:"The value of after for the changes that follow; left out if there are none."`
}

// dryRunCounts says how much a command would do.
type dryRunCounts struct {
	Events   int `json:"events" doc:"What would happen."`
	Gains    int `json:"gains" doc:"How many times somebody would gain access, to a project or the organization."`
	Loses    int `json:"loses" doc:"How many times somebody would lose all access."`
	Changes  int `json:"changes" doc:"How many times somebody would have other access than before."`
	Commands int `json:"commands,omitzero" doc:"What a declaration leads to."`
	// Partial says that not everybody was looked at.
	Partial bool `json:"partial,omitzero" doc:"Whether the organization is too large to count all: gains, loses and changes are then at least so many."`
}

func (c *dryRunCounts) add(of effect) {
	switch of {
	case gains:
		c.Gains++
	case loses:
		c.Loses++
	case changes:
		c.Changes++
	}
}

// dryRunEvent is one thing that would happen.
type dryRunEvent struct {
	Type events.Type `json:"type"`
}

// accessChange is a change in what one person may do.
type accessChange struct {
	User    events.UserID    `json:"user"`
	Project events.ProjectID `json:"project,omitzero" doc:"Left out: in the organization itself."`
	From    events.RoleKey   `json:"from,omitzero" doc:"The role before; left out: none."`
	To      events.RoleKey   `json:"to,omitzero" doc:"The role afterwards; left out: none."`
	Effect  effect           `json:"effect" enum:"gains,loses,changes"`
	Levels  []levelChange    `json:"levels,omitzero" doc:"The permissions whose level would change."`
}

// levelChange is a permission whose level would change.
type levelChange struct {
	Permission events.PermissionKey `json:"permission"`
	From       events.Level         `json:"from,omitzero" doc:"Left out: there is no such permission yet."`
	To         events.Level         `json:"to,omitzero" doc:"Left out: there is no such permission any more."`
}

// effect says whether somebody gains access, loses it, or has other access than before.
type effect string

const (
	gains   effect = "gains"
	loses   effect = "loses"
	changes effect = "changes"
)

// declaredCommand is a command that a declaration leads to.
type declaredCommand struct {
	Action  events.Action    `json:"action" doc:"The type of the command."`
	User    events.UserID    `json:"user,omitzero"`
	Team    string           `json:"team,omitzero" doc:"The team's name."`
	Project events.ProjectID `json:"project,omitzero"`
	From    string           `json:"from,omitzero" doc:"What is there before, such as a role."`
	To      string           `json:"to,omitzero" doc:"What is there afterwards."`
}

func declaredCommandsOf(changes []domain.DeclaredChange) []declaredCommand {
	return rowsOfSection(changes[:min(len(changes), maxListed)], func(c domain.DeclaredChange) declaredCommand {
		return declaredCommand{c.Action, c.Member, c.Team, c.Project, c.From, c.To}
	})
}
