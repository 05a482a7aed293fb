package domain_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func countRole(org domain.Organization, role events.RoleKey) int {
	n := 0
	for _, member := range org.Members() {
		if member.Role == role {
			n++
		}
	}
	return n
}

func TestAnOwnerAlwaysRemains(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		for _, role := range s.after.Scheme().Scheme.OrganizationRoles {
			before, after := countRole(s.before, role.Key), countRole(s.after, role.Key)
			if after < role.AtLeast && after < before {
				t.Errorf("%#v by %q leaves %d %q of %d", s.command, s.by, after, role.Key, before)
			}
		}
	})
}

func TestAProjectOwnerAlwaysRemains(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		if s.before.Scheme() == nil {
			return
		}
		for project := range s.after.Projects() {
			for _, role := range s.after.Scheme().Scheme.ProjectRoles {
				count := func(org domain.Organization) (n int) {
					for user := range org.Members() {
						if org.Access(user, project).Role == role.Key {
							n++
						}
					}
					return n
				}
				if after := count(s.after); after < role.AtLeast && after < count(s.before) {
					t.Errorf("%#v by %q leaves %d %q on %q", s.command, s.by, after, role.Key, project)
				}
			}
		}
	})
}

// TestNobodyHandsOutMoreThanTheyHave looks at every role on a project that
// anybody has after a person's command and had not before.
func TestNobodyHandsOutMoreThanTheyHave(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		switch s.command.(type) {
		case domain.CreateOrganization, domain.CreateProject, domain.AcceptInvite:
			return
		}
		if s.by == events.System {
			return
		}
		for user := range s.after.Members() {
			for project := range s.after.Projects() {
				was, is := s.before.Access(user, project).Role, s.after.Access(user, project).Role
				own := s.before.Access(s.by, project).Role
				rank := s.after.Scheme().Rank
				if rank(is) > rank(was) && rank(is) > rank(own) {
					t.Errorf("%#v by %q, who is %q on %q, makes %q %q", s.command, s.by, own, project, user, is)
				}
			}
		}
	})
}

func TestApplyingTwiceEqualsOnce(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		if again, err := s.command.Decide(s.after, at(s.by)); err == nil && len(again) > 0 {
			t.Errorf("%#v by %q again leads to %#v", s.command, s.by, again)
		}
	})
}

// TestAccessChanges compares what an event is said to have changed with what it
// changed, looking at everybody and every project.
func TestAccessChanges(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		before := s.before
		for recorded := range s.entry.Recorded() {
			after := before.Evolve(recorded)
			var want []domain.AccessChange
			for _, user := range []events.UserID{"ada", "bob", "cyd", "dan", "eve"} {
				was, _ := before.Member(user)
				is, _ := after.Member(user)
				if was.Role != is.Role {
					want = append(want, domain.AccessChange{User: user, From: was.Role, To: is.Role})
				}
				for _, project := range []events.ProjectID{"p", "q", "r"} {
					if from, to := before.Access(user, project).Role, after.Access(user, project).Role; from != to {
						want = append(want, domain.AccessChange{User: user, Project: project, From: from, To: to})
					}
				}
			}
			got := slices.SortedFunc(domain.AccessChanges(before, after, recorded.Event), func(a, b domain.AccessChange) int {
				return slices.Compare([]string{string(a.User), string(a.Project)}, []string{string(b.User), string(b.Project)})
			})
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%#v (-want +got):\n%s", recorded.Event, diff)
			}
			before = after
		}
	})
}

// TestReplayEqualsLiving holds that a history read at once, changed in place,
// gives the state that was lived through step by step.
func TestReplayEqualsLiving(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var lived domain.Organization
		history := play(t, func(s step) { lived = s.after })
		replayed := domain.Roster{}.Evolve(history...).Organization("acme")
		if diff := cmp.Diff(portray(lived), portray(replayed)); diff != "" {
			t.Errorf("(-lived +replayed):\n%s", diff)
		}
		if diff := cmp.Diff(modelled(history), portray(replayed)); diff != "" {
			t.Errorf("(-model +state):\n%s", diff)
		}
	})
}

// portrait is a state in plain maps.
type portrait struct {
	Members map[events.UserID]events.RoleKey
	Teams   map[events.TeamID]map[events.UserID]events.RoleKey
	Parents map[events.TeamID]events.TeamID
	Names   map[string]events.TeamID
	Access  map[events.UserID]map[events.ProjectID]events.RoleKey
	Invites map[events.InviteID]bool
}

func newPortrait() portrait {
	return portrait{
		map[events.UserID]events.RoleKey{},
		map[events.TeamID]map[events.UserID]events.RoleKey{},
		map[events.TeamID]events.TeamID{},
		map[string]events.TeamID{},
		map[events.UserID]map[events.ProjectID]events.RoleKey{},
		map[events.InviteID]bool{},
	}
}

func portray(org domain.Organization) portrait {
	p := newPortrait()
	for user, member := range org.Members() {
		p.Members[user] = member.Role
		for project := range org.Projects() {
			if role := org.Access(user, project).Role; role != "" {
				if p.Access[user] == nil {
					p.Access[user] = map[events.ProjectID]events.RoleKey{}
				}
				p.Access[user][project] = role
			}
		}
	}
	for id, team := range org.Teams() {
		p.Parents[id] = team.Parent
		if named, _ := org.TeamNamed(team.Name); named == id {
			p.Names[team.Name] = id
		}
		p.Teams[id] = map[events.UserID]events.RoleKey{}
		for user, place := range team.Members() {
			p.Teams[id][user] = place.Role
		}
	}
	for id := range org.Invites() {
		p.Invites[id] = true
	}
	return p
}

// modelled plays a history on plain maps and works out access the naive way:
// every person, every project, every source.
func modelled(history []events.Entry) portrait {
	p := newPortrait()
	grants := map[events.ProjectID]map[events.UserID]events.RoleKey{}
	assignments := map[events.ProjectID]map[events.TeamID]events.RoleKey{}
	names := map[events.TeamID]string{}
	var rules events.Scheme
	for _, entry := range history {
		for _, e := range entry.Events {
			switch e := e.(type) {
			case events.OrganizationCreated:
				rules = e.Scheme
			case events.MemberJoined:
				p.Members[e.Member] = e.Role
			case events.RoleChanged:
				p.Members[e.Member] = e.To
			case events.MemberRemoved:
				delete(p.Members, e.Member)
				for _, people := range grants {
					delete(people, e.Member)
				}
				for _, people := range p.Teams {
					delete(people, e.Member)
				}
			case events.MemberInvited:
				p.Invites[e.Invite] = true
			case events.InviteAccepted:
				delete(p.Invites, e.Invite)
			case events.InviteRevoked:
				delete(p.Invites, e.Invite)
			case events.ProjectCreated:
				grants[e.Project], assignments[e.Project] = map[events.UserID]events.RoleKey{}, map[events.TeamID]events.RoleKey{}
			case events.ProjectMemberAdded:
				grants[e.Project][e.Member] = e.Role
			case events.ProjectRoleChanged:
				grants[e.Project][e.Member] = e.To
			case events.ProjectMemberRemoved:
				delete(grants[e.Project], e.Member)
			case events.TeamCreated:
				p.Teams[e.Team], p.Parents[e.Team], names[e.Team] = map[events.UserID]events.RoleKey{}, e.Parent, e.Name
			case events.TeamRenamed:
				names[e.Team] = e.To
			case events.TeamMoved:
				p.Parents[e.Team] = e.To
			case events.TeamRemoved:
				delete(p.Teams, e.Team)
				delete(p.Parents, e.Team)
				delete(names, e.Team)
				for _, teams := range assignments {
					delete(teams, e.Team)
				}
			case events.TeamMemberAdded:
				p.Teams[e.Team][e.Member] = e.Role
			case events.TeamRoleChanged:
				p.Teams[e.Team][e.Member] = e.To
			case events.TeamMemberRemoved:
				delete(p.Teams[e.Team], e.Member)
			case events.TeamAssigned:
				assignments[e.Project][e.Team] = e.Role
			case events.AssignmentChanged:
				assignments[e.Project][e.Team] = e.To
			case events.TeamUnassigned:
				delete(assignments[e.Project], e.Team)
			case events.OrganizationDeleted, events.HistoryImported, events.TeamDescribed:
			}
		}
	}
	for id, name := range names {
		p.Names[name] = id
	}
	rank := map[events.RoleKey]int{}
	for _, role := range rules.ProjectRoles {
		rank[role.Key] = role.Rank
	}
	reach := map[events.RoleKey]events.RoleKey{}
	for _, role := range rules.OrganizationRoles {
		reach[role.Key] = role.AllProjects
	}
	for user, role := range p.Members {
		for project := range grants {
			roles := []events.RoleKey{"", reach[role], grants[project][user]}
			for team, people := range p.Teams {
				if _, in := people[user]; !in {
					continue
				}
				for above := team; above != ""; above = p.Parents[above] {
					roles = append(roles, assignments[project][above])
				}
			}
			if best := slices.MaxFunc(roles, func(a, b events.RoleKey) int { return rank[a] - rank[b] }); best != "" {
				if p.Access[user] == nil {
					p.Access[user] = map[events.ProjectID]events.RoleKey{}
				}
				p.Access[user][project] = best
			}
		}
	}
	return p
}
