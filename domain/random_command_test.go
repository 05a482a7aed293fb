package domain_test

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// commandGenerator draws a command that means something in the present state more often than
// not.
type commandGenerator struct {
	*rapid.T
	org   domain.Organization
	now   time.Time
	rules []*domain.Scheme
}

// there draws one of those that are there, or now and then any.
func there[E any](t *rapid.T, any []E, is func(E) bool) E {
	if present := slices.DeleteFunc(slices.Clone(any), func(e E) bool { return !is(e) }); len(present) > 0 && !chance(t, 8) {
		return one(t, present...)
	}
	return one(t, any...)
}

func (c commandGenerator) user() events.UserID {
	return there(c.T, someone, func(u events.UserID) bool { _, in := c.org.Member(u); return in })
}

// successor draws who takes over, half of the time nobody.
func (c commandGenerator) successor() events.UserID {
	if chance(c.T, 2) {
		return ""
	}
	return c.user()
}

// actor draws the system, or somebody who is active more often than not.
func (c commandGenerator) actor() events.UserID {
	if chance(c.T, 4) {
		return events.System
	}
	return there(c.T, someone, func(u events.UserID) bool { return c.org.At(c.now).Sees(u) })
}

func (c commandGenerator) project() events.ProjectID {
	return there(c.T, anything, func(p events.ProjectID) bool { _, is := c.org.Project(p); return is })
}

func (c commandGenerator) team() events.TeamID {
	return there(c.T, anyTeam, func(t events.TeamID) bool { _, is := c.org.Team(t); return is })
}

func (c commandGenerator) oneOf(roles []events.RoleKey) events.RoleKey {
	if chance(c.T, 8) || len(roles) == 0 {
		return ""
	}
	return one(c.T, roles...)
}

func (c commandGenerator) role() events.RoleKey { return c.oneOf(c.org.Scheme().OrganizationRoles()) }

func (c commandGenerator) projectRole() events.RoleKey { return c.oneOf(c.org.Scheme().ProjectRoles()) }

func (c commandGenerator) teamRole() events.RoleKey {
	return c.oneOf(keysOf(c.org.Scheme().Teams.Roles))
}

// end draws no end, one that comes, or now and then one that has passed.
func (c commandGenerator) end() time.Time {
	hours := one(c.T, 0, 0, 0, 1, 3, 9, 27, 81, -1)
	if hours == 0 {
		return time.Time{}
	}
	return c.now.Add(time.Duration(hours) * time.Hour)
}

// start draws none, one that comes, or now and then one that has passed.
func (c commandGenerator) start() time.Time {
	hours := one(c.T, 0, 0, 0, 0, 1, 2, 4, 13, -1)
	if hours == 0 {
		return time.Time{}
	}
	return c.now.Add(time.Duration(hours) * time.Hour)
}

func (c commandGenerator) kind() events.RoleKind {
	return one(c.T, events.OrganizationRoleKind, events.ProjectRoleKind)
}

func (c commandGenerator) permission(list []events.Permission) (events.PermissionKey, events.Level) {
	p := one(c.T, list...)
	return p.Key, (&drawing{T: c.T}).level(p, 0)
}

// own draws levels of somebody's own, half of the time none.
func (c commandGenerator) own(list []events.Permission) events.Levels {
	if chance(c.T, 2) {
		return nil
	}
	levels := events.Levels{}
	for range 1 + below(c.T, 2) {
		p, l := c.permission(list)
		levels[p] = l
	}
	return levels
}

func (c commandGenerator) rank() int { return below(c.T, 7) }

// redefinition changes the rank of a role, its levels, or both.
func (c commandGenerator) redefinition(kind events.RoleKind, list []events.Permission) domain.Command {
	both := domain.RedefineRole{Kind: kind, Role: c.customRole(), Rank: new(c.rank()), Levels: new(c.own(list))}
	return one(c.T, both, domain.RedefineRole{Kind: kind, Role: both.Role, Rank: both.Rank}, domain.RedefineRole{Kind: kind, Role: both.Role, Levels: both.Levels})
}

func (c commandGenerator) customRole() events.RoleKey {
	return one[events.RoleKey](c.T, "own", "other")
}

// inviteID draws an invite, one that is open more often than not.
func (c commandGenerator) inviteID() events.InviteID {
	return there(c.T, anyInvite, func(i events.InviteID) bool { _, is := c.org.Invite(i); return is })
}

// secret draws the hash of the secret of an invite, which few commands show.
func (c commandGenerator) secret() events.Hash {
	return events.Sum([]byte(one(c.T, "s", "t")))
}

func (c commandGenerator) invite() domain.InviteMember {
	user := c.user()
	i := domain.InviteMember{
		Token:  c.secret(),
		Invite: one(c.T, anyInvite...), Address: events.AddressHash(one(c.T, user, user, c.user())), Role: c.role(), From: c.start(), Until: c.end(),
		Levels: c.own(c.org.Scheme().Scheme.Permissions.Organization),
	}
	if chance(c.T, 2) {
		i.Member = user
	}
	if chance(c.T, 2) {
		i.Bind = one(c.T, events.BindAddress, events.BindUser, events.BindAnyone)
	}
	if chance(c.T, 2) {
		i.Teams = []events.TeamRole{{Team: c.team(), Role: c.teamRole()}}
	}
	for _, project := range anything {
		if chance(c.T, 2) {
			i.Projects = append(i.Projects, events.ProjectRole{Project: project, Role: c.projectRole(), Levels: c.own(c.org.Scheme().Permissions())})
		}
	}
	return i
}

func (c commandGenerator) emailDomain() events.EmailDomain {
	return one[events.EmailDomain](c.T, "a.example", "b.example")
}

// accessRequestID draws a request for access, one that is open more often than not.
func (c commandGenerator) accessRequestID() events.AccessRequestID {
	return there(c.T, anyAccessRequest, func(id events.AccessRequestID) bool {
		r, is := c.org.AccessRequest(id)
		return is && r.Closed == nil
	})
}

// accessRequest draws a request of somebody: to join if they are not there, otherwise for a project.
func (c commandGenerator) accessRequest() domain.RequestAccess {
	r := domain.RequestAccess{Request: one(c.T, anyAccessRequest...), Member: one(c.T, someone...), Until: c.end(), Expires: c.end()}
	if _, in := c.org.Member(r.Member); in {
		r.Project, r.Role = c.project(), c.projectRole()
	} else {
		r.Role, r.PersonalData = c.role(), domain.PersonalData{Address: events.AddressHash(r.Member)}
	}
	return r
}

// noticeSetting draws one that is about some notices, or about all.
func (c commandGenerator) noticeSetting() domain.NoticeSetting {
	s := domain.NoticeSetting{To: one(c.T, "", events.NoticesOn, events.NoticesOff)}
	if chance(c.T, 2) {
		s.Kinds = []events.NoticeKind{one(c.T, events.NoticeOfAddition, events.NoticeOfRoleChange, events.NoticeOfRemoval)}
	}
	if chance(c.T, 2) {
		s.Channels = []events.NoticeChannel{one(c.T, events.InboxChannel, events.MailChannel)}
	}
	return s
}

// elevation draws a request for a higher role, in the organization or on a project: one that the scheme allows more often than not.
func (c commandGenerator) elevation() domain.RequestElevation {
	r := domain.RequestElevation{
		Request: one(c.T, anyAccessRequest...), Member: c.user(), Project: one(c.T, "", c.project()), Role: c.role(), Reason: one[events.Sealed](c.T, "k.a", "k.a", ""),
		Expires: c.end(), For: time.Duration(one(c.T, 0, 30, 60, 60, 500)) * time.Minute,
	}
	rules := c.org.Scheme().Elevation.Organization
	if r.Project != "" {
		r.Role, rules = c.projectRole(), c.org.Scheme().Elevation.Project
	}
	if len(rules) > 0 && !chance(c.T, 8) {
		r.Role = one(c.T, rules...).Role
	}
	if r.For == 0 {
		r.Until = c.end()
	}
	return r
}

// elevated asks for a higher role and approves it.
func (c commandGenerator) elevated() domain.Command {
	asks := c.elevation()
	return domain.Batch{asks, domain.ApproveAccessRequest{Request: asks.Request}}
}

// otherScheme maps, now and then, what the other scheme lacks.
func (c commandGenerator) otherScheme() domain.ChangeScheme {
	to := one(c.T, c.rules...)
	mapping := func(from, into []events.RoleKey) map[events.RoleKey]events.RoleKey {
		by := map[events.RoleKey]events.RoleKey{}
		for _, role := range from {
			if len(into) > 0 && (!slices.Contains(into, role) || chance(c.T, 4)) {
				by[role] = one(c.T, into...)
			}
		}
		if len(by) == 0 {
			return nil
		}
		return by
	}
	from := c.org.Scheme()
	return domain.ChangeScheme{
		Scheme: to, OrganizationRoles: mapping(from.OrganizationRoles(), to.OrganizationRoles()),
		ProjectRoles: mapping(from.ProjectRoles(), to.ProjectRoles()), TeamRoles: mapping(keysOf(from.Teams.Roles), keysOf(to.Teams.Roles)),
		BlockNew: chance(c.T, 2),
	}
}

// rarely are commands that end or freeze so much that little happens after them.
func (c commandGenerator) rarely() domain.Command {
	return []func() domain.Command{
		func() domain.Command { return domain.ArchiveOrganization{} },
		func() domain.Command {
			return one[domain.Command](c.T, domain.DeleteOrganization{}, domain.RestoreOrganization{}, c.otherScheme())
		},
		func() domain.Command { return domain.ArchiveProject{Project: c.project()} },
		func() domain.Command { return domain.DeleteProject{Project: c.project()} },
		func() domain.Command { return c.otherScheme() },
		func() domain.Command { return domain.ChangeSeats{To: below(c.T, 6) - 1, BlockNew: chance(c.T, 2)} },
		func() domain.Command {
			return domain.ImportHistory{Source: "s", Through: uint64(c.rank()), Commands: domain.Batch{c.often()}}
		},
	}[below(c.T, 7)]()
}

func (c commandGenerator) often() domain.Command {
	all := c.commands()
	return all[below(c.T, len(all))]()
}

func (c commandGenerator) command() domain.Command {
	if !c.org.Exists() {
		return domain.CreateOrganization{Name: "Acme", Scheme: one(c.T, c.rules...), Owner: one[events.UserID](c.T, "ada", "")}
	}
	if c.org.Archived() && chance(c.T, 2) {
		return domain.RestoreOrganization{}
	}
	switch below(c.T, 16) {
	case 0:
		if chance(c.T, 4) {
			return domain.ErasePerson{Person: c.user()}
		}
		return c.rarely()
	case 1:
		return domain.Batch{c.often(), c.often(), c.often()}
	case 2:
		return domain.RestoreProject{Project: c.project()}
	case 3:
		return domain.RecordPassed{Of: boundariesIn(c.org)}
	}
	return c.often()
}

// profileFields are all that a profile has.
var profileFields = []events.ProfileField{
	events.NameField, events.LoginField, events.EmailField, events.AvatarField, events.ExternalIDField, events.MetadataField,
}

// personalData draws texts as they are after encryption.
func (c commandGenerator) personalData() domain.PersonalData {
	text := func() events.Sealed { return one[events.Sealed](c.T, "", "k.a", "k.b") }
	d := domain.PersonalData{Name: text(), Login: text(), Avatar: text(), Metadata: one(c.T, nil, events.Metadata{"m": text()})}
	if one(c.T, true, false) {
		d.Address = events.AddressHash(c.user())
		d.Email = events.Sealed("k." + d.Address)
	}
	if one(c.T, true, false) {
		d.ExternalIDHash = events.ExternalIDHash(c.user())
		d.ExternalID = events.Sealed("k." + d.ExternalIDHash)
	}
	return d
}

func (c commandGenerator) commands() []func() domain.Command {
	s := c.org.Scheme()
	inOrganization, onProject := s.Scheme.Permissions.Organization, s.Permissions()
	all := []func() domain.Command{
		func() domain.Command { return domain.AddMember{Member: c.user(), Role: c.role()} },
		func() domain.Command {
			return domain.AddMember{Member: c.user(), Role: c.role(), Levels: c.own(inOrganization), From: c.start(), Until: c.end(), PersonalData: c.personalData()}
		},
		func() domain.Command {
			return domain.AddMember{Member: c.user(), Role: one(c.T, "", c.role()), PersonalData: c.personalData(), UpdateProfile: true}
		},
		func() domain.Command {
			return domain.ChangeProfile{Member: c.user(), Fields: one(c.T, nil, profileFields), PersonalData: c.personalData()}
		},
		func() domain.Command { return domain.ChangeMemberRole{Member: c.user(), To: c.role()} },
		func() domain.Command {
			return domain.ChangeMemberLevels{Member: c.user(), To: c.own(inOrganization), Merge: chance(c.T, 3)}
		},
		func() domain.Command {
			return domain.ChangeMemberEnd{Member: c.user(), Until: c.end(), TransferTo: c.successor()}
		},
		func() domain.Command { return domain.ChangeMemberStart{Member: c.user(), From: c.start()} },
		func() domain.Command { return domain.DeactivateMember{Member: c.user()} },
		func() domain.Command { return domain.ReactivateMember{Member: c.user()} },
		func() domain.Command { return domain.RemoveMember{Member: c.user(), TransferTo: c.successor()} },
		func() domain.Command { return domain.TransferOwnership{To: c.user(), Role: c.role()} },
		func() domain.Command {
			return domain.AttestAccess{Member: c.user(), Project: one(c.T, append(anything, "")...)}
		},
		func() domain.Command { return c.invite() },
		func() domain.Command {
			id := c.inviteID()
			invite, _ := c.org.Invite(id)
			return domain.AcceptInvite{Invite: id, Member: cmp.Or(invite.Member, c.user())}
		},
		func() domain.Command { return domain.RevokeInvite{Invite: c.inviteID()} },
		func() domain.Command { return domain.ResendInvite{Invite: c.inviteID(), Token: c.secret()} },
		func() domain.Command {
			i := c.invite()
			all := domain.ChangeInvite{Invite: c.inviteID(), Role: &i.Role, Levels: &i.Levels, From: &i.From, Until: &i.Until, Projects: &i.Projects, Teams: &i.Teams}
			return one(c.T, all, domain.ChangeInvite{Invite: all.Invite, Role: &i.Role}, domain.ChangeInvite{Invite: all.Invite, Projects: &i.Projects})
		},
		func() domain.Command { return domain.OpenInvite{Invite: c.inviteID(), Token: c.secret()} },
		func() domain.Command {
			return domain.DeclineInvite{Invite: c.inviteID(), Member: c.user(), Proof: domain.InviteProof{Token: c.secret()}}
		},
		func() domain.Command {
			mode := one(c.T, "", events.JoinAtOnce, events.JoinByApproval)
			return domain.SetEmailDomain{Domain: c.emailDomain(), Mode: mode, Role: c.role()}
		},
		func() domain.Command {
			return domain.VerifyEmailDomain{Domain: c.emailDomain(), Proven: !chance(c.T, 4)}
		},
		func() domain.Command { return domain.RemoveEmailDomain{Domain: c.emailDomain()} },
		func() domain.Command { return c.accessRequest() },
		func() domain.Command { return c.elevation() },
		c.elevated,
		c.elevated,
		func() domain.Command { return domain.EndElevation{Request: one(c.T, anyAccessRequest...)} },
		func() domain.Command {
			return domain.ApproveAccessRequest{Request: c.accessRequestID()}
		},
		func() domain.Command {
			return domain.ApproveAccessRequest{Request: c.accessRequestID(), Role: one(c.T, "", "", c.role(), c.projectRole()), Until: c.end()}
		},
		func() domain.Command {
			return domain.DenyAccessRequest{Request: c.accessRequestID(), Reason: one[events.Sealed](c.T, "", "k.a")}
		},
		func() domain.Command { return domain.WithdrawAccessRequest{Request: c.accessRequestID()} },
		func() domain.Command {
			intake := func() *events.Intake {
				return one(c.T, nil, new(events.Intake), new(events.OpenIntake), new(events.ClosedIntake))
			}
			return domain.ChangeAccessRequests{Join: intake(), Projects: intake()}
		},
		func() domain.Command { return domain.ChangeNoticePreferences{c.user(), c.noticeSetting()} },
		func() domain.Command { return domain.ChangeNoticeDefaults{c.noticeSetting()} },
		func() domain.Command { return domain.ChangeLocale{To: one[events.Locale](c.T, "", "de", "en", "?")} },
		func() domain.Command { return domain.RenameOrganization{To: one(c.T, "Acme", "Apex", " ")} },
		func() domain.Command {
			return domain.DefineRole{Kind: events.OrganizationRoleKind, Role: c.customRole(), Rank: c.rank(), Levels: c.own(inOrganization)}
		},
		func() domain.Command {
			return domain.DefineRole{Kind: events.ProjectRoleKind, Role: c.customRole(), Rank: c.rank(), Levels: c.own(onProject)}
		},
		func() domain.Command {
			return c.redefinition(events.OrganizationRoleKind, inOrganization)
		},
		func() domain.Command {
			return c.redefinition(events.ProjectRoleKind, onProject)
		},
		func() domain.Command {
			return domain.RenameRole{Kind: c.kind(), Role: c.role(), To: one(c.T, "A", "B")}
		},
		func() domain.Command { return domain.RetireRole{Kind: c.kind(), Role: c.customRole()} },
		func() domain.Command {
			return domain.CreateProject{Project: one(c.T, anything...), Name: "P", Description: one(c.T, "", "A")}
		},
		func() domain.Command { return domain.TakeOverProject{Project: c.project()} },
		func() domain.Command { return domain.RenameProject{Project: c.project(), To: one(c.T, "P", "Q")} },
		func() domain.Command {
			return domain.DescribeProject{Project: c.project(), Description: one(c.T, "", "A", "B")}
		},
		func() domain.Command {
			return domain.AddProjectMember{Project: c.project(), Member: c.user(), Role: c.projectRole()}
		},
		func() domain.Command {
			return domain.AddProjectMember{Project: c.project(), Member: c.user(), Role: c.projectRole(), Levels: c.own(onProject), From: c.start(), Until: c.end()}
		},
		func() domain.Command {
			return domain.ChangeProjectMemberRole{Project: c.project(), Member: c.user(), To: c.projectRole()}
		},
		func() domain.Command {
			return domain.ChangeProjectMemberLevels{Project: c.project(), Member: c.user(), To: c.own(onProject), Merge: chance(c.T, 3)}
		},
		func() domain.Command {
			return domain.ChangeProjectMemberEnd{Project: c.project(), Member: c.user(), Until: c.end()}
		},
		func() domain.Command {
			return domain.ChangeProjectMemberStart{Project: c.project(), Member: c.user(), From: c.start()}
		},
		func() domain.Command { return domain.RemoveProjectMember{Project: c.project(), Member: c.user()} },
	}
	if s.Overrides.On {
		set := func() domain.Command {
			p, l := c.permission(onProject)
			return domain.SetOverride{Project: c.project(), Member: c.user(), Permission: p, Level: l}
		}
		all = append(all, set, set, func() domain.Command {
			p, _ := c.permission(onProject)
			return domain.ClearOverride{Project: c.project(), Member: c.user(), Permission: p}
		})
	}
	if s.PublicLink.Allowed {
		all = append(all,
			func() domain.Command {
				return domain.TurnOnPublicLink{Project: c.project(), Nonce: events.Nonce(strconv.FormatInt(c.now.Unix(), 10))}
			},
			func() domain.Command {
				return domain.RotatePublicLink{Project: c.project(), Nonce: events.Nonce(strconv.FormatInt(c.now.Unix(), 10))}
			},
			func() domain.Command { return domain.TurnOffPublicLink{Project: c.project()} },
		)
	}
	if s.Teams.On {
		all = append(all, c.teamCommands()...)
	}
	return all
}

func (c commandGenerator) teamCommands() []func() domain.Command {
	parent := func() events.TeamID { return one(c.T, append(anyTeam, "")...) }
	return []func() domain.Command{
		func() domain.Command {
			return domain.CreateTeam{Team: one(c.T, anyTeam...), Name: string(one(c.T, anyTeam...))}
		},
		func() domain.Command {
			return domain.CreateTeam{Team: one(c.T, anyTeam...), Name: "v", Parent: parent()}
		},
		func() domain.Command { return domain.RenameTeam{Team: c.team(), To: one(c.T, "s", "t", "u", "v")} },
		func() domain.Command {
			privacy := one(c.T, "", events.Closed, events.Secret)
			return domain.DescribeTeam{Team: c.team(), Privacy: &privacy}
		},
		func() domain.Command {
			return domain.ColourTeam{Team: c.team(), To: one[events.Colour](c.T, "", "#1a2b3c", "red")}
		},
		func() domain.Command { return domain.MoveTeam{Team: c.team(), To: parent()} },
		func() domain.Command { return domain.RemoveTeam{Team: c.team()} },
		func() domain.Command {
			return domain.AddTeamMember{Team: c.team(), Member: c.user(), Role: c.teamRole()}
		},
		func() domain.Command {
			return domain.AddTeamMember{Team: c.team(), Member: c.user(), Role: c.teamRole()}
		},
		func() domain.Command {
			return domain.ChangeTeamMemberRole{Team: c.team(), Member: c.user(), To: c.teamRole()}
		},
		func() domain.Command { return domain.RemoveTeamMember{Team: c.team(), Member: c.user()} },
		func() domain.Command {
			role := c.projectRole()
			if c.org.Scheme().Teams.Confer == events.MembersDefault {
				role = ""
			}
			return domain.AssignTeam{Team: c.team(), Project: c.project(), Role: role, From: c.start(), Until: c.end()}
		},
		func() domain.Command {
			return domain.ChangeAssignment{Team: c.team(), Project: c.project(), To: c.projectRole()}
		},
		func() domain.Command {
			return domain.ChangeAssignmentEnd{Team: c.team(), Project: c.project(), Until: c.end()}
		},
		func() domain.Command {
			return domain.ChangeAssignmentStart{Team: c.team(), Project: c.project(), From: c.start()}
		},
		func() domain.Command { return domain.UnassignTeam{Team: c.team(), Project: c.project()} },
	}
}
