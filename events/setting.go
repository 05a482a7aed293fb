package events

// Teams says whether and how there are teams.
type Teams struct {
	On bool `json:"on,omitzero"`
	// Nested teams have parents.
	Nested bool `json:"nested,omitzero"`
	// Inherit gives the members of a team the projects of the teams above it.
	Inherit bool `json:"inherit,omitzero"`
	// MaxDepth is how many levels of teams commands may make, where a team without a parent is
	// the first; 0 is [MaxTeamDepth].
	MaxDepth int `json:"max_depth,omitzero"`
	// Confer says which role members get where a team is assigned; the zero value
	// is the one stated on the assignment.
	Confer Conferral `json:"confer,omitzero"`
	// Roles within a team; they do not change what the team confers.
	Roles []Role `json:"roles,omitzero"`
}

// MaxTeamDepth is the most levels of teams that a scheme may allow.
const MaxTeamDepth = 32

// Depth returns how many levels of teams commands may make.
func (t Teams) Depth() int {
	if t.MaxDepth == 0 {
		return MaxTeamDepth
	}
	return t.MaxDepth
}

// Conferral says which project role the members of a team get.
type Conferral string

// The ways to confer a role.
const (
	// StatedRole is the role that the assignment states.
	StatedRole Conferral = "stated"
	// MembersDefault is the default project role of each member's role in the
	// organization; assignments state none.
	MembersDefault Conferral = "default_project_role"
)

// Visibility says who sees that a project exists.
type Visibility string

// The visibilities of projects.
const (
	ToMembers      Visibility = "members"
	ToOrganization Visibility = "organization"
)

// Overrides says whether single permissions of a person on a project can be set
// beside the role.
type Overrides struct {
	On bool `json:"on,omitzero"`
	// May says in which direction they change a level; the zero value means both.
	May OverrideDirection `json:"may,omitzero"`
}

// OverrideDirection says what overrides can do to a level.
type OverrideDirection string

// The directions of overrides.
const (
	RaiseAndLower OverrideDirection = "both"
	RaiseOnly     OverrideDirection = "raise"
	LowerOnly     OverrideDirection = "lower"
)

// PublicLink says whether a project can have a link, and what everybody who has the link
// may do there.
type PublicLink struct {
	Allowed bool   `json:"allowed,omitzero"`
	Levels  Levels `json:"levels,omitzero"`
}

// Seats says how many members an organization can have.
type Seats struct {
	// Limit is how many seats there are where the organization's own limit is not
	// set; 0 is no limit.
	Limit int `json:"limit,omitzero"`
	// InvitesHold gives each pending invite a seat.
	InvitesHold bool `json:"invites_hold,omitzero"`
}

// RoleNotices says when and where people hear that their role has changed.
type RoleNotices struct {
	// When is when they hear; the zero value is both.
	When NoticeTime `json:"when,omitzero"`
	// Channels are where they hear; empty is every channel there is.
	Channels []string `json:"channels,omitzero"`
}

// NoticeTime says when somebody hears that their role has changed.
type NoticeTime string

// The times of notices.
const (
	// AtNextAccess tells when the person next opens what the role is on, once.
	AtNextAccess NoticeTime = "next_access"
	// AtOnce tells in the person's notifications, and not again at the next access.
	AtOnce NoticeTime = "at_once"
	// BothTimes tells in the notifications, and at the next access.
	BothTimes NoticeTime = "both"
)
