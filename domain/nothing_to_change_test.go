package domain_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// TestNothingToChangeMeansThatItIsSo draws commands until some change nothing without
// being refused, and holds the state to everything that they say.
func TestNothingToChangeMeansThatItIsSo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var org domain.Organization
		var m events.Moment
		play(t, func(s step) { org, m = s.after, s.Moment })
		if !org.Exists() {
			return
		}
		c := commandGenerator{t, org, m.At, []*domain.Scheme{org.Scheme()}}
		for range 64 {
			m.Actor = c.actor()
			command := c.command()
			if happened, err := command.Decide(org, m); err == nil && len(happened) == 0 {
				assert.True(t, isSo(org, m, command), "%#v by %q changes nothing", command, m.Actor)
			}
		}
	})
}

// defaultOf returns the role, or the default one if it is empty.
func defaultOf(list []events.Role, key events.RoleKey) events.RoleKey {
	if i := slices.IndexFunc(list, func(r events.Role) bool { return r.Default }); key == "" && i >= 0 {
		return list[i].Key
	}
	return key
}

// isSo reports whether a state has everything that a command says.
func isSo(org domain.Organization, m events.Moment, command domain.Command) bool {
	s := org.Scheme()
	switch c := command.(type) {
	case domain.Batch:
		return !slices.ContainsFunc(c, func(c domain.Command) bool { return !isSo(org, m, c) })
	case domain.RecordPassed:
		return !slices.ContainsFunc(c.Of, func(of domain.Boundary) bool {
			at, found := org.TimeOf(of)
			return found && !at.After(m.At)
		})
	case domain.ErasePerson:
		_, erased := org.Erased(c.Person)
		return erased
	case domain.ImportHistory:
		return org.Imported(c.Source) >= c.Through
	case domain.AddMember:
		member, in := org.Member(c.Member)
		keeps := c.UpdateProfile
		return in && (member.Role == defaultOf(s.Scheme.OrganizationRoles, c.Role) || keeps && c.Role == "") &&
			(maps.Equal(member.Levels(), c.Levels) || keeps && c.Levels == nil) &&
			(sameStart(member.From(), c.From, m.At) || keeps && c.From.IsZero()) && (member.Until().Equal(c.Until) || keeps && c.Until.IsZero()) && isKnown(member, c.PersonalData, c.Fields())
	case domain.ChangeProfile:
		member, in := org.Member(c.Member)
		return in && isKnown(member, c.PersonalData, c.Fields)
	case domain.AcceptInvite:
		member, in := org.Member(c.Member)
		d := domain.PersonalData{Name: c.Name, Login: c.Login}
		return in && isKnown(member, d, d.Fields())
	case domain.ResendInvite:
		_, err := domain.OpenInvite{Invite: c.Invite, Token: c.Token}.Decide(org, events.Moment{})
		return err == nil
	case domain.OpenInvite:
		invite, open := org.Invite(c.Invite)
		return open && !invite.Opened.IsZero()
	case domain.DeclineInvite:
		closed, is := org.ClosedInvite(c.Invite)
		return is && closed.Status == domain.InviteDeclined
	case domain.SetEmailDomain:
		d, is := org.EmailDomain(c.Domain)
		return is && (c.Mode == "" || d.Mode == c.Mode) && (c.Role == "" || d.Role == c.Role)
	case domain.VerifyEmailDomain:
		d, is := org.EmailDomain(c.Domain)
		return is && m.At.Sub(d.Verified) < 24*time.Hour
	case domain.ApproveAccessRequest:
		r, is := org.AccessRequest(c.Request)
		return is && r.Closed.Status == domain.AccessGranted && (c.Role == "" || c.Role == r.Closed.Role) && (c.Until.IsZero() || c.Until.Equal(r.Closed.Until))
	case domain.EndElevation:
		r, _ := org.AccessRequest(c.Request)
		e, is := org.Elevation(r.Member, r.Project)
		return !is || e.Request != c.Request
	case domain.DenyAccessRequest:
		r, is := org.AccessRequest(c.Request)
		return is && r.Closed.Status == domain.AccessRefused
	case domain.WithdrawAccessRequest:
		r, is := org.AccessRequest(c.Request)
		return is && r.Closed.Status == domain.AccessWithdrawn
	case domain.ChangeNoticePreferences:
		return settled(org.NoticeChoices(c.Member), c.NoticeSetting, func(n domain.NoticeChoice) events.NoticePreference { return n.Own })
	case domain.ChangeNoticeDefaults:
		return settled(org.NoticeChoices(""), c.NoticeSetting, func(n domain.NoticeChoice) events.NoticePreference { return n.Default })
	case domain.ChangeAccessRequests:
		return (c.Join == nil || org.AccessRequestChoice().Join == *c.Join) && (c.Projects == nil || org.AccessRequestChoice().Projects == *c.Projects)
	case domain.ChangeInvite:
		invite, open := org.Invite(c.Invite)
		projects := 0
		for p := range invite.Projects() {
			projects++
			if p.Deleted || c.Projects != nil && !slices.ContainsFunc(*c.Projects, func(n events.ProjectRole) bool {
				return n.Project == p.Project && (n.Role == "" || n.Role == p.Role) && maps.Equal(n.Levels, p.Levels)
			}) {
				return false
			}
		}
		return open && (c.Role == nil || invite.Role == defaultOf(s.Scheme.OrganizationRoles, *c.Role)) && (c.Levels == nil || maps.Equal(invite.Levels, *c.Levels)) &&
			(c.From == nil || sameStart(invite.From, *c.From, m.At)) && (c.Until == nil || invite.Until.Equal(*c.Until)) && (c.Projects == nil || projects == len(*c.Projects))
	case domain.ChangeMemberRole:
		member, _ := org.Member(c.Member)
		return member.Role == c.To
	case domain.ChangeMemberLevels:
		member, _ := org.Member(c.Member)
		return levelsAre(org.Scheme().Scheme.OrganizationRoles, member.Role, member.Levels(), c.To, c.Merge)
	case domain.ChangeMemberStart:
		member, _ := org.Member(c.Member)
		return sameStart(member.From(), c.From, m.At)
	case domain.ChangeMemberEnd:
		member, _ := org.Member(c.Member)
		return member.Until().Equal(c.Until)
	case domain.DeactivateMember:
		member, _ := org.Member(c.Member)
		_, deactivated := member.Deactivated()
		return deactivated
	case domain.ReactivateMember:
		member, in := org.Member(c.Member)
		_, deactivated := member.Deactivated()
		return in && !deactivated
	case domain.TransferOwnership:
		owner, _ := org.Member(c.To)
		actor, _ := org.Member(m.Actor)
		highest := s.OrganizationRoles()[len(s.OrganizationRoles())-1]
		return owner.Role == highest && (c.Role == "" || actor.Role == c.Role)
	case domain.RenameOrganization:
		return org.Name() == c.To
	case domain.ChangeLocale:
		return org.Locale() == c.To
	case domain.ArchiveOrganization:
		return org.Archived()
	case domain.RestoreOrganization:
		return !org.Archived()
	case domain.ChangeSeats:
		limit, _ := org.Seats()
		return limit == c.To || c.To == 0
	case domain.ChangeScheme:
		for _, mapping := range []map[events.RoleKey]events.RoleKey{c.OrganizationRoles, c.ProjectRoles, c.TeamRoles} {
			for from, to := range mapping {
				if from != to {
					return false
				}
			}
		}
		return c.Scheme.Key == s.Key
	case domain.RedefineRole:
		role := findRole(s, c.Kind, c.Role)
		return (c.Rank == nil || role.Rank == *c.Rank) && (c.Levels == nil || maps.Equal(role.Levels, *c.Levels))
	case domain.RenameRole:
		return findRole(s, c.Kind, c.Role).Label == c.To
	}
	return isSoOnProject(org, m, command)
}

func isSoOnProject(org domain.Organization, m events.Moment, command domain.Command) bool {
	grantIs := func(project events.ProjectID, user events.UserID, is func(domain.Grant) bool) bool {
		member, _ := org.Member(user)
		grant, there := member.Grant(project)
		return there && is(grant)
	}
	projectIs := func(id events.ProjectID, is func(domain.Project) bool) bool {
		project, there := org.Project(id)
		return there && is(project)
	}
	assignmentIs := func(project events.ProjectID, team events.TeamID, is func(domain.Assignment) bool) bool {
		return projectIs(project, func(p domain.Project) bool {
			a, there := p.Assignment(team)
			return there && is(a)
		})
	}
	teamIs := func(id events.TeamID, is func(domain.Team) bool) bool {
		team, there := org.Team(id)
		return there && is(team)
	}
	switch c := command.(type) {
	case domain.AddProjectMember:
		member, _ := org.Member(c.Member)
		return grantIs(c.Project, c.Member, func(g domain.Grant) bool {
			role := c.Role
			if role == "" {
				role = org.Scheme().DefaultProjectRole(member.Role)
			}
			if role == "" {
				role = defaultOf(org.Scheme().Scheme.ProjectRoles, "")
			}
			return g.Role == role && maps.Equal(g.Levels(), c.Levels) && sameStart(g.From(), c.From, m.At) && g.Until().Equal(c.Until)
		})
	case domain.ChangeProjectMemberRole:
		return grantIs(c.Project, c.Member, func(g domain.Grant) bool { return g.Role == c.To })
	case domain.ChangeProjectMemberLevels:
		return grantIs(c.Project, c.Member, func(g domain.Grant) bool {
			return levelsAre(org.Scheme().Scheme.ProjectRoles, g.Role, g.Levels(), c.To, c.Merge)
		})
	case domain.ChangeProjectMemberStart:
		return grantIs(c.Project, c.Member, func(g domain.Grant) bool { return sameStart(g.From(), c.From, m.At) })
	case domain.ChangeProjectMemberEnd:
		return grantIs(c.Project, c.Member, func(g domain.Grant) bool { return g.Until().Equal(c.Until) })
	case domain.SetOverride:
		member, _ := org.Member(c.Member)
		set, there := member.Override(c.Project, c.Permission)
		return there && set.Level == c.Level
	case domain.ClearOverride:
		member, _ := org.Member(c.Member)
		_, there := member.Override(c.Project, c.Permission)
		return !there
	case domain.RenameProject:
		return projectIs(c.Project, func(p domain.Project) bool { return p.Name == c.To })
	case domain.DescribeProject:
		return projectIs(c.Project, func(p domain.Project) bool { return p.Description == c.Description })
	case domain.ArchiveProject:
		return projectIs(c.Project, func(p domain.Project) bool { return p.Archived })
	case domain.RestoreProject:
		return projectIs(c.Project, func(p domain.Project) bool { return !p.Archived })
	case domain.TurnOnPublicLink:
		return projectIs(c.Project, func(p domain.Project) bool { _, on := p.PublicLink(); return on })
	case domain.TurnOffPublicLink:
		return projectIs(c.Project, func(p domain.Project) bool { _, on := p.PublicLink(); return !on })
	case domain.AssignTeam:
		return assignmentIs(c.Project, c.Team, func(a domain.Assignment) bool {
			return (a.Role == c.Role || c.Role == "") && sameStart(a.From(), c.From, m.At) && a.Until().Equal(c.Until)
		})
	case domain.ChangeAssignment:
		return projectIs(c.Project, func(p domain.Project) bool { a, there := p.Assignment(c.Team); return there && a.Role == c.To })
	case domain.ChangeAssignmentStart:
		return assignmentIs(c.Project, c.Team, func(a domain.Assignment) bool { return sameStart(a.From(), c.From, m.At) })
	case domain.ChangeAssignmentEnd:
		return assignmentIs(c.Project, c.Team, func(a domain.Assignment) bool { return a.Until().Equal(c.Until) })
	case domain.RenameTeam:
		return teamIs(c.Team, func(t domain.Team) bool { return t.Name == c.To })
	case domain.DescribeTeam:
		return teamIs(c.Team, func(t domain.Team) bool {
			return (c.Description == nil || t.Description == *c.Description) && (c.Privacy == nil || t.Privacy == *c.Privacy)
		})
	case domain.ColourTeam:
		return teamIs(c.Team, func(t domain.Team) bool { return t.Colour == c.To })
	case domain.MoveTeam:
		return teamIs(c.Team, func(t domain.Team) bool { return t.Parent == c.To })
	case domain.AddTeamMember:
		return teamIs(c.Team, func(t domain.Team) bool {
			for user, in := range t.Members() {
				if user == c.Member {
					return in.Role == defaultOf(org.Scheme().Teams.Roles, c.Role)
				}
			}
			return false
		})
	case domain.ChangeTeamMemberRole:
		return teamIs(c.Team, func(t domain.Team) bool {
			for user, in := range t.Members() {
				if user == c.Member {
					return in.Role == c.To
				}
			}
			return false
		})
	}
	panic(fmt.Sprintf("%T changes nothing, and the test does not know what it says", command))
}

// sameStart reports whether two starts are the same: also if both have passed.
func sameStart(a, b, now time.Time) bool { return a.Equal(b) || !a.After(now) && !b.After(now) }

// isKnown reports whether what a command says about a member is what is known, field by field.
func isKnown(member domain.Member, d domain.PersonalData, fields []events.ProfileField) bool {
	for _, field := range fields {
		var same bool
		switch field {
		case events.NameField:
			same = member.Name == d.Name
		case events.LoginField:
			same = member.Login == d.Login
		case events.EmailField:
			same = member.Email == d.Email && member.Address == d.Address
		case events.AvatarField:
			same = member.Avatar == d.Avatar
		case events.ExternalIDField:
			same = member.ExternalID == d.ExternalID && member.ExternalIDHash == d.ExternalIDHash
		case events.MetadataField:
			same = len(d.Metadata) > 0 || len(member.Metadata) == 0
			for key, entry := range d.Metadata {
				same = same && member.Metadata[key] == entry
			}
		}
		if !same {
			return false
		}
	}
	return true
}

func findRole(s *domain.Scheme, kind events.RoleKind, key events.RoleKey) events.Role {
	list := s.Scheme.OrganizationRoles
	if kind == events.ProjectRoleKind {
		list = s.Scheme.ProjectRoles
	}
	if i := slices.IndexFunc(list, func(r events.Role) bool { return r.Key == key }); i >= 0 {
		return list[i]
	}
	return events.Role{}
}

// levelsAre tells whether own levels are as a command says: all of them, or those that it
// names.
func levelsAre(roles []events.Role, role events.RoleKey, own, to events.Levels, merge bool) bool {
	if !merge {
		return maps.Equal(own, to)
	}
	if len(own) == 0 && find(roles, role).OwnLevels == events.Instead {
		own = find(roles, role).Levels
	}
	for permission, level := range to {
		if height(own[permission]) != height(level) {
			return false
		}
	}
	return true
}

// settled reports whether all notices that a setting is about are as it says.
func settled(all []domain.NoticeChoice, s domain.NoticeSetting, is func(domain.NoticeChoice) events.NoticePreference) bool {
	return !slices.ContainsFunc(all, func(n domain.NoticeChoice) bool {
		meant := (len(s.Kinds) == 0 || slices.Contains(s.Kinds, n.Kind)) && (len(s.Channels) == 0 || slices.Contains(s.Channels, n.Channel))
		return meant && !n.Fixed && is(n) != s.To
	})
}
