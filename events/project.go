package events

// ProjectCreated opens a project.
type ProjectCreated struct {
	Project ProjectID `json:"project"`
	Name    string    `json:"name"`
}

// ProjectMemberAdded grants a member a role on a project directly.
type ProjectMemberAdded struct {
	Project ProjectID `json:"project"`
	Member  UserID    `json:"member"`
	Role    RoleKey   `json:"role"`
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
