package events

import "time"

// ProjectCreated opens a project.
type ProjectCreated struct {
	Project     ProjectID `json:"project"`
	Name        string    `json:"name"`
	Description string    `json:"description,omitzero"`
}

func (ProjectCreated) Type() Type            { return "project.created.v1" }
func (e ProjectCreated) Subjects() []Subject { return about(e.Project) }
func (ProjectCreated) event()                {}
func (e ProjectCreated) Created() Subject    { return e.Project.subject() }

// ProjectRenamed changes a project's name, nothing else.
type ProjectRenamed struct {
	Project ProjectID `json:"project"`
	From    string    `json:"from"`
	To      string    `json:"to"`
}

func (ProjectRenamed) Type() Type            { return "project.renamed.v1" }
func (e ProjectRenamed) Subjects() []Subject { return about(e.Project) }
func (ProjectRenamed) event()                {}
func (ProjectRenamed) keepsAccess()          {}

// ProjectDescribed gives a project another description; an empty one removes it.
type ProjectDescribed struct {
	Project     ProjectID `json:"project"`
	Description string    `json:"description,omitzero"`
}

func (ProjectDescribed) Type() Type            { return "project.described.v1" }
func (e ProjectDescribed) Subjects() []Subject { return about(e.Project) }
func (ProjectDescribed) event()                {}
func (ProjectDescribed) keepsAccess()          {}

// ProjectArchived makes a project read only.
type ProjectArchived struct {
	Project ProjectID `json:"project"`
}

func (ProjectArchived) Type() Type            { return "project.archived.v1" }
func (e ProjectArchived) Subjects() []Subject { return about(e.Project) }
func (ProjectArchived) event()                {}

// ProjectRestored ends the archiving of a project.
type ProjectRestored struct {
	Project ProjectID `json:"project"`
}

func (ProjectRestored) Type() Type            { return "project.restored.v1" }
func (e ProjectRestored) Subjects() []Subject { return about(e.Project) }
func (ProjectRestored) event()                {}

// ProjectDeleted ends a project with every grant, assignment, override and link.
type ProjectDeleted struct {
	Project ProjectID `json:"project"`
}

func (ProjectDeleted) Type() Type            { return "project.deleted.v1" }
func (e ProjectDeleted) Subjects() []Subject { return about(e.Project) }
func (ProjectDeleted) event()                {}

// ProjectHandedOver says that another member of the project takes the creator's place: from
// now on they are marked, and protected, as the creator was. Their role comes from other
// events.
type ProjectHandedOver struct {
	Project ProjectID `json:"project"`
	// From had the creator's place, To takes it.
	From UserID `json:"from"`
	To   UserID `json:"to"`
}

func (ProjectHandedOver) Type() Type            { return "project.handed_over.v1" }
func (e ProjectHandedOver) Subjects() []Subject { return about(e.Project, e.From, e.To) }
func (ProjectHandedOver) event()                {}
func (ProjectHandedOver) keepsAccess()          {}

// ProjectMemberAdded grants a member a role on a project directly.
type ProjectMemberAdded struct {
	Project ProjectID `json:"project"`
	Member  UserID    `json:"member"`
	Role    RoleKey   `json:"role"`
	// Levels are the person's own on the project.
	Levels Levels `json:"levels,omitzero"`
	// From is when the grant starts; the zero value means at once.
	From time.Time `json:"from,omitzero"`
	// Until is when the grant ends; the zero value means never.
	Until time.Time `json:"until,omitzero"`
	// Creator says that the grant came with creating the project.
	Creator bool `json:"creator,omitzero"`
	// Invite is the invite that was accepted; empty if the grant was given otherwise.
	Invite InviteID `json:"invite,omitzero"`
	// InvitedBy is who sent the invite, and so gave the role; empty is the system.
	InvitedBy UserID `json:"invited_by,omitzero"`
}

func (ProjectMemberAdded) Type() Type { return "project_membership.added.v1" }
func (e ProjectMemberAdded) Subjects() []Subject {
	return about(e.Member, e.Project, e.Invite, e.InvitedBy)
}
func (ProjectMemberAdded) event() {}

// ProjectRoleChanged gives a project member another role there.
type ProjectRoleChanged struct {
	Project ProjectID `json:"project"`
	Member  UserID    `json:"member"`
	From    RoleKey   `json:"from"`
	To      RoleKey   `json:"to"`
	// KeptLevels are as in [RoleChanged].
	KeptLevels Levels `json:"kept_levels,omitzero"`
}

func (ProjectRoleChanged) Type() Type            { return "project_membership.role_changed.v1" }
func (e ProjectRoleChanged) Subjects() []Subject { return about(e.Member, e.Project) }
func (ProjectRoleChanged) event()                {}

// ProjectMemberRemoved ends a direct grant; access through teams remains.
type ProjectMemberRemoved struct {
	Project ProjectID `json:"project"`
	Member  UserID    `json:"member"`
}

func (ProjectMemberRemoved) Type() Type            { return "project_membership.removed.v1" }
func (e ProjectMemberRemoved) Subjects() []Subject { return about(e.Member, e.Project) }
func (ProjectMemberRemoved) event()                {}
