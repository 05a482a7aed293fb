package api

import (
	"context"
	"fmt"
	"strings"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/collation"
)

// declaredNames finds the people and the projects that a declaration names.
type declaredNames struct {
	org domain.Organization
	// byLogin says that people are named by login, and projects by id or name. Otherwise both
	// are named by id.
	byLogin bool
	// users have a login, projects a name, by both in folded case.
	users    map[string][]events.UserID
	projects map[string][]events.ProjectID
	// projectIDs find the ids of projects in folded case, renamed those whose former name a
	// declaration names.
	projectIDs, renamed map[string]events.ProjectID
}

// newDeclaredNames reads the logins of all members, so it fails for an actor who does not see
// the members.
func newDeclaredNames(ctx context.Context, b *commandBuilder, byLogin bool) (*declaredNames, error) {
	n := &declaredNames{
		org: b.state.Organization(b.org).At(b.now), byLogin: byLogin, users: map[string][]events.UserID{},
		projects: map[string][]events.ProjectID{}, projectIDs: map[string]events.ProjectID{}, renamed: map[string]events.ProjectID{},
	}
	if !n.org.Exists() || !byLogin {
		return n, nil
	}
	if err := n.org.Authorize(requestFrom(ctx).actor, domain.SeeingMembers, domain.About{}); err != nil {
		return nil, hideMembers(err)
	}
	if members := n.org.CountMembers(); members > domain.MaxDeclared {
		return nil, &domain.Rejection{
			Kind: domain.ErrTooMany.Kind, Code: domain.ErrTooMany.Code,
			Detail: fmt.Sprintf("The organization has %d members, and people are named by login in one with at most %d; name them by id.", members, domain.MaxDeclared),
		}
	}
	for id, member := range n.org.Members() {
		login, err := b.keys.Read(ctx, b.org, member.Login)
		if err != nil {
			return nil, err
		}
		if login == "" {
			login = string(id)
		}
		n.users[collation.FoldCase(login)] = append(n.users[collation.FoldCase(login)], id)
	}
	for id, project := range n.org.Projects() {
		if !n.org.SeesProject(requestFrom(ctx).actor, id) {
			continue // the command is refused if it is about projects
		}
		n.projectIDs[collation.FoldCase(string(id))] = id
		n.projects[collation.FoldCase(project.Name)] = append(n.projects[collation.FoldCase(project.Name)], id)
	}
	return n, nil
}

func (n *declaredNames) isMember(id events.UserID) bool {
	if !n.org.Exists() {
		return false
	}
	_, is := n.org.Member(id)
	return is
}

// user returns the member whose login it is, or else the id of somebody who is new. It fails if
// several have the login, or if the id is that of a member who has another login: one of them
// would get what is meant for the other.
func (n *declaredNames) user(named events.UserID) (events.UserID, error) {
	if !n.byLogin {
		return named, nil
	}
	lower := events.UserID(strings.ToLower(string(named)))
	found := n.users[collation.FoldCase(string(named))]
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return "", errAmbiguousName.because("Several members have the login %q: %q; name people by id instead.", named, found)
	case n.isMember(lower):
		return "", errAmbiguousName.because("Nobody has the login %q, and a member with another login has the id %q; name people by id instead.", named, lower)
	}
	return lower, nil
}

// project returns the project with an id or a name, or else the id of one that is new. It fails
// if several have the name.
func (n *declaredNames) project(named events.ProjectID) (events.ProjectID, error) {
	if !n.byLogin {
		return named, nil
	}
	folded := collation.FoldCase(string(named))
	if id, renamed := n.renamed[folded]; renamed {
		return id, nil
	}
	if id, is := n.existing(folded); is {
		return id, nil
	}
	if several := n.projects[folded]; len(several) > 1 {
		return "", errAmbiguousName.because("Several projects have the name %q: %q; name projects by id instead.", named, several)
	}
	n.projectIDs[folded] = named // other spellings mean the same
	return named, nil
}

func (n *declaredNames) existing(folded string) (events.ProjectID, bool) {
	if id, is := n.projectIDs[folded]; is {
		return id, true
	}
	if found := n.projects[folded]; len(found) == 1 {
		return found[0], true
	}
	return "", false
}

// rename lets a name mean the first project that has one of its former names, if none has the
// name itself. It reports whether there is such a project.
func (n *declaredNames) rename(named events.ProjectID, previously []string) bool {
	folded := collation.FoldCase(string(named))
	if _, is := n.existing(folded); is || !n.byLogin {
		return false
	}
	for _, former := range previously {
		if id, was := n.existing(collation.FoldCase(former)); was {
			n.renamed[folded] = id
			return true
		}
	}
	return false
}
