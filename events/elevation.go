package events

import "time"

// Elevated gives somebody a higher role for a time, beside what they have without it: in the organization, or on a project. It
// ends by itself, and ends early with [ElevationEnded]. What also ends it is implied: the person is deactivated or removed, the
// role that it is above changes, the project is deleted, or the scheme changes.
type Elevated struct {
	// Request is what asked for it. Whoever approved that is the actor of the event.
	Request AccessRequestID `json:"request"`
	Member  UserID          `json:"member"`
	// Project is empty if it is a role in the organization.
	Project ProjectID `json:"project,omitzero"`
	Role    RoleKey   `json:"role"`
	// Until is when it ends.
	Until time.Time `json:"until"`
}

func (Elevated) Type() Type            { return "elevation.started.v1" }
func (e Elevated) Subjects() []Subject { return about(e.Member, e.Request, e.Project) }
func (Elevated) event()                {}

// ElevationEnded ends an elevation early, or records that its end has passed.
type ElevationEnded struct {
	Request AccessRequestID `json:"request"`
	Member  UserID          `json:"member"`
	// Project is empty if it was a role in the organization.
	Project ProjectID `json:"project,omitzero"`
	Role    RoleKey   `json:"role"`
	// Until is the end that passed; the zero value if it ended early.
	Until time.Time `json:"until,omitzero"`
}

func (ElevationEnded) Type() Type            { return "elevation.ended.v1" }
func (e ElevationEnded) Subjects() []Subject { return about(e.Member, e.Request, e.Project) }
func (ElevationEnded) event()                {}

// Elevation says which higher roles can be asked for, for a time. What it does not list nobody can ask for.
type Elevation struct {
	// Organization are about roles in the organization, Project about those on projects.
	Organization []ElevationRule `json:"organization,omitzero"`
	Project      []ElevationRule `json:"project,omitzero"`
}

// ElevationRule says who can ask for a role, for how long, and who approves.
type ElevationRule struct {
	Role RoleKey `json:"role"`
	// From are the roles whose holders can ask for it; empty is every role that ranks below it.
	From []RoleKey `json:"from,omitzero"`
	// MaxHours is how long it lasts at most.
	MaxHours int `json:"max_hours"`
	// ReasonRequired says that whoever asks says why.
	ReasonRequired bool `json:"reason_required,omitzero"`
	// Approvers decide, as far as they may give the role themselves; left out: those who may change the roles of others.
	Approvers *Allowance `json:"approvers,omitzero"`
}
