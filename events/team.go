package events

import "time"

// TeamCreated opens a team, under a parent or at the top level.
type TeamCreated struct {
	Team        TeamID  `json:"team"`
	Name        string  `json:"name"`
	Parent      TeamID  `json:"parent,omitzero"`
	Description string  `json:"description,omitzero"`
	Privacy     Privacy `json:"privacy,omitzero"`
	Colour      Colour  `json:"colour,omitzero"`
}

func (TeamCreated) Type() Type            { return "team.created.v1" }
func (e TeamCreated) Subjects() []Subject { return about(e.Team, e.Parent) }
func (TeamCreated) event()                {}
func (TeamCreated) keepsAccess()          {}
func (e TeamCreated) Created() Subject    { return e.Team.subject() }

// Colour is that of a team's icon, as in #1a2b3c; empty leaves it to the product.
type Colour string

// Privacy says who sees a team: everybody in the organization, or with Secret
// its own members and those who manage teams. The zero value leaves it unsaid
// and means the same as Closed.
type Privacy string

// The privacies of a team.
const (
	Closed Privacy = "closed"
	Secret Privacy = "secret"
)

// TeamRenamed changes a team's name, nothing else.
type TeamRenamed struct {
	Team TeamID `json:"team"`
	From string `json:"from"`
	To   string `json:"to"`
}

func (TeamRenamed) Type() Type            { return "team.renamed.v1" }
func (e TeamRenamed) Subjects() []Subject { return about(e.Team) }
func (TeamRenamed) event()                {}
func (TeamRenamed) keepsAccess()          {}

// TeamMoved puts a team with all below it under another parent; empty is the
// top level.
type TeamMoved struct {
	Team TeamID `json:"team"`
	From TeamID `json:"from,omitzero"`
	To   TeamID `json:"to,omitzero"`
}

func (TeamMoved) Type() Type            { return "team.moved.v1" }
func (e TeamMoved) Subjects() []Subject { return about(e.Team, e.From, e.To) }
func (TeamMoved) event()                {}

// TeamDescribed says anew how a team presents itself.
type TeamDescribed struct {
	Team        TeamID  `json:"team"`
	Description string  `json:"description,omitzero"`
	Privacy     Privacy `json:"privacy,omitzero"`
}

func (TeamDescribed) Type() Type            { return "team.described.v1" }
func (e TeamDescribed) Subjects() []Subject { return about(e.Team) }
func (TeamDescribed) event()                {}
func (TeamDescribed) keepsAccess()          {}

// TeamColoured changes the colour of a team's icon.
type TeamColoured struct {
	Team TeamID `json:"team"`
	From Colour `json:"from,omitzero"`
	To   Colour `json:"to,omitzero"`
}

func (TeamColoured) Type() Type            { return "team.coloured.v1" }
func (e TeamColoured) Subjects() []Subject { return about(e.Team) }
func (TeamColoured) event()                {}
func (TeamColoured) keepsAccess()          {}

// TeamRemoved ends a team with its memberships and assignments.
type TeamRemoved struct {
	Team TeamID `json:"team"`
}

func (TeamRemoved) Type() Type            { return "team.removed.v1" }
func (e TeamRemoved) Subjects() []Subject { return about(e.Team) }
func (TeamRemoved) event()                {}

// TeamMemberAdded puts a member of the organization into a team.
type TeamMemberAdded struct {
	Team   TeamID  `json:"team"`
	Member UserID  `json:"member"`
	Role   RoleKey `json:"role"`
}

func (TeamMemberAdded) Type() Type            { return "team_membership.added.v1" }
func (e TeamMemberAdded) Subjects() []Subject { return about(e.Member, e.Team) }
func (TeamMemberAdded) event()                {}

// TeamRoleChanged gives a team member another role in the team.
type TeamRoleChanged struct {
	Team   TeamID  `json:"team"`
	Member UserID  `json:"member"`
	From   RoleKey `json:"from"`
	To     RoleKey `json:"to"`
}

func (TeamRoleChanged) Type() Type            { return "team_membership.role_changed.v1" }
func (e TeamRoleChanged) Subjects() []Subject { return about(e.Member, e.Team) }
func (TeamRoleChanged) event()                {}
func (TeamRoleChanged) keepsAccess()          {}

// TeamMemberRemoved takes someone out of a team.
type TeamMemberRemoved struct {
	Team   TeamID `json:"team"`
	Member UserID `json:"member"`
}

func (TeamMemberRemoved) Type() Type            { return "team_membership.removed.v1" }
func (e TeamMemberRemoved) Subjects() []Subject { return about(e.Member, e.Team) }
func (TeamMemberRemoved) event()                {}

// TeamAssigned gives everybody in a team a role on a project.
type TeamAssigned struct {
	Team    TeamID    `json:"team"`
	Project ProjectID `json:"project"`
	// Role is empty where the scheme confers each member's default.
	Role RoleKey `json:"role,omitzero"`
	// From is when the assignment starts; the zero value means at once.
	From time.Time `json:"from,omitzero"`
	// Until is when the assignment ends; the zero value means never.
	Until time.Time `json:"until,omitzero"`
}

func (TeamAssigned) Type() Type            { return "assignment.added.v1" }
func (e TeamAssigned) Subjects() []Subject { return about(e.Team, e.Project) }
func (TeamAssigned) event()                {}

// AssignmentChanged changes the role that an assignment confers.
type AssignmentChanged struct {
	Team    TeamID    `json:"team"`
	Project ProjectID `json:"project"`
	From    RoleKey   `json:"from"`
	To      RoleKey   `json:"to"`
}

func (AssignmentChanged) Type() Type            { return "assignment.role_changed.v1" }
func (e AssignmentChanged) Subjects() []Subject { return about(e.Team, e.Project) }
func (AssignmentChanged) event()                {}

// AssignmentStartChanged says when an assignment starts that is not in effect yet, or not any more; the
// zero time means at once.
type AssignmentStartChanged struct {
	Team    TeamID    `json:"team"`
	Project ProjectID `json:"project"`
	From    time.Time `json:"from,omitzero"`
	To      time.Time `json:"to,omitzero"`
}

func (AssignmentStartChanged) Type() Type            { return "assignment.start_changed.v1" }
func (e AssignmentStartChanged) Subjects() []Subject { return about(e.Team, e.Project) }
func (AssignmentStartChanged) event()                {}

// AssignmentStarted records that the start of an assignment has passed, which has given access since then.
type AssignmentStarted struct {
	Team    TeamID    `json:"team"`
	Project ProjectID `json:"project"`
	// From is the start that passed.
	From time.Time `json:"from"`
}

func (AssignmentStarted) Type() Type            { return "assignment.started.v1" }
func (e AssignmentStarted) Subjects() []Subject { return about(e.Team, e.Project) }
func (AssignmentStarted) event()                {}

// AssignmentEndChanged says when an assignment ends; the zero time means never.
type AssignmentEndChanged struct {
	Team    TeamID    `json:"team"`
	Project ProjectID `json:"project"`
	From    time.Time `json:"from,omitzero"`
	To      time.Time `json:"to,omitzero"`
}

func (AssignmentEndChanged) Type() Type            { return "assignment.end_changed.v1" }
func (e AssignmentEndChanged) Subjects() []Subject { return about(e.Team, e.Project) }
func (AssignmentEndChanged) event()                {}

// AssignmentEnded records that the end of an assignment has passed, which has given nothing since
// then.
type AssignmentEnded struct {
	Team    TeamID    `json:"team"`
	Project ProjectID `json:"project"`
	// Until is the end that passed.
	Until time.Time `json:"until"`
}

func (AssignmentEnded) Type() Type            { return "assignment.ended.v1" }
func (e AssignmentEnded) Subjects() []Subject { return about(e.Team, e.Project) }
func (AssignmentEnded) event()                {}

// TeamUnassigned takes a team off a project.
type TeamUnassigned struct {
	Team    TeamID    `json:"team"`
	Project ProjectID `json:"project"`
}

func (TeamUnassigned) Type() Type            { return "assignment.removed.v1" }
func (e TeamUnassigned) Subjects() []Subject { return about(e.Team, e.Project) }
func (TeamUnassigned) event()                {}
