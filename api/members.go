package api

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

func (s *Server) memberRoutes() {
	const all, one, tag = "/members", "/members/{user}", "Members"
	defineWith(s, spec{"add_member", http.MethodPost, all, tag, "Add a member without an invite"}, buildAddMember)
	defineWith(s, spec{"change_profile", http.MethodPatch, one + "/profile", tag, "Change what is known about a member"}, buildChangeProfile)
	define(s, spec{"change_member_role", http.MethodPatch, one, tag, "Change a member's role in the organization"},
		func(c changeMemberRole) (domain.Command, error) {
			return domain.ChangeMemberRole{Member: c.User, To: c.Role}, nil
		})
	define(s, spec{"change_member_levels", http.MethodPatch, one + "/levels", tag, "Change a member's own levels in the organization"},
		func(c changeMemberLevels) (domain.Command, error) {
			return domain.ChangeMemberLevels{Member: c.User, To: c.Levels, Merge: c.Merge}, nil
		})
	define(s, spec{"change_member_start", http.MethodPatch, one + "/start", tag, "Change when a membership starts that has not started"},
		func(c changeMemberStart) (domain.Command, error) {
			return domain.ChangeMemberStart{Member: c.User, From: instantOf(c.From)}, nil
		})
	define(s, spec{"change_member_end", http.MethodPatch, one + "/end", tag, "Change when a membership ends"},
		func(c changeMemberEnd) (domain.Command, error) {
			return domain.ChangeMemberEnd{Member: c.User, Until: instantOf(c.Until), TransferTo: c.TransferTo}, nil
		})
	define(s, spec{"deactivate_member", http.MethodPost, one + "/deactivate", tag, "Deactivate a member, who keeps every role and has access to nothing"},
		func(c deactivateMember) (domain.Command, error) { return domain.DeactivateMember{Member: c.User}, nil })
	define(s, spec{"reactivate_member", http.MethodPost, one + "/reactivate", tag, "Reactivate a member, who then has the same access as before"},
		func(c reactivateMember) (domain.Command, error) { return domain.ReactivateMember{Member: c.User}, nil })
	define(s, spec{"attest_access", http.MethodPost, one + "/attest", tag, "Record that the actor has reviewed all access of a member"},
		func(c attestAccess) (domain.Command, error) { return domain.AttestAccess{Member: c.User}, nil })
	define(s, spec{"remove_member", http.MethodDelete, one, tag, "Remove a member, or leave"},
		func(c removeMember) (domain.Command, error) {
			return domain.RemoveMember{Member: c.User, TransferTo: c.TransferTo}, nil
		})
	const members = organizationPath + "/members"
	list(s, route{http.MethodGet, members, "list_members", tag, "List and search the members"}, s.listMembers)
	read(s, route{http.MethodGet, members + "/{user}", "get_member", tag, "Look at a member"}, s.getMember)
	read(s, route{http.MethodGet, members + "/{user}/holdings", "get_member_holdings", tag, "Look at what a member holds, and would lose by leaving; of who has left, with a time in the past"}, s.getHoldings)
	list(s, route{http.MethodGet, members + "/{user}/projects", "list_member_projects", tag, "List the projects that a member reaches, with role and sources"}, s.listMemberProjects)
}

type addMember struct {
	User events.UserID  `json:"user" maxLength:"255"`
	Role events.RoleKey `json:"role,omitzero" doc:"In the organization; left out: the scheme's default."`
	Profile
	Levels events.Levels `json:"levels,omitzero" doc:"The person's own levels in the organization, if the role allows own levels."`
	From   time.Time     `json:"from,omitzero" doc:"When the membership starts; left out, or in the past: at once."`
	Until  time.Time     `json:"until,omitzero" doc:"When the membership ends; left out: never."`

	OnConflict string `json:"on_conflict,omitzero" query:"on_conflict" enum:"refuse,update" doc:"What happens if the person is a member already and what is sent differs: refuse it, or update the profile. What is left out of an update stays as it is; another role, other levels, another start and another end are refused all the same, and a membership that has ended stays so. Left out: refuse, except that a membership that has ended begins again."`
}

func buildAddMember(ctx context.Context, b *commandBuilder, c addMember) (domain.Command, error) {
	if c.OnConflict != "" && c.OnConflict != "refuse" && c.OnConflict != "update" {
		return nil, errMalformed.because("on_conflict is refuse or update, not %q.", c.OnConflict)
	}
	d, err := b.personalData(ctx, c.User, c.Profile)
	if err != nil {
		return nil, err
	}
	return domain.AddMember{
		Member: c.User, Role: c.Role, PersonalData: d, Levels: c.Levels, From: events.Instant(c.From), Until: events.Instant(c.Until), UpdateProfile: c.OnConflict == "update",
	}, nil
}

type changeMemberRole struct {
	User events.UserID  `path:"user" json:"user" doc:"The person." maxLength:"255"`
	Role events.RoleKey `json:"role" doc:"The role to hold from now on."`
}

type changeMemberLevels struct {
	User   events.UserID `path:"user" json:"user" doc:"The person." maxLength:"255"`
	Levels events.Levels `json:"levels,omitzero" doc:"The level of each permission; what is not listed is at its lowest. None at all: those of the role." example:"{\"content\":\"view\"}"`
	Merge  bool          `json:"merge,omitzero" doc:"Change only the levels that are listed; the others stay."`
}

type changeMemberStart struct {
	User events.UserID `path:"user" json:"user" doc:"The person." maxLength:"255"`
	From *time.Time    `json:"from,omitzero" doc:"When it starts, before it ends; left out, null or in the past: at once." example:"2027-01-04T08:00:00+01:00"`
}

type changeMemberEnd struct {
	User  events.UserID `path:"user" json:"user" doc:"The person." maxLength:"255"`
	Until *time.Time    `json:"until,omitzero" doc:"When it ends, in the future; left out or null: never." example:"2027-01-31T18:00:00Z"`

	TransferTo events.UserID `json:"transfer_to,omitzero" doc:"Who takes over the projects on which a role must be held and would have too few holders without an end; left out: the actor." maxLength:"255"`
}

type deactivateMember struct {
	User events.UserID `path:"user" json:"user" doc:"The person." maxLength:"255"`
}

type reactivateMember struct {
	User events.UserID `path:"user" json:"user" doc:"The person." maxLength:"255"`
}

type attestAccess struct {
	User events.UserID `path:"user" json:"user" doc:"The person." maxLength:"255"`
}

type removeMember struct {
	User       events.UserID `path:"user" json:"user" doc:"The person." maxLength:"255"`
	TransferTo events.UserID `json:"transfer_to,omitzero" doc:"Who takes over the projects on which a role must be held and would have too few holders, and those that the person created where creators are protected; left out: the actor." maxLength:"255"`
}

// Member is somebody in the organization.
type Member struct {
	Person
	Role       events.RoleKey     `json:"role" doc:"In the organization."`
	RoleLabel  string             `json:"role_label" doc:"What the role is called."`
	Status     projections.Status `json:"status" enum:"active,deactivated,not_started,ended" doc:"Whether the membership is in force; only an active one gives access."`
	From       *time.Time         `json:"from,omitzero" doc:"When the membership starts, or has started later than it was given; left out: at once."`
	Until      *time.Time         `json:"until,omitzero" doc:"When the membership ends, or has ended; left out: never."`
	Levels     encodedLevels      `json:"levels,omitzero" doc:"The effective level of every permission in the organization; only of who is active."`
	OwnLevels  events.Levels      `json:"own_levels,omitempty" doc:"The person's own in the organization."`
	Projects   int                `json:"projects" doc:"How many they have access to, whatever the source, of those on which the actor sees that: as many as the list of them has."`
	ExternalID string             `json:"external_id,omitzero" doc:"The person's id in another system. Lists leave it out."`
	Metadata   map[string]string  `json:"metadata,omitempty" doc:"What other systems keep about the person. Lists leave it out."`
	Joined     Origin             `json:"joined"`
	Given      Origin             `json:"given" doc:"The event that gave the present role."`
	Elevation  *memberElevation   `json:"elevation,omitzero" doc:"A higher role in the organization, which the person has for a time beside their own; left out: none."`
	Badges     []Badge            `json:"badges,omitempty" enum:"protected,workspace_owner,deactivated,not_started,ended" doc:"Marks of the person. A protected person cannot be removed or changed; a workspace owner holds a role that is protected."`
	AvailableActions
}

// memberElevation is a higher role for a time.
type memberElevation struct {
	Role      events.RoleKey         `json:"role" doc:"In the organization."`
	RoleLabel string                 `json:"role_label" doc:"What the role is called."`
	Until     time.Time              `json:"until" doc:"When it ends."`
	Request   events.AccessRequestID `json:"request" doc:"What asked for it."`
	Approved  Origin                 `json:"approved" doc:"When it began, and who approved it."`
}

// memberOf returns the row of a member without their profile, which is sealed.
func memberOf(org domain.Organization, user events.UserID, found domain.Member, levels levelEncoder, projects *domain.ProjectCounter, available domain.AvailableActions) Member {
	row := Member{
		Person: unknownPerson(user), Role: found.Role, RoleLabel: org.RoleLabel(found.Role),
		Status: projections.StatusOf(org, user),
		From:   orNever(found.From()), Until: orNever(found.Until()), OwnLevels: found.Levels(),
		Joined: originOf(org.ID(), found.Joined), Given: originOf(org.ID(), found.RoleGiven),
		AvailableActions: availableActions(available),
	}
	if elevated, is := org.Elevation(user, ""); is {
		row.Elevation = &memberElevation{elevated.Role, org.RoleLabel(elevated.Role), elevated.Until.UTC(), elevated.Request, originOf(org.ID(), elevated.Origin)}
	}
	if row.Status == projections.Active {
		row.Levels, row.Projects = levels.encode(org.InOrganization(user)), projects.Count(user)
	}
	if org.Scheme().Protects(found.Role) {
		row.Badges = append(row.Badges, protectedBadge, workspaceOwnerBadge)
	}
	row.Badges = addBadge(row.Badges, row.Status)
	return row
}

type membersQuery struct {
	InOrganization
	Paging
	AtTime
	Search string             `query:"search" maxLength:"255" doc:"Words, each of which is a part of a name, login, id, email address, or external id, in any order; case and diacritics do not matter."`
	Role   events.RoleKey     `query:"role" doc:"In the organization: their own, or the one to which they are elevated for a time." maxLength:"255"`
	Status projections.Status `query:"status" enum:"active,deactivated,not_started,ended" doc:"Of the membership; left out: any."`
}

func (s *Server) listMembers(ctx context.Context, in *membersQuery) (*answer[List[Member]], error) {
	if in.asked() {
		return s.listPastMembers(ctx, in)
	}
	org, known, position, err := s.listing(ctx, in.Org, domain.SeeingMembers, domain.About{})
	if err != nil {
		return nil, hideMembers(err)
	}
	if in.Role != "" {
		if err := org.Scheme().ValidateOrganizationRole(in.Role); err != nil {
			return nil, err
		}
	}
	actions, levels := domain.NewActionFinder(org, currentMoment(ctx, org)), levelEncoder{}
	projects := domain.NewProjectCounter(org, org, requestFrom(ctx).actor)
	found, err := s.Database.ListMembers(ctx, org, projections.MemberFilter{Search: in.Search, Role: in.Role, Status: in.Status, Page: in.page()})
	if err != nil {
		return nil, err
	}
	return fromDatabase(org, known, position, rowsOf(found, func(p projections.Person) Member {
		of, _ := org.Member(p.User)
		row := memberOf(org, p.User, of, levels, projects, actions.OnMember(p.User))
		row.Person = personOf(p)
		return row
	})), nil
}

func (s *Server) listPastMembers(ctx context.Context, in *membersQuery) (*answer[List[Member]], error) {
	p, err := s.past(ctx, in.Org, in.At.Time, domain.SeeingMembers, domain.About{})
	if err != nil {
		return nil, hideMembers(err)
	}
	if in.Role != "" {
		if err := p.then.Scheme().ValidateOrganizationRole(in.Role); err != nil {
			return nil, err
		}
	}
	var users []events.UserID
	for user := range paced(p, p.then.Members()) {
		if (in.Role == "" || p.then.HasOrganizationRole(user, in.Role)) && (in.Status == "" || projections.StatusOf(p.then, user) == in.Status) {
			users = append(users, user)
		}
	}
	people, err := s.pastPeople(ctx, p, users, in.Search, nobody)
	if err != nil {
		return nil, err
	}
	levels, projects := levelEncoder{}, domain.NewProjectCounter(p.then, p.now, p.actor)
	return pageOfPast(p, people, in.Paging, func(person projections.Person) Member {
		of, _ := p.then.Member(person.User)
		row := memberOf(p.then, person.User, of, levels, projects, domain.AvailableActions{})
		row.Person = personOf(person)
		return row
	})
}

type memberQuery struct {
	MemberPath
	AtTime
}

// getMember answers people about themselves, and those who may see the members.
func (s *Server) getMember(ctx context.Context, in *memberQuery) (*answer[Member], error) {
	p, err := s.asOf(ctx, in.Org, in.AtTime)
	if err != nil {
		return nil, err
	}
	if p.actor != in.User {
		if err := p.authorize(domain.SeeingMembers, domain.About{Member: in.User}); err != nil {
			return nil, hideMembers(err)
		}
	}
	found, joined := p.then.Member(in.User)
	if !joined {
		return nil, domain.NoMember(in.User)
	}
	available := p.actions(func(m events.Moment) domain.AvailableActions { return p.now.ActionsOnMember(m, in.User) })
	shown := memberOf(p.then, in.User, found, levelEncoder{}, domain.NewProjectCounter(p.then, p.now, p.actor), available)
	err = s.addProfile(ctx, p.then, &shown, found)
	return fromMemory(p.now, p.position, shown), err
}

// addProfile adds a member's profile in clear text to their row.
func (s *Server) addProfile(ctx context.Context, org domain.Organization, to *Member, found domain.Member) error {
	p, err := s.readProfile(ctx, org.ID(), found.PersonalData)
	if err != nil {
		return err
	}
	to.Person = Person{to.User, cmp.Or(p.Login, string(to.User)), p.Name, p.Email, p.Avatar, iconColour(string(to.User))}
	to.ExternalID, to.Metadata = p.ExternalID, p.Metadata
	return nil
}
