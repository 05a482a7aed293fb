package domain

import (
	"fmt"
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/phrase"
)

// Declaration is a command that makes an organization as it says. A section, which is one of
// its lists or a list in one of its items, that is nil says nothing: what it is about stays as
// it is. A section that is there is complete: what it does not name is removed.
//
// What is left out of an item has its zero value: no own levels, no start, no end, no description. In a
// partial declaration it stays as it is. Memberships, grants and assignments that have ended
// are compared as if they were not there.
type Declaration struct {
	// Scheme is the key of the scheme that the organization must have; empty is any. A
	// declaration changes no scheme.
	Scheme string
	// Name is that of the organization; empty leaves it as it is.
	Name     string
	Members  []DeclaredMember
	Teams    []DeclaredTeam
	Projects []DeclaredProject
	// Partial says that what items leave out stays as it is, as do projects that are not
	// named. A project that is only named by an assignment is created.
	Partial bool
}

// DeclaredMember is a member of the organization.
type DeclaredMember struct {
	Member events.UserID
	// Role is that in the organization; empty is the default.
	Role events.RoleKey
	// Login is the spelling that people see; only somebody who is added gets it.
	Login       events.Sealed
	Levels      events.Levels
	From        *time.Time
	Until       *time.Time
	Deactivated *bool
}

// DeclaredTeam is a team, known by its name.
type DeclaredTeam struct {
	// Team is the id that the team gets if it has to be created.
	Team events.TeamID
	Name string
	// Previously are names that the team had. If no team has the name, the first of these that
	// a team has is renamed.
	Previously []string
	// Parent is the name of the team above, which is declared too; empty is the top level.
	Parent      string
	Description *string
	Privacy     *events.Privacy
	Colour      *events.Colour
	Members     []DeclaredTeamMember
	Projects    []DeclaredAssignment
}

// DeclaredTeamMember is somebody in a team. An empty role is the default.
type DeclaredTeamMember struct {
	Member events.UserID
	Role   events.RoleKey
}

// DeclaredAssignment is a project that a team is assigned to. An empty role is the default, or
// each member's own where the scheme confers that.
type DeclaredAssignment struct {
	Project events.ProjectID
	Role    events.RoleKey
	From    *time.Time
	Until   *time.Time
}

// DeclaredProject is a project.
type DeclaredProject struct {
	Project events.ProjectID
	// Name is empty for a name equal to the id.
	Name        string
	Description *string
	Archived    *bool
	// Members are those with a direct grant.
	Members []DeclaredProjectMember
}

// DeclaredProjectMember is somebody with a direct grant. An empty role is the default.
type DeclaredProjectMember struct {
	Member events.UserID
	Role   events.RoleKey
	Levels events.Levels
	From   *time.Time
	Until  *time.Time
}

// DeclaredChange is one change that a declaration leads to. It is the command of the action,
// with the team by its name. Fields are empty if the action is not about such a thing.
type DeclaredChange struct {
	Action  events.Action
	Member  events.UserID
	Team    string
	Project events.ProjectID
	// From and To are what changes, such as a role or a name.
	From, To string
	// Path is what asks for the change, as a JSON Pointer into the declaration, such as
	// /teams/0/members/2; empty for what is not declared and is removed for that.
	Path string
}

// String returns what the change is about.
func (c DeclaredChange) String() string {
	switch {
	case c.Member != "" && c.Team != "":
		return fmt.Sprintf("member %q of team %q", c.Member, c.Team)
	case c.Member != "" && c.Project != "":
		return fmt.Sprintf("member %q of project %q", c.Member, c.Project)
	case c.Member != "":
		return fmt.Sprintf("member %q", c.Member)
	case c.Team != "" && c.Project != "":
		return fmt.Sprintf("team %q on project %q", c.Team, c.Project)
	case c.Team != "":
		return fmt.Sprintf("team %q", c.Team)
	case c.Project != "":
		return fmt.Sprintf("project %q", c.Project)
	}
	return "the organization"
}

// DeclarationError says which changes were refused. Changes that build on them were not tried.
type DeclarationError struct{ Refused []RefusedChange }

// RefusedChange is a change and why it was refused.
type RefusedChange struct {
	DeclaredChange

	Err error
}

func (e *DeclarationError) Error() string {
	first := e.Refused[0]
	return fmt.Sprintf("%s: %s (%s refused, nothing was done)", first.DeclaredChange, first.Err, phrase.Count(len(e.Refused), "change", "changes"))
}

// Unwrap returns why the first change was refused.
func (e *DeclarationError) Unwrap() error { return e.Refused[0].Err }

// MaxDeclared is the most entries that a declaration has, and the most changes that it leads
// to: people, teams, projects, people in teams and on projects, and assignments. The desk
// decides nothing else meanwhile.
const MaxDeclared = 20_000

// Decide lets those make a declaration who see all that it is about. Each of its changes is
// decided by the rules of its own command, with the rights of the actor.
func (c Declaration) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	p, err := c.plan(org, m)
	if err != nil {
		return nil, err
	}
	return p.events, nil
}

// Changes returns the changes that the declaration leads to. It fails as Decide does.
func (c Declaration) Changes(org Organization, m events.Moment) ([]DeclaredChange, error) {
	p, err := c.plan(org, m)
	if err != nil {
		return nil, err
	}
	return p.changes, nil
}

func (c Declaration) plan(org Organization, m events.Moment) (*declarationPlan, error) {
	if err := c.validate(org, m.Actor); err != nil {
		return nil, err
	}
	return newDeclarationPlan(c, org, m).run()
}

// valueOr returns what is declared; what is there now if nothing is and the declaration is
// partial, or else the zero value.
func valueOr[T any](c Declaration, declared *T, now T) (none T) {
	switch {
	case declared != nil:
		return *declared
	case c.Partial:
		return now
	}
	return none
}
