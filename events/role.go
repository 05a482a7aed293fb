package events

// Role is a role of the organization or of a project.
type Role struct {
	Key   RoleKey `json:"key"`
	Label string  `json:"label,omitzero"`
	// Rank orders roles; nobody assigns a role ranked above their own.
	Rank   int    `json:"rank"`
	Levels Levels `json:"levels,omitzero"`
	// OwnLevels says that holders can have levels of their own, and how these combine
	// with the role's; the zero value means that they have none.
	OwnLevels OwnLevels `json:"own_levels,omitzero"`
	// AllProjects is the project role that holders have on every project; empty means none.
	AllProjects RoleKey `json:"all_projects,omitzero"`
	// DefaultProjectRole is the project role that holders of a role of the organization
	// get if none is stated; empty means the project role that is the default for all.
	DefaultProjectRole RoleKey `json:"default_project_role,omitzero"`
	// Bypass grants everything on the organization and on every project that
	// AllProjects reaches; neither levels nor overrides restrict it.
	Bypass bool `json:"bypass,omitzero"`
	// Protected means that nobody but the system removes or changes holders; people pass
	// the role on only by a transfer of ownership.
	Protected bool `json:"protected,omitzero"`
	// AtLeast is how many holders must stay once there are as many; on projects,
	// holders of a higher role count, too.
	AtLeast int `json:"at_least,omitzero"`
	// Default says that this is the role that somebody gets if none is stated.
	Default bool `json:"default,omitzero"`
	// HandedOutBy lists the roles of the same kind whose holders may give or take this
	// role; empty means that every role may, as far as ranks allow.
	HandedOutBy []RoleKey `json:"handed_out_by,omitzero"`
	// Custom marks a role that the organization has defined for itself.
	Custom bool `json:"custom,omitzero"`
}

// OwnLevels says how somebody's own levels combine with those of their role.
type OwnLevels string

// The ways in which own levels combine.
const (
	// Instead replaces the levels of the role, all of them.
	Instead OwnLevels = "instead"
	// OnTop takes the higher of both for each permission.
	OnTop OwnLevels = "on_top"
)

// CustomRoles says which roles organizations may define for themselves.
type CustomRoles struct {
	Organization CustomLimit `json:"organization,omitzero"`
	Project      CustomLimit `json:"project,omitzero"`
}

// CustomLimit bounds the roles that an organization defines.
type CustomLimit struct {
	Allowed bool `json:"allowed,omitzero"`
	// UpTo is the role that bounds the rank and the levels of custom ones; empty
	// leaves them bounded by what their author has.
	UpTo RoleKey `json:"up_to,omitzero"`
}

// RoleKind says whether a role is one of the organization or one on projects.
type RoleKind string

// The kinds of role that organizations can define.
const (
	OrganizationRoleKind RoleKind = "organization"
	ProjectRoleKind      RoleKind = "project"
)
