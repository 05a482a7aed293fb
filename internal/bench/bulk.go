package bench

import (
	"fmt"

	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// bulkItem is a command as an item of a bulk; what is empty is left out.
type bulkItem struct {
	Type    string           `json:"type"`
	ID      string           `json:"id,omitzero"`
	Name    string           `json:"name,omitzero"`
	Scheme  string           `json:"scheme,omitzero"`
	Owner   events.UserID    `json:"owner,omitzero"`
	Project events.ProjectID `json:"project,omitzero"`
	Team    events.TeamID    `json:"team,omitzero"`
	User    events.UserID    `json:"user,omitzero"`
	Role    events.RoleKey   `json:"role,omitzero"`
}

// bulkItemOf returns the command that leads to an event of [organization].
func bulkItemOf(org events.OrganizationID, e events.Event) (bulkItem, error) {
	switch e := e.(type) { //nolint:gochecksumtype // the others do not occur there
	case events.OrganizationCreated:
		return bulkItem{Type: "create_organization", ID: string(org), Scheme: e.Scheme.Key, Owner: "owner"}, nil
	case events.TeamCreated:
		return bulkItem{Type: "create_team", ID: string(e.Team), Name: e.Name}, nil
	case events.ProjectCreated:
		return bulkItem{Type: "create_project", ID: string(e.Project), Name: e.Name}, nil
	case events.TeamAssigned:
		return bulkItem{Type: "assign_team", Project: e.Project, Team: e.Team, Role: e.Role}, nil
	case events.MemberJoined:
		return bulkItem{Type: "add_member", User: e.Member, Role: e.Role}, nil
	case events.TeamMemberAdded:
		return bulkItem{Type: "add_team_member", Team: e.Team, User: e.Member, Role: e.Role}, nil
	case events.ProjectMemberAdded:
		return bulkItem{Type: "add_project_member", Project: e.Project, User: e.Member, Role: e.Role}, nil
	}
	return bulkItem{}, fmt.Errorf("no command of a bulk leads to %s", e.Type())
}

// bulk is the body of a request, with how many commands it has.
type bulk struct {
	body     []byte
	commands int
}

// bulks returns requests that create an organization. Those of one part may be sent in
// any order, after those of the parts before it. An entry is never divided.
func (c organization) bulks(scheme events.Scheme) (parts [][]bulk, err error) {
	for _, part := range c.entryParts(scheme) {
		var bulks []bulk
		var items []bulkItem
		flush := func() error {
			body, err := json.Marshal(map[string]any{"commands": items})
			bulks, items = append(bulks, bulk{body, len(items)}), nil
			return err
		}
		for happened := range part {
			if len(items)+len(happened) > domain.MaxItems {
				if err := flush(); err != nil {
					return nil, err
				}
			}
			for _, e := range happened {
				item, err := bulkItemOf(c.id, e)
				if err != nil {
					return nil, err
				}
				items = append(items, item)
			}
		}
		if err := flush(); err != nil {
			return nil, err
		}
		parts = append(parts, bulks)
	}
	return parts, nil
}

// commandsIn counts the commands of bulks.
func commandsIn(parts [][]bulk) (n int) {
	for _, bulks := range parts {
		for _, b := range bulks {
			n += b.commands
		}
	}
	return n
}
