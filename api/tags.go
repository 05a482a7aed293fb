package api

import "github.com/danielgtaylor/huma/v2"

// tags are the groups of operations, in the order in which the document shows them.
var tags = []*huma.Tag{
	{Name: "Organizations", Description: "Organizations as a whole: from their creation to their deletion."},
	{Name: "Members", Description: "The members of an organization and their roles."},
	{Name: "Invites", Description: "Invitations to an organization by email address."},
	{Name: "Roles", Description: "Roles that an organization defines beside those of its scheme."},
	{Name: "Projects", Description: "The projects of an organization."},
	{Name: "Project members", Description: "Who is on a project, by a grant of their own or otherwise."},
	{Name: "Overrides", Description: "Single permissions of a person on a project that differ from their role."},
	{Name: "Public links", Description: "Links that open a project to anybody who has them."},
	{Name: "Teams", Description: "Teams of members, nested or not."},
	{Name: "Team members", Description: "Who is in a team."},
	{Name: "Assignments", Description: "The roles that teams have on projects."},
	{Name: "Access", Description: "Who may do what, and why."},
	{Name: "Reports", Description: "Overviews of access across an organization."},
	{Name: "Schemes", Description: "The rules that an organization follows."},
	{Name: "Bulk", Description: "Many commands in one request, all or nothing."},
	{Name: "History", Description: "What happened: the audit log, streams of events, exports and imports."},
	{Name: "Notifications", Description: "What a person is told about changes to their access."},
	{Name: "Operations", Description: "The state of the server, and what can go wrong."},
}
