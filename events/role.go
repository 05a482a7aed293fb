package events

// Role is a role of the organization or of a project.
type Role struct {
	Key   RoleKey `json:"key"`
	Label string  `json:"label,omitzero"`
	// Rank orders roles; nobody assigns a role ranked above their own.
	Rank   int    `json:"rank"`
	Levels Levels `json:"levels,omitzero"`
	// OwnLevels says that holders carry levels of their own, and whether these
	// stand instead of the role's or on top of them; the zero value is that they
	// carry none.
	OwnLevels OwnLevels `json:"own_levels,omitzero"`
	// AllProjects reaches every project with that project role, listed or not.
	AllProjects RoleKey `json:"all_projects,omitzero"`
	// DefaultProjectRole is the project role that holders of a role of the
	// organization take where none is stated; empty is the default of all.
	DefaultProjectRole RoleKey `json:"default_project_role,omitzero"`
	// Bypass grants everything on the organization and on every project that
	// AllProjects reaches; neither levels nor overrides restrict it.
	Bypass bool `json:"bypass,omitzero"`
	// Protected keeps everybody from removing or changing holders; the role passes
	// on by a transfer of ownership alone.
	Protected bool `json:"protected,omitzero"`
	// AtLeast is how many holders must stay once there are as many; on projects,
	// holders of a higher role count, too.
	AtLeast int `json:"at_least,omitzero"`
	// Default is the role taken where none is stated.
	Default bool `json:"default,omitzero"`
	// HandedOutBy narrows who gives or takes this role, by their own role of the
	// same kind; empty does not narrow.
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

// RoleKind says what a role is a role in.
type RoleKind string

// The kinds of role that organizations can define.
const (
	OrganizationRoleKind RoleKind = "organization"
	ProjectRoleKind      RoleKind = "project"
)
