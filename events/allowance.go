package events

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
	Organization Levels `json:"organization,omitzero"`
	// ProjectRoles are effective roles on the project it is about.
	ProjectRoles []RoleKey `json:"project_roles,omitzero"`
	// Project are effective levels on the project it is about, all of them.
	Project Levels `json:"project,omitzero"`
	// TeamRoles are roles in the team it is about.
	TeamRoles []RoleKey `json:"team_roles,omitzero"`
}
