package domain

import (
	"errors"

	"github.com/seed-2026d078/roster/events"
)

// ArchiveProject makes a project read only.
type ArchiveProject struct{ Project events.ProjectID }

// Decide lets those whom the scheme allows archive a project.
func (c ArchiveProject) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	err := org.Authorize(m.Actor, ArchivingProject, About{Project: c.Project})
	if errors.Is(err, ErrProjectArchived) {
		return nil, nil // already so
	}
	if err != nil {
		return nil, err
	}
	return []events.Event{events.ProjectArchived{Project: c.Project}}, nil
}

// RestoreProject ends the archiving of a project.
type RestoreProject struct{ Project events.ProjectID }

// Decide lets those whom the scheme allows restore a project.
func (c RestoreProject) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, RestoringProject, About{Project: c.Project}); err != nil {
		return nil, err
	}
	if !org.projects.At(c.Project).Archived {
		return nil, nil // already so
	}
	return []events.Event{events.ProjectRestored{Project: c.Project}}, nil
}
