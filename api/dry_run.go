package api

import (
	"context"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// dryRun is what a command would do, as far as whoever asks may know.
type dryRun struct {
	Events  []dryRunEvent  `json:"events" doc:"What would happen."`
	Changes []accessChange `json:"changes" doc:"Who would gain, lose or change what, as far as you may see it."`
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

// effect says in one word what a change is to the person.
type effect string

const (
	gains   effect = "gains"
	loses   effect = "loses"
	changes effect = "changes"
)

// dryRun answers what the desk would do with a request as things stand, without asking it.
func (s *Server) dryRun(ctx context.Context, r bus.Request[domain.Command], build unbuilt) (*answer[Receipt], error) {
	var err error
	if r.Command, err = build(ctx, s.draftBuilder(r.Organization)); err != nil {
		return nil, err
	}
	view := s.Desk.View()
	version, _ := view.State.Last(r.Organization)
	if r.IfVersion != 0 && r.IfVersion != version {
		return nil, s.hideFromOutsiders(ctx, r, &bus.StaleError{Current: version})
	}
	end, err := s.turn(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	result, err := view.State.DryRun(r.Organization, r.Command, momentOf(view.State, r))
	if err != nil {
		return nil, err
	}
	a := &answer[Receipt]{Position: view.Position, Body: Receipt{
		Position: view.Position, Version: version, Events: []ReceiptEvent{}, DryRun: visibleTo(r.Actor, result),
	}}
	if version > 0 {
		a.ETag = etag(version)
	}
	return a, nil
}

// visibleTo returns what an actor may know of a dry run.
func visibleTo(actor events.UserID, result domain.DryRun) *dryRun {
	visible := &dryRun{Events: make([]dryRunEvent, len(result.Events)), Changes: []accessChange{}}
	for i, e := range result.Events {
		visible.Events[i].Type = e.Type()
	}
	for _, c := range result.Changes {
		if seesChange(result.Before, actor, c) || seesChange(result.After, actor, c) {
			visible.Changes = append(visible.Changes, changeOf(c))
		}
	}
	return visible
}

// seesChange tells whether an actor may know what somebody may do. Everybody may know it
// of themselves.
func seesChange(org domain.Organization, actor events.UserID, c domain.AccessChange) bool {
	view := domain.SeeingAccessOfOthers
	if c.Project == "" {
		view = domain.SeeingMembers
	}
	return actor == events.System || actor == c.User ||
		org.Authorize(actor, view, domain.About{Project: c.Project, Member: c.User}) == nil
}

func changeOf(c domain.AccessChange) accessChange {
	change := accessChange{User: c.User, Project: c.Project, From: c.From, To: c.To, Effect: changes}
	switch {
	case c.From == "" && c.To != "":
		change.Effect = gains
	case c.From != "" && c.To == "":
		change.Effect = loses
	}
	for _, level := range c.Levels {
		change.Levels = append(change.Levels, levelChange(level))
	}
	return change
}
