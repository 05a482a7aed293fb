package importer

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/client"
	"github.com/seed-2026d078/roster/internal/mailbox"
)

// directory is what an organization has before people are imported.
type directory struct {
	client *client.Client
	org    string

	byUser, byEmail map[string]*client.Member // by the key of the address
	byFold          map[string]string         // user ids, in lower case
	invited         map[string]client.Invite  // by the key of the address

	organizationRoles, projectRoles, teamRoles []role

	teams, projects names
	// created says which teams and projects the import itself has created.
	created map[string]bool

	// Who is in a team, or on a project, with a grant of their own.
	inTeam    map[string]map[string]string
	onProject map[string]map[string]client.Source
}

type role struct {
	Key   string `json:"key"`
	Label string `json:"label"`
}

// names find ids by ids, and by names without regard to case.
type names struct {
	ids   map[string]string
	named map[string][]string
}

func newNames() names { return names{map[string]string{}, map[string][]string{}} }

// find returns the ids that a text can mean. An id means itself alone.
func (n names) find(text string) []string {
	if id, found := n.ids[text]; found {
		return []string{id}
	}
	return n.named[strings.ToLower(text)]
}

func (n names) add(id, name string) {
	n.ids[id] = id
	n.named[strings.ToLower(name)] = append(n.named[strings.ToLower(name)], id)
}

// readDirectory reads what an import of people needs to know of the organization.
func readDirectory(ctx context.Context, c *client.Client, org string, plans []*personPlan) (*directory, error) {
	d := &directory{
		client: c, org: org, byUser: map[string]*client.Member{}, byEmail: map[string]*client.Member{}, byFold: map[string]string{},
		invited: map[string]client.Invite{}, created: map[string]bool{},
		teams: newNames(), projects: newNames(),
		inTeam: map[string]map[string]string{}, onProject: map[string]map[string]client.Source{},
	}
	if err := c.CatchUp(ctx); err != nil {
		return nil, err
	}
	if err := d.readRoles(ctx); err != nil {
		return nil, err
	}
	for m, err := range c.ListMembers(ctx, org, client.ListMembersQuery{}, client.PageSize(200)) {
		if err != nil {
			return nil, err
		}
		d.byUser[m.User], d.byFold[strings.ToLower(m.User)] = &m, m.User
		if m.Email != "" {
			d.byEmail[mailbox.Key(m.Email)] = &m
		}
	}
	if slices.ContainsFunc(plans, func(u *personPlan) bool { return u.User == "" }) {
		for i, err := range c.ListInvites(ctx, org, client.ListInvitesQuery{}, client.PageSize(200)) {
			if err != nil {
				return nil, err
			}
			d.invited[mailbox.Key(i.Email)] = i
		}
	}
	if slices.ContainsFunc(plans, func(u *personPlan) bool { return len(u.Teams) > 0 }) {
		for t, err := range c.ListTeams(ctx, org, client.ListTeamsQuery{}, client.PageSize(200)) {
			if err != nil {
				return nil, err
			}
			d.teams.add(t.ID, t.Name)
		}
	}
	if slices.ContainsFunc(plans, func(u *personPlan) bool { return len(u.Projects) > 0 }) {
		for p, err := range c.ListProjects(ctx, org, client.ListProjectsQuery{}, client.PageSize(200)) {
			if err != nil {
				return nil, err
			}
			d.projects.add(p.ID, p.Name)
		}
	}
	return d, nil
}

func (d *directory) readRoles(ctx context.Context) error {
	text, err := d.client.GetOrganizationScheme(ctx, d.org, client.GetOrganizationSchemeQuery{})
	if err != nil {
		return err
	}
	var scheme struct {
		Organization []role `json:"organization_roles"`
		Project      []role `json:"project_roles"`
		Teams        struct {
			Roles []role `json:"roles"`
		} `json:"teams"`
	}
	if err := json.Unmarshal(text, &scheme); err != nil {
		return fmt.Errorf("read the scheme: %w", err)
	}
	d.organizationRoles, d.projectRoles, d.teamRoles = scheme.Organization, scheme.Project, scheme.Teams.Roles
	return nil
}

// member returns the member that a person is; nil if they are none.
func (d *directory) member(p Person) *client.Member {
	if p.User != "" {
		return d.byUser[p.User]
	}
	return d.byEmail[mailbox.Key(p.Email)]
}

// findRole returns the key of a role: as it is mapped, or by its key or label without regard to
// case. An empty text is no role.
func findRole(roles []role, text string, mapped map[string]string) (string, error) {
	for theirs, ours := range mapped {
		if strings.EqualFold(theirs, text) {
			text = ours
			break
		}
	}
	if text == "" {
		return "", nil
	}
	var keys []string
	for _, r := range roles {
		if strings.EqualFold(r.Key, text) || strings.EqualFold(r.Label, text) {
			return r.Key, nil
		}
		keys = append(keys, r.Key)
	}
	return "", &rowError{"Roles", fmt.Sprintf("there is no role %q; there are %s", text, strings.Join(keys, ", "))}
}

// roleInTeam returns the role that somebody has in a team; empty if they are not in it.
func (d *directory) roleInTeam(ctx context.Context, team, user string) (string, error) {
	if d.inTeam[team] == nil {
		roles := map[string]string{}
		for m, err := range d.client.ListTeamMembers(ctx, d.org, team, client.ListTeamMembersQuery{}, client.PageSize(200)) {
			if err != nil {
				return "", err
			}
			roles[m.User] = m.Role
		}
		d.inTeam[team] = roles
	}
	return d.inTeam[team][user], nil
}

// grant returns the grant that somebody has on a project; its zero value is none.
func (d *directory) grant(ctx context.Context, project, user string) (client.Source, error) {
	if d.onProject[project] == nil {
		grants := map[string]client.Source{}
		for m, err := range d.client.ListProjectMembers(ctx, d.org, project, client.ListProjectMembersQuery{}, client.PageSize(200)) {
			if err != nil {
				return client.Source{}, err
			}
			for _, s := range m.Sources {
				if s.Kind == "direct" || s.Kind == "creator" {
					grants[m.User] = s
				}
			}
		}
		d.onProject[project] = grants
	}
	return d.onProject[project][user], nil
}
