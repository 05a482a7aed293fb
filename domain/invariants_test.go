package domain_test

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// lasting tells whether a membership counts for roles that must be held.
func lasting(m domain.Member, now time.Time) bool {
	_, suspended := m.Deactivated()
	return !suspended && !m.From().After(now) && m.Until().IsZero()
}

func countRole(org domain.Organization, role events.RoleKey, now time.Time) int {
	n := 0
	for _, member := range org.Members() {
		if member.Role == role && lasting(member, now) {
			n++
		}
	}
	return n
}

// TestRolesThatMustBeHeldStayHeld counts holders who last, in the organization.
func TestRolesThatMustBeHeldStayHeld(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		if !s.after.Exists() {
			return
		}
		_, anew := s.command.(domain.ChangeScheme)
		if stops(s) {
			return // whoever ranks below the actor
		}
		for _, role := range s.after.Scheme().Scheme.OrganizationRoles {
			before, after := countRole(s.before, role.Key, s.At), countRole(s.after, role.Key, s.At)
			assert.False(t, after < role.AtLeast && (after < before || anew && s.after.CountMembers() > 0), "%#v by %q leaves %d %q of %d", s.command, s.Actor, after, role.Key, before)
		}
	})
}

// stops tells whether a command stops somebody who ranks below its actor: then only the
// rank counts.
func stops(s step) bool {
	var user events.UserID
	switch c := s.command.(type) {
	case domain.RemoveMember:
		user = c.Member
	case domain.ErasePerson:
		user = c.Person
	case domain.DeactivateMember:
		user = c.Member
	case domain.ChangeMemberEnd:
		user = c.Member
	case domain.Batch, domain.ImportHistory: // what happened elsewhere is recorded
		return true
	}
	if !s.before.Exists() {
		return false
	}
	roles := s.before.Scheme().Scheme.OrganizationRoles
	stopped, is := s.before.Member(user)
	actor, _ := s.before.Member(s.Actor)
	highest := slices.MaxFunc(roles, func(a, b events.Role) int { return cmp.Compare(a.Rank, b.Rank) })
	if s.Actor == events.System {
		actor.Role = highest.Key
	}
	return is && find(roles, stopped.Role).Rank < find(roles, actor.Role).Rank
}

// TestProjectRolesThatMustBeHeldStayHeld counts people by what they have now, and has no
// end. Who comes to rank higher has not been taken anything, and
// another scheme is another matter, as are suspensions, and a successor who is named and
// has the role already.
func TestProjectRolesThatMustBeHeldStayHeld(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		switch c := s.command.(type) {
		case domain.ChangeScheme, domain.DeactivateMember, domain.Batch, domain.ImportHistory:
			return
		case domain.RemoveMember:
			if c.TransferTo != "" {
				return
			}
		case domain.ChangeMemberEnd:
			if c.TransferTo != "" {
				return
			}
		}
		if !s.before.Exists() || !s.after.Exists() {
			return
		}
		before, after := s.before.At(s.At), s.after.At(s.At)
		for _, role := range s.after.Scheme().Scheme.ProjectRoles {
			for project := range s.after.Projects() {
				count := func(org domain.Organization) (n int) {
					for user, member := range org.Members() {
						if lasting(member, s.At) && slices.ContainsFunc(org.Access(user, project).Sources, func(from domain.Source) bool {
							return from.Until.IsZero() && org.Scheme().Rank(from.Role) >= org.Scheme().Rank(role.Key)
						}) {
							n++
						}
					}
					return n
				}
				held, had := count(after), count(before)
				assert.False(t, held < role.AtLeast && held < had, "%#v by %q leaves %d %q of %d on %q", s.command, s.Actor, held, role.Key, had, project)
			}
		}
	})
}

// TestApplyingTwiceEqualsOnce leaves out what is recorded, or made anew, each time.
func TestApplyingTwiceEqualsOnce(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		switch s.command.(type) {
		case domain.AttestAccess, domain.RotatePublicLink, domain.Batch, domain.ChangeScheme:
			return
		}
		again, err := s.command.Decide(s.after, s.Moment)
		assert.False(t, err == nil && len(again) > 0, "%#v by %q again leads to %#v", s.command, s.Actor, again)
	})
}

// TestSeatsAreNotExceeded holds that nothing takes a seat that is not there, and that the limit falls
// below the seats in use only where new ones are to be blocked.
func TestSeatsAreNotExceeded(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		if !s.before.Exists() || !s.after.Exists() || blocksNew(s.command) {
			return
		}
		limit, taken := s.after.Seats()
		assert.False(t, limit > 0 && taken-limit > missingSeats(s.before), "%#v by %q leaves %d seats taken of %d, before %d were missing", s.command, s.Actor, taken, limit, missingSeats(s.before))
	})
}

// blocksNew reports whether a command may lower the limit below the seats in use, or tells history.
func blocksNew(c domain.Command) bool {
	switch c := c.(type) {
	case domain.ChangeSeats:
		return c.BlockNew
	case domain.ChangeScheme:
		return c.BlockNew
	case domain.Batch:
		return slices.ContainsFunc(c, blocksNew)
	case domain.ImportHistory:
		return true
	}
	return false
}

// missingSeats counts the seats in use beyond the limit.
func missingSeats(org domain.Organization) int {
	limit, taken := org.Seats()
	if limit == 0 {
		return 0
	}
	return max(taken-limit, 0)
}

// TestSeatsHaveHolders holds that every seat in use has a holder, who is named once.
func TestSeatsHaveHolders(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		if !s.after.Exists() {
			return
		}
		_, taken := s.after.Seats()
		named := map[string]bool{}
		for h := range s.after.SeatHolders(func() bool { return true }) {
			key := "member " + string(h.Member)
			if h.Invite != "" {
				key = "invite " + string(h.Invite)
			}
			assert.False(t, named[key], "%s is named twice", key)
			named[key] = true
		}
		assert.Len(t, named, taken)
	})
}

// TestDeactivationKeepsEverything deactivates each member and brings them back: they have all that they
// had, and the same access, but for what they had for a time.
func TestDeactivationKeepsEverything(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		if !s.after.Exists() || s.after.Archived() {
			return
		}
		all := func(events.ProjectID) bool { return true }
		for user := range s.after.Members() {
			before := unelevated(s.after, user)
			org, away := s.after, false
			for _, c := range []domain.Command{domain.DeactivateMember{Member: user}, domain.ReactivateMember{Member: user}} {
				happened, err := c.Decide(org, events.Moment{At: s.At, Now: s.At})
				if err != nil || len(happened) == 0 {
					break // the last holder, or somebody who is deactivated already
				}
				for i, e := range happened {
					org = org.Evolve(events.Recorded{Event: e, Origin: events.Origin{Version: s.after.Version() + 1, Index: i, At: s.At}})
				}
				_, away = memberOf(org, user).Deactivated()
				for project := range org.Projects() {
					assert.False(t, away && org.Access(user, project).Role != "", "%q has access to %q while deactivated", user, project)
				}
			}
			if away {
				continue // no seat was free
			}
			assert.Empty(t, gocmp.Diff(standingOf(s.after, user, all), standingOf(org, user, all)), "what %q has", user)
			assert.Equal(t, slices.Collect(memberOf(s.after, user).Teams()), slices.Collect(memberOf(org, user).Teams()), "teams of %q", user)
			for project := range org.Projects() {
				before, after := before.Access(user, project), unelevated(org, user).Access(user, project)
				assert.Equal(t, before.Role, after.Role, "role of %q on %q", user, project)
				assert.Equal(t, before.Levels(), after.Levels(), "levels of %q on %q", user, project)
			}
		}
	})
}

// memberOf returns somebody's membership, which must be there.
func memberOf(org domain.Organization, user events.UserID) domain.Member {
	member, _ := org.Member(user)
	return member
}

// standing is what nobody but the system changes of somebody protected.
type standing struct {
	Role        events.RoleKey
	Levels      string
	Until       time.Time
	Deactivated bool
	Grants      map[events.ProjectID]string
}

func standingOf(org domain.Organization, user events.UserID, on func(events.ProjectID) bool) standing {
	member, _ := org.Member(user)
	_, deactivated := member.Deactivated()
	s := standing{member.Role, ownLevels(member.Levels()), member.Until(), deactivated, map[events.ProjectID]string{}}
	for grant := range member.Grants() {
		if on(grant.Project) {
			s.Grants[grant.Project] = string(grant.Role) + ownLevels(grant.Levels()) + until(grant.Until())
		}
	}
	for o := range member.Overrides() {
		if on(o.Project) {
			s.Grants[o.Project] += string(o.Permission) + string(o.Level)
		}
	}
	return s
}

// TestProtectedPeopleStay holds that nobody but the system takes anything from who is
// protected; a transfer of ownership, a change of the rules, and the end of what they
// are on, are no change of theirs. They may be given more: a grant of their own.
func TestProtectedPeopleStay(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		switch s.command.(type) {
		case domain.ChangeScheme, domain.DeleteOrganization, domain.TransferOwnership, domain.Batch:
			return
		}
		if s.Actor == events.System || !s.before.Exists() {
			return
		}
		for user := range s.before.Members() {
			if !s.before.Protected("", user) {
				continue
			}
			on := func(p events.ProjectID) bool {
				_, still := s.after.Project(p)
				member, _ := s.before.Member(user)
				grant, had := member.Grant(p)
				ended := !grant.Until().IsZero() && !grant.Until().After(s.At) // and can be given anew
				return still && had && !ended
			}
			if takesOver(s, user) {
				continue // which gives them more
			}
			assert.Empty(t, gocmp.Diff(standingOf(s.before, user, on), standingOf(s.after, user, on)), "%#v by %q changes %q, who is protected:\n%s", s.command, s.Actor, user)
		}
	})
}

// takesOver tells whether a command may make somebody an owner of projects.
func takesOver(s step, user events.UserID) bool {
	switch c := s.command.(type) {
	case domain.TakeOverProject:
		return user == s.Actor
	case domain.RemoveMember:
		return user == c.TransferTo || user == s.Actor
	case domain.ChangeMemberEnd:
		return user == c.TransferTo || user == s.Actor
	}
	return false
}

// TestProtectedCreatorsStay holds the same on a project: there the creator may be
// removed from the organization, and nothing less.
func TestProtectedCreatorsStay(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		if _, anew := s.command.(domain.ChangeScheme); anew || s.Actor == events.System || !s.before.Exists() {
			return
		}
		for project := range s.before.Projects() {
			on := func(p events.ProjectID) bool { return p == project }
			for user := range s.before.Members() {
				_, still := s.after.Project(project)
				if _, in := s.after.Member(user); !in || takesOver(s, user) || !still || !s.before.Protected(project, user) || s.before.Protected("", user) {
					continue
				}
				assert.Empty(t, gocmp.Diff(standingOf(s.before, user, on).Grants, standingOf(s.after, user, on).Grants), "%#v by %q changes %q, who created %q:\n%s", s.command, s.Actor, user, project)
			}
		}
	})
}

// TestNobodyTakesFromThoseAbove holds that a person lowers the role of nobody ranked
// above them in the organization, but where they pass on their own.
func TestNobodyTakesFromThoseAbove(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		switch s.command.(type) {
		case domain.ChangeScheme, domain.DeleteOrganization, domain.TransferOwnership, domain.Batch, domain.RedefineRole:
			return
		}
		if s.Actor == events.System || !s.before.Exists() {
			return
		}
		rank := func(key events.RoleKey) int { return find(s.before.Scheme().Scheme.OrganizationRoles, key).Rank }
		own, _ := s.before.Member(s.Actor)
		for user, member := range s.before.Members() {
			after, still := s.after.Member(user)
			assert.False(t, rank(member.Role) > rank(own.Role) && (!still || after.Role != member.Role || lasting(member, s.At) && !lasting(after, s.At)), "%#v by %q, who is %q, takes from %q, who is %q", s.command, s.Actor, own.Role, user, member.Role)
		}
	})
}

// TestWithoutSourcesThereIsNothing holds that access is gone when every source is, and
// that what happens to teams leaves direct grants alone.
func TestWithoutSourcesThereIsNothing(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		if !s.after.Exists() {
			return
		}
		for _, user := range everybody {
			for project := range s.after.Projects() {
				access := s.after.Access(user, project)
				if len(access.Sources) > 0 {
					continue
				}
				assert.Empty(t, access.Role, "%q has no source on %q", user, project)
				assert.NotEmpty(t, access.Reason, "%q has no source on %q", user, project)
				for _, p := range s.after.Scheme().Permissions() {
					allowed, err := s.after.Allows(user, project, p.Key, "")
					assert.False(t, allowed, "%q has no source on %q and has %q", user, project, p.Key)
					assert.NoError(t, err, "%q has no source on %q and has %q", user, project, p.Key)
				}
			}
		}
		switch s.command.(type) {
		case domain.RemoveTeam, domain.RemoveTeamMember, domain.UnassignTeam, domain.MoveTeam:
			assert.Empty(t, gocmp.Diff(maps.Collect(direct(s.before)), maps.Collect(direct(s.after))), "%#v changes direct grants:\n%s", s.command)
		}
	})
}

// direct yields every direct grant in words.
func direct(org domain.Organization) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for user := range org.Members() {
			for project := range org.Projects() {
				for _, source := range org.Access(user, project).Sources {
					if source.Kind != domain.ThroughTeam && source.Kind != domain.ThroughRole && !yield(string(user+" on ")+string(project), string(source.Role)) {
						return
					}
				}
			}
		}
	}
}
