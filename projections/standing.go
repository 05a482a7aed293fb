package projections

import (
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// standing is what somebody may do on a project, and why, as it is shown.
type standing struct {
	domain.Access
	sources   []Source
	overrides []Override
}

// collected is what standingOf finds of somebody on a project.
type collected struct {
	sources, overrides []byte
	archived           bool
}

// standingOf is the SQL of the columns of [collected], for a person on a project of
// the organization $1: by the reasons that hold now, or by those that do not.
func standingOf(user, project string, hold bool) string {
	return sourcesOf(user, project, hold) + `, ` + overridesOf(user, project) + `,
		(SELECT o.archived OR a.archived FROM organization o JOIN project a USING (org_id) WHERE a.org_id = $1 AND a.project_id = ` + project + `)`
}

// resolve lets package domain say what was found comes to.
func (r rules) resolve(org events.OrganizationID, project events.ProjectID, found collected) (standing, error) {
	sources, called, err := readSources(found.sources)
	if err != nil {
		return standing{}, err
	}
	set, err := readOverrides(project, found.overrides)
	if err != nil {
		return standing{}, err
	}
	access := r.Resolve(sources, set)
	shown := shownOverrides(org, set, access)
	if found.archived {
		access = access.AsReadOnly()
	}
	return standing{access, shownSources(org, access.Sources, called), shown}, nil
}
