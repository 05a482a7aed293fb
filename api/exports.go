package api

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// exportedState says who is in an organization. Its fields, and those of its teams, are in
// the order of their names, so that the document is canonical.
type exportedState struct {
	Members  map[events.UserID]events.RoleKey `json:"members"`
	Projects []events.ProjectID               `json:"projects"`
	Teams    map[string]exportedTeam          `json:"teams"`
}

// exportedTeam says who is in a team, by its name, and what it is assigned to.
type exportedTeam struct {
	Description string                              `json:"description,omitzero"`
	Members     map[events.UserID]events.RoleKey    `json:"members"`
	Parent      string                              `json:"parent,omitzero"`
	Privacy     events.Privacy                      `json:"privacy,omitzero"`
	Projects    map[events.ProjectID]events.RoleKey `json:"projects"`
}

// exportedAccess says who has which role on which project.
type exportedAccess map[events.UserID]map[events.ProjectID]events.RoleKey

func (s *Server) exportRoutes() {
	more := func(description string) huma.Operation {
		return huma.Operation{
			Description: "For the system actor only. Canonical JSON: keys sorted, no spaces, no line break at the end.",
			Parameters: []*huma.Param{
				queryParameter("organization", "One organization; left out: all."), queryParameter("at", "A time in the past; from the ledger only."),
				queryParameter("source", "ledger, the default, or database."),
			},
			Responses: okResponse("application/json", description, &huma.Schema{Type: huma.TypeObject}),
		}
	}
	s.handleRaw(route{http.MethodGet, "/v1/export/state", "export_state", "History", "Export members, projects, and teams of every organization"},
		more("State by organization"), func(w http.ResponseWriter, r *http.Request) error { return export(s, w, r, stateOf, stateFrom) })
	s.handleRaw(route{http.MethodGet, "/v1/export/access", "export_access", "History", "Export who has which role on which project"},
		more("Role by organization, user, project"), func(w http.ResponseWriter, r *http.Request) error { return export(s, w, r, accessOf, accessFrom) })
}

// export writes what one of two functions returns for each organization: one takes the
// domain's state, now or in the past, the other the read models.
func export[T any](s *Server, w http.ResponseWriter, r *http.Request, of func(domain.Organization) T, from func(projections.State) T) error {
	if err := systemOnly(r); err != nil {
		return err
	}
	q := queryOf(r, "organization", "at", "source")
	only, at := events.OrganizationID(q.Get("organization")), q.time("at")
	source := q.Get("source")
	switch {
	case q.err != nil:
		return q.err
	case !slices.Contains([]string{"", "ledger", "database"}, source):
		return errMalformed.because("source is ledger or database, not %q.", source)
	case source == "database" && !at.IsZero():
		return errMalformed.because("The database knows no past; ask the ledger for it.")
	}
	found := map[events.OrganizationID]T{}
	err := s.requireOrganization(only)
	if err != nil {
		return err
	}
	if source == "database" {
		err = s.exportDatabase(r.Context(), only, func(id events.OrganizationID, state projections.State) { found[id] = from(state) })
	} else {
		err = s.exportLedger(r.Context(), only, at, func(id events.OrganizationID, org domain.Organization) { found[id] = of(org) })
	}
	if err != nil {
		return err
	}
	text, err := json.Marshal(found, json.Deterministic(true))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(text) // an error means that the client is gone
	return nil
}

// requireOrganization fails if an export asks for an organization that never was: its
// document would look like that of one without members.
func (s *Server) requireOrganization(id events.OrganizationID) error {
	if version, _ := s.Desk.View().State.Last(id); id != "" && version == 0 {
		return domain.ErrNoOrganization
	}
	return nil
}

func (s *Server) exportLedger(ctx context.Context, only events.OrganizationID, at time.Time, take func(events.OrganizationID, domain.Organization)) error {
	state, instant := s.Desk.View().State, s.now()
	if !at.IsZero() {
		var err error
		requestFrom(ctx).former = true // an export is of all that the ledger has
		if state, err = s.stateAt(ctx, at, only); err != nil {
			return err
		}
		instant = at
	}
	for id, org := range state.Organizations() {
		if only == "" || id == only {
			take(id, org.At(instant))
		}
	}
	return nil
}

func (s *Server) exportDatabase(ctx context.Context, only events.OrganizationID, take func(events.OrganizationID, projections.State)) error {
	newest := s.Desk.View().Position
	if only != "" {
		newest = s.Desk.NewestPosition(only)
	}
	if _, err := s.waitForReadModels(ctx, newest); err != nil {
		return err
	}
	page, now := projections.Page{Limit: 200}, s.now()
	for {
		list, err := s.Database.ListOrganizations(ctx, s.Desk.View().State, now, projections.OrganizationFilter{Of: events.System}, page)
		if err != nil {
			return err
		}
		for _, id := range list.Items {
			if only != "" && id != only {
				continue
			}
			state, err := s.Database.State(ctx, id, now)
			if err != nil {
				return err
			}
			take(id, state)
		}
		if page.After = list.Next; page.After == "" {
			return nil
		}
	}
}

func stateOf(org domain.Organization) exportedState {
	found := exportedState{Members: map[events.UserID]events.RoleKey{}, Teams: map[string]exportedTeam{}}
	for user, member := range org.Members() {
		found.Members[user] = member.Role
	}
	for id := range org.Projects() {
		found.Projects = append(found.Projects, id)
	}
	slices.Sort(found.Projects)
	for id, team := range org.Teams() {
		found.Teams[team.Name] = exportedTeamOf(org, id, team)
	}
	return found
}

func exportedTeamOf(org domain.Organization, id events.TeamID, team domain.Team) exportedTeam {
	parent, _ := org.Team(team.Parent)
	found := exportedTeam{
		Description: team.Description, Parent: parent.Name, Privacy: team.Privacy,
		Members: map[events.UserID]events.RoleKey{}, Projects: map[events.ProjectID]events.RoleKey{},
	}
	for user, member := range team.Members() {
		found.Members[user] = member.Role
	}
	for on := range team.Projects() {
		project, _ := org.Project(on)
		assignment, _ := project.Assignment(id)
		found.Projects[on] = assignment.Role
	}
	return found
}

func accessOf(org domain.Organization) exportedAccess {
	found := exportedAccess{}
	for user := range org.Members() {
		roles := map[events.ProjectID]events.RoleKey{}
		for _, project := range org.ReachableProjects(user) {
			if role := org.Access(user, project).Role; role != "" { // else it has ended, or the member is deactivated
				roles[project] = role
			}
		}
		if len(roles) > 0 {
			found[user] = roles
		}
	}
	return found
}

func stateFrom(state projections.State) exportedState {
	found := exportedState{
		Members: state.Members, Projects: slices.Sorted(maps.Keys(state.Projects)), Teams: map[string]exportedTeam{},
	}
	for _, team := range state.Teams {
		found.Teams[team.Name] = exportedTeam{
			Description: team.Description, Members: team.Members, Parent: state.Teams[team.Parent].Name,
			Privacy: team.Privacy, Projects: team.Projects,
		}
	}
	return found
}

func accessFrom(state projections.State) exportedAccess { return state.Access }
