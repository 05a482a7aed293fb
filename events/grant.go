package events

import "time"

// ProjectLevelsChanged gives a project member other levels of their own there.
type ProjectLevelsChanged struct {
	Project ProjectID `json:"project"`
	Member  UserID    `json:"member"`
	From    Levels    `json:"from,omitzero"`
	To      Levels    `json:"to,omitzero"`
}

func (ProjectLevelsChanged) Type() Type            { return "project_membership.levels_changed.v1" }
func (e ProjectLevelsChanged) Subjects() []Subject { return about(e.Member, e.Project) }
func (ProjectLevelsChanged) event()                {}

// ProjectMemberStartChanged says when a direct grant starts that is not in effect yet, or not any more;
// the zero time means at once.
type ProjectMemberStartChanged struct {
	Project ProjectID `json:"project"`
	Member  UserID    `json:"member"`
	From    time.Time `json:"from,omitzero"`
	To      time.Time `json:"to,omitzero"`
}

func (ProjectMemberStartChanged) Type() Type            { return "project_membership.start_changed.v1" }
func (e ProjectMemberStartChanged) Subjects() []Subject { return about(e.Member, e.Project) }
func (ProjectMemberStartChanged) event()                {}

// ProjectMembershipStarted records that the start of a direct grant has passed, which has given access
// since then.
type ProjectMembershipStarted struct {
	Project ProjectID `json:"project"`
	Member  UserID    `json:"member"`
	// From is the start that passed.
	From time.Time `json:"from"`
}

func (ProjectMembershipStarted) Type() Type            { return "project_membership.started.v1" }
func (e ProjectMembershipStarted) Subjects() []Subject { return about(e.Member, e.Project) }
func (ProjectMembershipStarted) event()                {}

// ProjectMemberEndChanged says when a direct grant ends; the zero time means never.
type ProjectMemberEndChanged struct {
	Project ProjectID `json:"project"`
	Member  UserID    `json:"member"`
	From    time.Time `json:"from,omitzero"`
	To      time.Time `json:"to,omitzero"`
}

func (ProjectMemberEndChanged) Type() Type            { return "project_membership.end_changed.v1" }
func (e ProjectMemberEndChanged) Subjects() []Subject { return about(e.Member, e.Project) }
func (ProjectMemberEndChanged) event()                {}

// ProjectMembershipEnded records that the end of a direct grant has passed, which has given nothing
// since then.
type ProjectMembershipEnded struct {
	Project ProjectID `json:"project"`
	Member  UserID    `json:"member"`
	// Until is the end that passed.
	Until time.Time `json:"until"`
}

func (ProjectMembershipEnded) Type() Type            { return "project_membership.ended.v1" }
func (e ProjectMembershipEnded) Subjects() []Subject { return about(e.Member, e.Project) }
func (ProjectMembershipEnded) event()                {}

// OverrideSet sets the level of one permission of a person on a project, which replaces
// that of their role.
type OverrideSet struct {
	Project    ProjectID     `json:"project"`
	Member     UserID        `json:"member"`
	Permission PermissionKey `json:"permission"`
	Level      Level         `json:"level"`
}

func (OverrideSet) Type() Type            { return "override.set.v1" }
func (e OverrideSet) Subjects() []Subject { return about(e.Member, e.Project) }
func (OverrideSet) event()                {}

// OverrideCleared removes an override: the level of the role counts again.
type OverrideCleared struct {
	Project    ProjectID     `json:"project"`
	Member     UserID        `json:"member"`
	Permission PermissionKey `json:"permission"`
}

func (OverrideCleared) Type() Type            { return "override.cleared.v1" }
func (e OverrideCleared) Subjects() []Subject { return about(e.Member, e.Project) }
func (OverrideCleared) event()                {}
