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

	CustomRoles CustomRoles `json:"custom_roles,omitzero"`
	Overrides   Overrides   `json:"overrides,omitzero"`

	// ProjectCreator is the role that the creator of a project is granted there;
	// empty grants none.
	ProjectCreator RoleKey `json:"project_creator,omitzero"`
	// CreatorProtected keeps everybody from removing or changing the creator there.
	CreatorProtected bool `json:"creator_protected,omitzero"`
	// ProjectsVisibleTo says who sees that a project exists.
	ProjectsVisibleTo Visibility `json:"projects_visible_to"`
	// InviteDays is how many days an invite can be accepted; 0 has no end.
	InviteDays  int         `json:"invite_days,omitzero"`
	PublicLink  PublicLink  `json:"public_link,omitzero"`
	Seats       Seats       `json:"seats,omitzero"`
	RoleNotices RoleNotices `json:"role_notices,omitzero"`

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

// Levels returns the levels that a permission of this kind has, lowest first.
func (k PermissionKind) Levels() []Level {
	if k == ByToggle {
		return []Level{"off", "on"}
	}
	return []Level{"none", "view", "full"}
}

// Level is how much of a permission is granted: none, view, full, or for toggles
// off, on. The zero value is the lowest.
type Level string

// Grants reports whether a level is above the lowest.
func (l Level) Grants() bool { return l == "view" || l == "full" || l == "on" }

// Levels is how much of each permission is granted; one that is not listed is at
// its lowest.
type Levels map[PermissionKey]Level
