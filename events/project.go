package events

import "time"

// ProjectCreated opens a project.
type ProjectCreated struct {
	Project ProjectID `json:"project"`
	Name    string    `json:"name"`
}

// ProjectRenamed changes a project's name, nothing else.
type ProjectRenamed struct {
	Project ProjectID `json:"project"`
	From    string    `json:"from"`
	To      string    `json:"to"`
}

// ProjectArchived makes a project read only.
type ProjectArchived struct {
	Project ProjectID `json:"project"`
}

// ProjectRestored ends the archiving of a project.
type ProjectRestored struct {
	Project ProjectID `json:"project"`
}

// ProjectDeleted ends a project with every grant, assignment, override and link.
type ProjectDeleted struct {
	Project ProjectID `json:"project"`
}

// ProjectMemberAdded grants a member a role on a project directly.
type ProjectMemberAdded struct {
	Project ProjectID `json:"project"`
	Member  UserID    `json:"member"`
	Role    RoleKey   `json:"role"`
	// Levels are the person's own on the project.
	Levels Levels `json:"levels,omitzero"`
	// Until is when the grant ends; the zero value never does.
	Until time.Time `json:"until,omitzero"`
	// Creator says that the grant came with creating the project.
	Creator bool `json:"creator,omitzero"`
}

// ProjectRoleChanged gives a project member another role there.
type ProjectRoleChanged struct {
	Project ProjectID `json:"project"`
	Member  UserID    `json:"member"`
	From    RoleKey   `json:"from"`
	To      RoleKey   `json:"to"`
}

// ProjectMemberRemoved ends a direct grant; access through teams remains.
type ProjectMemberRemoved struct {
	Project ProjectID `json:"project"`
	Member  UserID    `json:"member"`
}

// Type returns the wire name.
func (ProjectCreated) Type() Type { return "project.created.v1" }

// Type returns the wire name.
func (ProjectMemberAdded) Type() Type { return "project_membership.added.v1" }

// Type returns the wire name.
func (ProjectRoleChanged) Type() Type { return "project_membership.role_changed.v1" }

// Type returns the wire name.
func (ProjectMemberRemoved) Type() Type { return "project_membership.removed.v1" }

func (ProjectCreated) event()       {}
func (ProjectMemberAdded) event()   {}
func (ProjectRoleChanged) event()   {}
func (ProjectMemberRemoved) event() {}

// Type returns the wire name.
func (ProjectRenamed) Type() Type { return "project.renamed.v1" }

// Type returns the wire name.
func (ProjectArchived) Type() Type { return "project.archived.v1" }

// Type returns the wire name.
func (ProjectRestored) Type() Type { return "project.restored.v1" }

// Type returns the wire name.
func (ProjectDeleted) Type() Type { return "project.deleted.v1" }

func (ProjectRenamed) event()  {}
func (ProjectArchived) event() {}
func (ProjectRestored) event() {}
func (ProjectDeleted) event()  {}
