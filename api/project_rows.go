package api

import (
	"context"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// projectRow is a project as a list shows it.
type projectRow struct {
	projections.Project
	Role   events.RoleKey `json:"role,omitzero" doc:"The actor's own, whatever the source."`
	People *int           `json:"people,omitzero" doc:"How many are on it; only for those who see its members."`
	Teams  *int           `json:"teams,omitzero" doc:"How many of the teams that the actor sees are on it; only for those who see its members."`
	Offered
}

// hideLink keeps from others than those who see public links whether there is one.
func hideLink(org domain.Organization, actor events.UserID, p *projections.Project) {
	if org.Authorize(actor, domain.SeeingPublicLink, domain.About{Project: p.ID}) != nil {
		p.PublicLink = nil
	}
}

// projectRows adds to projects what the actor has, sees, and may do there.
func (s *Server) projectRows(ctx context.Context, org domain.Organization, found projections.List[projections.Project]) (projections.List[projectRow], error) {
	m := present(ctx, org)
	var open []events.ProjectID // the lists of members
	page := rows(found, func(p projections.Project) projectRow {
		hideLink(org, m.Actor, &p)
		if org.Authorize(m.Actor, domain.SeeingProjectMembers, domain.About{Project: p.ID}) == nil {
			open = append(open, p.ID)
		}
		return projectRow{Project: p, Role: org.Access(m.Actor, p.ID).Role, Offered: offeredTo(org.ActionsOnProject(m, p.ID), domain.AddingProjectMember)}
	})
	if open == nil {
		return page, nil
	}
	counts, err := s.Database.CountProjects(ctx, org.ID(), open)
	if err != nil {
		return page, err
	}
	for i := range page.Items {
		row := &page.Items[i]
		if of, counted := counts[row.ID]; counted {
			teams := countTeams(org, m, row.ID)
			row.People, row.Teams = &of.People, &teams
		}
	}
	return page, nil
}

// countTeams counts the teams on a project of which the actor may know.
func countTeams(org domain.Organization, m events.Moment, id events.ProjectID) int {
	project, _ := org.Project(id)
	teams := 0
	for a := range project.Assignments() {
		if ended := !a.Until.IsZero() && !m.At.Before(a.Until); !ended && knows(org, m.Actor, a.Team) {
			teams++
		}
	}
	return teams
}
