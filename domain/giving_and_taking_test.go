package domain_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// exception is what a command gives or takes beyond what its actor may give or take.
type exception struct{ inOrganization, onProjects string }

func (e exception) allows(project events.ProjectID, what string) bool {
	if project == "" {
		return strings.Contains(e.inOrganization, what)
	}
	return strings.Contains(e.onProjects, what)
}

// exceptions reads the table of the guide, by the names of commands.
func exceptions(t *testing.T) map[string]exception {
	t.Helper()
	guide, err := os.ReadFile("../docs/giving-and-taking.md")
	require.NoError(t, err)
	_, table, found := strings.Cut(string(guide), "\n## Exceptions\n")
	require.True(t, found)
	rows := map[string]exception{}
	for line := range strings.Lines(table) {
		cells := strings.Split(line, "|")
		if len(cells) != 6 || !strings.HasPrefix(cells[1], " `") {
			continue
		}
		command := strings.Trim(cells[1], " `")
		action := events.Action(strings.Replace(command, "_start", "_end", 1)) // one action covers both
		assert.True(t, command == "accept_invite" || slices.Contains(domain.Actions(), action), "there is no command %q", command)
		rows[command] = exception{cells[2], cells[3]}
	}
	require.NotEmpty(t, rows)
	return rows
}

// TestNobodyGivesOrTakesMore compares what everybody has, in the organization and on every
// project, before and after each command of a person.
func TestNobodyGivesOrTakesMore(t *testing.T) {
	excepted := exceptions(t)
	property(t, func(t *rapid.T, s step) {
		if s.Actor == events.System || !s.before.Exists() {
			return
		}
		for each := range alone(t, s) {
			if !each.after.Exists() {
				continue // delete_organization
			}
			c := comparison{T: t, step: each, by: each.Actor, exception: excepted[actionOf(each.command)]}
			if accept, is := each.command.(domain.AcceptInvite); is {
				invite, _ := each.before.Invite(accept.Invite)
				if c.by, c.exception = invite.Sent.Actor, (exception{}); c.by == events.System {
					continue
				}
			}
			if add, is := each.command.(domain.AddMember); is {
				if _, before := each.before.Member(add.Member); !before {
					c.exception = exception{} // it is for those who come back
				}
			}
			c.compare()
		}
	})
}

// alone yields the commands of a batch one by one, and any other as it is.
func alone(t *rapid.T, s step) func(func(step) bool) {
	return func(yield func(step) bool) {
		batch, is := s.command.(domain.Batch)
		if !is {
			yield(s)
			return
		}
		before := s.before
		for _, command := range batch {
			happened, err := command.Decide(before, s.Moment)
			require.NoError(t, err)
			after := before
			for i, e := range happened {
				after = after.Evolve(events.Recorded{Event: e, Origin: events.Origin{Version: s.entry.Version, Index: i, At: s.At, Actor: s.Actor}})
			}
			if !yield(step{s.Moment, command, s.entry, before, after, s.roster}) {
				return
			}
			before = after
		}
	}
}

// actionOf is the name of a command, such as remove_member.
func actionOf(c domain.Command) string {
	var name strings.Builder
	_, words, _ := strings.Cut(fmt.Sprintf("%T", c), ".")
	for i, r := range words {
		if i > 0 && r >= 'A' && r <= 'Z' {
			name.WriteByte('_')
		}
		name.WriteRune(r)
	}
	return strings.ToLower(name.String())
}

// comparison holds what a command gives and takes to what somebody may.
type comparison struct {
	*rapid.T
	step
	exception

	// by is whose rights bound it.
	by events.UserID
}

func (c comparison) compare() {
	rules := c.before.Scheme().Scheme
	own := c.before.InOrganization(c.by)
	for _, user := range everybody {
		was, is := c.before.InOrganization(user), c.after.InOrganization(user)
		c.bounded(user, "", rules.OrganizationRoles, own, was, is)
		if member, in := c.before.Member(user); in && user != c.by && !c.allows("", "takes") {
			now, still := c.after.Member(user)
			assert.False(c, (!still || now.Role != member.Role) && !assignable(rules.OrganizationRoles, own.Role, member.Role), "%#v by %q, who is %q, takes %q from %q", c.command, c.by, own.Role, member.Role, user)
		}
		for _, project := range everywhere {
			there := c.before.Access(c.by, project)
			c.bounded(user, project, rules.ProjectRoles, there, c.before.Access(user, project), c.after.Access(user, project))
			c.sources(user, project, own, there)
		}
	}
}

// bounded looks at somebody's effective role and levels.
func (c comparison) bounded(user events.UserID, project events.ProjectID, roles []events.Role, own, was, is domain.Access) {
	_, redefines := c.command.(domain.RedefineRole) // which may change the rank of a role that somebody has
	rises := is.Role != "" && is.Role != was.Role && (was.Role == "" || find(roles, is.Role).Rank > find(roles, was.Role).Rank) && !redefines
	had, has, mine := was.Levels(), is.Levels(), own.Levels()
	if !c.allows(project, "gives") {
		assert.False(c, rises && !assignable(roles, own.Role, is.Role) && !slices.Contains(c.delegated(user, project).Roles, is.Role), "%#v by %q, who is %q on %q, makes %q %q", c.command, c.by, own.Role, project, user, is.Role)
		for permission, level := range has {
			assert.False(c, height(level) > height(had[permission]) && height(level) > height(mine[permission]) && !slices.Contains(c.delegated(user, project).Permissions, permission), "%#v by %q, who has %q of %q on %q, gives %q %q", c.command, c.by, mine[permission], permission, project, user, level)
		}
	}
	if user == c.by || c.allows(project, "takes") || is.Role != was.Role || len(c.delegated(user, project).Roles) > 0 {
		return // sources say what roles are taken
	}
	takesFrom := func(s domain.Source) bool {
		if member, _ := c.before.Member(user); s.Kind == domain.ThroughRole {
			return c.allows("", "takes") || assignable(c.before.Scheme().Scheme.OrganizationRoles, c.before.InOrganization(c.by).Role, member.Role)
		}
		return assignable(roles, own.Role, s.Role)
	}
	for permission, level := range has {
		assert.False(c, height(level) < height(had[permission]) && !assignable(roles, own.Role, was.Role) && !slices.ContainsFunc(was.Sources, takesFrom),
			"%#v by %q, who is %q on %q, takes %q from %q, who is %q", c.command, c.by, own.Role, project, permission, user, was.Role)
	}
}

// sources looks at every source of somebody's access to a project that comes or goes.
func (c comparison) sources(user events.UserID, project events.ProjectID, own, there domain.Access) {
	rules := c.before.Scheme().Scheme
	before, after := c.before.AllSources(user, project), c.after.AllSources(user, project)
	for _, s := range missingIn(before, after) {
		assert.False(c, !c.allows(project, "gives") && !assignable(rules.ProjectRoles, there.Role, s.Role) && !slices.Contains(c.delegated(user, project).Roles, s.Role) && !ended(s, c.At), "%#v by %q, who is %q on %q, gives %q %q by %s", c.command, c.by, there.Role, project, user, s.Role, s.Kind)
	}
	for _, s := range missingIn(after, before) {
		may := assignable(rules.ProjectRoles, there.Role, s.Role)
		if member, _ := c.before.Member(user); s.Kind == domain.ThroughRole {
			may = c.allows("", "takes") || assignable(rules.OrganizationRoles, own.Role, member.Role)
		}
		may = may || len(c.delegated(user, project).Roles) > 0
		assert.False(c, user != c.by && !c.allows(project, "takes") && !may && !ended(s, c.At), "%#v by %q, who is %q on %q, takes %q from %q by %s", c.command, c.by, there.Role, project, s.Role, user, s.Kind)
	}
}

// delegated returns what the scheme lets c.by give somebody on a project by delegations: the
// roles, and the permissions that go with the one that the person has been granted.
func (c comparison) delegated(user events.UserID, project events.ProjectID) (all events.Delegation) {
	switch c.command.(type) {
	case domain.AddProjectMember, domain.ChangeProjectMemberRole, domain.ChangeProjectMemberLevels, domain.ChangeProjectMemberEnd,
		domain.RemoveProjectMember, domain.AcceptInvite, domain.ApproveAccessRequest:
	default:
		return all
	}
	if project == "" || user == c.by {
		return all
	}
	granted := events.RoleKey("")
	if member, in := c.after.Member(user); in {
		grant, _ := member.Grant(project)
		granted = grant.Role
	}
	for _, d := range c.before.Scheme().Delegations {
		if !c.fulfils(d.Who, project) {
			continue
		}
		all.Roles = append(all.Roles, d.Roles...)
		if slices.Contains(d.Roles, granted) {
			all.Permissions = append(all.Permissions, d.Permissions...)
		}
	}
	return all
}

// fulfils tells whether c.by fulfils an allowance on a project.
func (c comparison) fulfils(a events.Allowance, project events.ProjectID) bool {
	here, there := c.before.InOrganization(c.by), c.before.Access(c.by, project)
	has := func(held domain.Access, wanted events.Levels) bool {
		for permission, level := range wanted {
			if height(held.Level(permission)) < height(level) {
				return false
			}
		}
		return len(wanted) > 0
	}
	return here.Role != "" && (a.Anyone || slices.Contains(a.OrganizationRoles, here.Role) || has(here, a.Organization) ||
		slices.Contains(a.ProjectRoles, there.Role) || has(there, a.Project))
}

func ended(s domain.Source, at time.Time) bool { return !s.Until.IsZero() && !s.Until.After(at) }

// missingIn lists the sources that some lack, whatever their ends, levels and events.
func missingIn(some, all []domain.Source) []domain.Source {
	return slices.DeleteFunc(slices.Clone(all), func(s domain.Source) bool {
		return slices.ContainsFunc(some, func(o domain.Source) bool {
			return o.Role == s.Role && o.Team == s.Team && o.Via == s.Via && (o.Kind == domain.ThroughRole) == (s.Kind == domain.ThroughRole)
		})
	})
}

// assignable tells whether a holder of own may give or take a role.
func assignable(roles []events.Role, own, role events.RoleKey) bool {
	wanted := find(roles, role)
	return own != "" && find(roles, own).Rank >= wanted.Rank && (len(wanted.HandedOutBy) == 0 || slices.Contains(wanted.HandedOutBy, own))
}

// TestWhoManagesMembersStopsThoseBelow holds that nothing keeps people from stopping
// members whom they outrank, in one command, where the scheme lets them suspend, remove or
// end members at all.
func TestWhoManagesMembersStopsThoseBelow(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		if !s.after.Exists() {
			return
		}
		org, rank := s.after, func(role events.RoleKey) int { return find(s.after.Scheme().Scheme.OrganizationRoles, role).Rank }
		for by, manager := range org.Members() {
			m := s.Moment
			m.Actor = by
			for user, member := range org.Members() {
				if rank(manager.Role) <= rank(member.Role) || org.Protected("", user) {
					continue
				}
				var successor events.UserID // whoever can be named at all
				for other, candidate := range org.Members() {
					if other != user && lasting(candidate, s.At) {
						successor = other
					}
				}
				for action, command := range map[events.Action]domain.Command{
					domain.DeactivatingMember: domain.DeactivateMember{Member: user},
					domain.RemovingMember:     domain.RemoveMember{Member: user, TransferTo: successor},
					domain.ChangingMemberEnd:  domain.ChangeMemberEnd{Member: user, Until: s.At.Add(time.Second), TransferTo: successor},
				} {
					if org.Authorize(by, action, domain.About{Member: user}) != nil || successor == "" && action != domain.DeactivatingMember || overBefore(member, s.At.Add(time.Second)) && action == domain.ChangingMemberEnd {
						continue
					}
					_, err := command.Decide(org, m)
					assert.NoError(t, err, "%#v by %q, who is %q, of who is %q", command, by, manager.Role, member.Role)
				}
			}
		}
	})
}

// overBefore tells whether a membership ends, or has not started, by then anyway.
func overBefore(m domain.Member, then time.Time) bool {
	return !m.Until().IsZero() && !m.Until().After(then) || !m.From().Before(then)
}
