package api

import (
	"context"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// forecast is what a command would lead to, as far as whoever asks may know.
type forecast struct {
	DryRun  bool             `json:"dry_run" doc:"True: nothing was done."`
	Events  []forecastEvent  `json:"events" doc:"What would happen."`
	Changes []forecastChange `json:"changes" doc:"Who would gain, lose or change what, as far as you may see it."`
}

// forecastEvent is one thing that would happen.
type forecastEvent struct {
	Type events.Type `json:"type"`
}

// forecastChange is a change in what one person may do.
type forecastChange struct {
	User    events.UserID    `json:"user"`
	Project events.ProjectID `json:"project,omitzero" doc:"Left out: in the organization itself."`
	From    events.RoleKey   `json:"from,omitzero" doc:"The role before; left out: none."`
	To      events.RoleKey   `json:"to,omitzero" doc:"The role afterwards; left out: none."`
	Effect  effect           `json:"effect" enum:"gains,loses,changes"`
	Levels  []forecastLevel  `json:"levels,omitzero" doc:"The permissions whose level would change."`
}

// forecastLevel is a permission whose level would change.
type forecastLevel struct {
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
func (s *Server) dryRun(ctx context.Context, r bus.Request[domain.Command], build unbuilt) (*answer[upshot], error) {
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
	told, err := foretell(view.State, r)
	if err != nil {
		return nil, err
	}
	a := &answer[upshot]{Position: view.Position, Body: upshot{told}}
	if version > 0 {
		a.ETag = etag(version)
	}
	return a, nil
}

// foretell decides a request and tells its sender what would come of it.
func foretell(state domain.Roster, r bus.Request[domain.Command]) (forecast, error) {
	result, err := state.DryRun(r.Organization, r.Command, momentOf(state, r))
	if err != nil {
		return forecast{}, err
	}
	told := forecast{DryRun: true, Events: make([]forecastEvent, len(result.Events)), Changes: []forecastChange{}}
	for i, e := range result.Events {
		told.Events[i].Type = e.Type()
	}
	for _, c := range result.Changes {
		if hearsOf(result.Before, r.Actor, c) || hearsOf(result.After, r.Actor, c) {
			told.Changes = append(told.Changes, changeOf(c))
		}
	}
	return told, nil
}

// hearsOf tells whether an actor may know what somebody may do: of themselves
// everybody does.
func hearsOf(org domain.Organization, actor events.UserID, c domain.AccessChange) bool {
	view := domain.SeeingAccessOfOthers
	if c.Project == "" {
		view = domain.SeeingMembers
	}
	return actor == events.System || actor == c.User ||
		org.Authorize(actor, view, domain.About{Project: c.Project, Member: c.User}) == nil
}

func changeOf(c domain.AccessChange) forecastChange {
	told := forecastChange{User: c.User, Project: c.Project, From: c.From, To: c.To, Effect: changes}
	switch {
	case c.From == "" && c.To != "":
		told.Effect = gains
	case c.From != "" && c.To == "":
		told.Effect = loses
	}
	for _, level := range c.Levels {
		told.Levels = append(told.Levels, forecastLevel(level))
	}
	return told
}
