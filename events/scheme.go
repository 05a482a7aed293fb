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
	InviteDays int `json:"invite_days,omitzero"`
	// InviteBind says who can accept an invite that does not say so itself; empty is BindAddress.
	InviteBind InviteBind `json:"invite_bind,omitzero"`
	// AccessRequests says which requests for access organizations can take.
	AccessRequests AccessRequests `json:"access_requests,omitzero"`
	// Elevation says which higher roles members can ask for, for a time.
	Elevation   Elevation   `json:"elevation,omitzero"`
	PublicLink  PublicLink  `json:"public_link,omitzero"`
	Seats       Seats       `json:"seats,omitzero"`
	RoleNotices RoleNotices `json:"role_notices,omitzero"`

	// BroadAccess is the share of permissions, in percent, that somebody must have at the
	// highest level to be reported for broad access; 0 is the default.
	BroadAccess int `json:"broad_access,omitzero"`

	// Delegations say who may give more than they have.
	Delegations []Delegation `json:"delegations,omitzero"`
	// Allow says who may do what. What it does not list is for the system alone.
	Allow map[Action]Allowance `json:"allow"`
}
