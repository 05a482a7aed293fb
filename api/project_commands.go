package api

import (
	"context"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type createProject struct {
	Project events.ProjectID `json:"project,omitzero" doc:"The id; left out: a new one." maxLength:"255"`
	Name    string           `json:"name,omitzero" doc:"Left out: the id." maxLength:"255"`
}

func (o createProject) command(context.Context, clerk) (domain.Command, error) {
	id := named(o.Project)
	name := o.Name
	if name == "" {
		name = string(id)
	}
	return domain.CreateProject{Project: id, Name: name}, nil
}

type renameProject struct {
	Project events.ProjectID `json:"project"`
	Name    string           `json:"name" maxLength:"255"`
}

func (o renameProject) command(context.Context, clerk) (domain.Command, error) {
	return domain.RenameProject{Project: o.Project, To: o.Name}, nil
}

type archiveProject struct {
	Project events.ProjectID `json:"project"`
}

func (o archiveProject) command(context.Context, clerk) (domain.Command, error) {
	return domain.ArchiveProject{Project: o.Project}, nil
}

type restoreProject struct {
	Project events.ProjectID `json:"project"`
}

func (o restoreProject) command(context.Context, clerk) (domain.Command, error) {
	return domain.RestoreProject{Project: o.Project}, nil
}

type deleteProject struct {
	Project events.ProjectID `json:"project"`
}

func (o deleteProject) command(context.Context, clerk) (domain.Command, error) {
	return domain.DeleteProject{Project: o.Project}, nil
}
