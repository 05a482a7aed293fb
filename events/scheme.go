package events

// Scheme is the rules of one product: what roles there are, what they reach, and
// who may do what. An organization's first event carries it.
type Scheme struct {
	Key     string `json:"key"`
	Version int    `json:"version"`
	Label   string `json:"label,omitzero"`

	Permissions       Permissions `json:"permissions,omitzero"`
	OrganizationRoles []Role      `json:"organization_roles"`
	ProjectRoles      []Role      `json:"project_roles"`
	Teams             Teams       `json:"teams,omitzero"`

	// ProjectCreator is the role that the creator of a project is granted there;
	// empty grants none.
	ProjectCreator RoleKey `json:"project_creator,omitzero"`
	// ProjectsVisibleTo says who sees that a project exists.
	ProjectsVisibleTo Visibility `json:"projects_visible_to"`
	// InviteDays is how many days an invite can be accepted; 0 has no end.
	InviteDays int `json:"invite_days,omitzero"`

	// Allow says who may do what. What it does not list is for the system alone.
	Allow map[Action]Allowance `json:"allow"`
}

// Permissions is the catalogue of what roles can grant.
type Permissions struct {
	Organization []Permission `json:"organization,omitzero"`
	Project      []Permission `json:"project,omitzero"`
}

// PermissionKey is the identity of a permission; its label may be renamed.
type PermissionKey string

// Permission is one thing that can be granted, by degrees or as a switch.
type Permission struct {
	Key   PermissionKey  `json:"key"`
	Label string         `json:"label,omitzero"`
	Group string         `json:"group,omitzero"`
	Kind  PermissionKind `json:"kind,omitzero"`
}

// PermissionKind says which levels a permission has; the zero value is ByLevel.
type PermissionKind string

// The kinds of permission.
const (
	// ByLevel permissions have the levels none, view, full.
	ByLevel PermissionKind = "level"
	// ByToggle permissions are off or on.
	ByToggle PermissionKind = "toggle"
)

// Level is how much of a permission is granted: none, view, full, or for toggles
// off, on. The zero value is the lowest.
type Level string

// Role is a role of the organization or of a project.
type Role struct {
	Key   RoleKey `json:"key"`
	Label string  `json:"label,omitzero"`
	// Rank orders roles; nobody hands out a role ranked above their own.
	Rank   int                     `json:"rank"`
	Levels map[PermissionKey]Level `json:"levels,omitzero"`
	// AllProjects reaches every project with that project role, listed or not.
	AllProjects RoleKey `json:"all_projects,omitzero"`
	// AtLeast is how many holders must stay once there are as many.
	AtLeast int `json:"at_least,omitzero"`
	// Default is the role taken where none is stated.
	Default bool `json:"default,omitzero"`
	// HandedOutBy narrows who gives or takes this role, by their own role of the
	// same kind; empty does not narrow.
	HandedOutBy []RoleKey `json:"handed_out_by,omitzero"`
}

// Teams says whether and how there are teams.
type Teams struct {
	On bool `json:"on,omitzero"`
	// Nested teams have parents.
	Nested bool `json:"nested,omitzero"`
	// Inherit gives members of a team what its ancestors are assigned to.
	Inherit bool `json:"inherit,omitzero"`
	// Roles within a team; they do not change what the team confers.
	Roles []Role `json:"roles,omitzero"`
}

// Visibility says who sees that a project exists.
type Visibility string

// The visibilities of projects.
const (
	ToMembers      Visibility = "members"
	ToOrganization Visibility = "organization"
)

// Action names a command, or a view of what is there, in rules.
type Action string

// Allowance says who may do something: whoever fulfils one of its members.
type Allowance struct {
	// Anyone is every member of the organization.
	Anyone bool `json:"anyone,omitzero"`
	// Self is the person whom it is about.
	Self bool `json:"self,omitzero"`
	// OrganizationRoles are roles in the organization.
	OrganizationRoles []RoleKey `json:"organization_roles,omitzero"`
	// Organization are levels that a role in the organization must grant, all of them.
	Organization map[PermissionKey]Level `json:"organization,omitzero"`
	// ProjectRoles are effective roles on the project it is about.
	ProjectRoles []RoleKey `json:"project_roles,omitzero"`
	// Project are effective levels on the project it is about, all of them.
	Project map[PermissionKey]Level `json:"project,omitzero"`
	// TeamRoles are roles in the team it is about.
	TeamRoles []RoleKey `json:"team_roles,omitzero"`
}
