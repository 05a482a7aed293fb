package events

// Delegation lets those who manage people give others more on a project than they have there
// themselves. It gives them nothing for themselves.
type Delegation struct {
	// Who may; whoever meets it by what they hold in the organization may on every project.
	Who Allowance `json:"who"`
	// Roles are the project roles that they may give.
	Roles []RoleKey `json:"roles"`
	// Permissions are those of which they may give any level with these roles. Of the others
	// they give what they have.
	Permissions []PermissionKey `json:"permissions,omitzero"`
}
