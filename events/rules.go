package events

// SchemeChanged puts an organization under another scheme, or another version of
// its own. What is not mapped keeps its role. It carries the scheme whole, so that
// history always replays under the rules that were in force.
type SchemeChanged struct {
	Scheme            Scheme              `json:"scheme"`
	OrganizationRoles map[RoleKey]RoleKey `json:"organization_roles,omitzero"`
	ProjectRoles      map[RoleKey]RoleKey `json:"project_roles,omitzero"`
	TeamRoles         map[RoleKey]RoleKey `json:"team_roles,omitzero"`
}

func (SchemeChanged) Type() Type          { return "scheme.changed.v1" }
func (SchemeChanged) Subjects() []Subject { return nil }
func (SchemeChanged) event()              {}

// RoleDefined adds a role of the organization's own to its rules.
type RoleDefined struct {
	Kind RoleKind `json:"kind"`
	Role Role     `json:"role"`
}

func (RoleDefined) Type() Type            { return "role.defined.v1" }
func (e RoleDefined) Subjects() []Subject { return about(RoleID{e.Kind, e.Role.Key}) }
func (RoleDefined) event()                {}
func (RoleDefined) keepsAccess()          {}

// RoleRedefined changes what a role of the organization's own is; its holders keep it.
type RoleRedefined struct {
	Kind RoleKind `json:"kind"`
	From Role     `json:"from"`
	To   Role     `json:"to"`
}

func (RoleRedefined) Type() Type            { return "role.redefined.v1" }
func (e RoleRedefined) Subjects() []Subject { return about(RoleID{e.Kind, e.To.Key}) }
func (RoleRedefined) event()                {}

// RoleRenamed changes the label of a role; its key stays.
type RoleRenamed struct {
	Kind RoleKind `json:"kind"`
	Role RoleKey  `json:"role"`
	From string   `json:"from,omitzero"`
	To   string   `json:"to"`
}

func (RoleRenamed) Type() Type            { return "role.renamed.v1" }
func (e RoleRenamed) Subjects() []Subject { return about(RoleID{e.Kind, e.Role}) }
func (RoleRenamed) event()                {}
func (RoleRenamed) keepsAccess()          {}

// RoleRetired takes a role of the organization's own, which nobody holds, out of
// its rules.
type RoleRetired struct {
	Kind RoleKind `json:"kind"`
	Role RoleKey  `json:"role"`
}

func (RoleRetired) Type() Type            { return "role.retired.v1" }
func (e RoleRetired) Subjects() []Subject { return about(RoleID{e.Kind, e.Role}) }
func (RoleRetired) event()                {}
func (RoleRetired) keepsAccess()          {}
