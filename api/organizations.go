package api

import (
	"cmp"
	"context"
	"crypto/sha256"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
	"github.com/seed-2026d078/roster/scheme"
)

func (s *Server) organizationRoutes() {
	const all, one, tag = "/v1/organizations", organizationPath, "Organizations"
	defineWith(s, spec{"create_organization", http.MethodPost, "", tag, "Create an organization"}, buildCreateOrganization)
	define(s, spec{"rename_organization", http.MethodPatch, "", tag, "Rename an organization"},
		func(c renameOrganization) (domain.Command, error) {
			return domain.RenameOrganization{To: inputName(c.Name)}, nil
		})
	define(s, spec{"change_locale", http.MethodPatch, "/locale", tag, "Change the language of mails to people of whom none is known"}, s.buildChangeLocale)
	define(s, spec{"archive_organization", http.MethodPost, "/archive", tag, "Make an organization read only with everything in it"},
		func(struct{}) (domain.Command, error) { return domain.ArchiveOrganization{}, nil })
	define(s, spec{"restore_organization", http.MethodPost, "/restore", tag, "End the archiving of an organization"},
		func(struct{}) (domain.Command, error) { return domain.RestoreOrganization{}, nil })
	define(s, spec{"delete_organization", http.MethodDelete, "", tag, "Delete an organization with everything in it"},
		func(struct{}) (domain.Command, error) { return domain.DeleteOrganization{}, nil })
	define(s, spec{"transfer_ownership", http.MethodPost, "/transfer-ownership", tag, "Pass one's own highest role on to another member"},
		func(c transferOwnership) (domain.Command, error) {
			return domain.TransferOwnership{To: c.To, Role: c.Role}, nil
		})
	define(s, spec{"change_seats", http.MethodPatch, "/seats", tag, "Change how many members there can be"},
		func(c changeSeats) (domain.Command, error) {
			return domain.ChangeSeats{To: c.Seats, BlockNew: c.BlockNew}, nil
		})
	list(s, route{http.MethodGet, all, "list_organizations", tag, "List the actor's organizations; for the system, all"}, s.listOrganizations)
	read(s, route{http.MethodGet, one, "get_organization", tag, "Look at an organization"}, s.getOrganization)
}

type createOrganization struct {
	ID           events.OrganizationID `json:"id,omitzero" doc:"1 to 64 of A-Z, a-z, 0-9, _ and -; left out: a new one." maxLength:"64"`
	Name         string                `json:"name,omitzero" doc:"Left out: the id." maxLength:"255" example:"Acme"`
	Scheme       string                `json:"scheme,omitzero" doc:"Left out: owner-member." example:"github"`
	Owner        events.UserID         `json:"owner,omitzero" doc:"Who joins with the highest role; left out: the actor."`
	OwnerProfile *Profile              `json:"owner_profile,omitzero" doc:"What is known about the owner."`
}

// organization returns the id that was sent, or a new one. For the same idempotency key the
// new id is always the same, so that a repeated command finds the organization that the
// first one created.
func (c createOrganization) organization(actor events.UserID, key string) events.OrganizationID {
	switch {
	case c.ID != "":
		return c.ID
	case key == "":
		return events.OrganizationID(ulid.Make().String())
	}
	sum := sha256.Sum256([]byte(string(actor) + "\x00" + key))
	return events.OrganizationID(ulid.ULID(sum[:16]).String())
}

func buildCreateOrganization(ctx context.Context, b *commandBuilder, c createOrganization) (domain.Command, error) {
	if c.ID != "" && c.ID != b.org {
		return nil, errMalformed.because("The command creates organization %q, but was sent to %q.", c.ID, b.org)
	}
	if b.organizations.SystemOnly && requestFrom(ctx).actor != events.System {
		return nil, errSystemOnly
	}
	chosen, err := b.scheme(cmp.Or(c.Scheme, scheme.Default))
	if err != nil {
		return nil, err
	}
	create := domain.CreateOrganization{
		Name: inputName(cmp.Or(c.Name, string(b.org))), Scheme: chosen, Owner: c.Owner, MaxOfActor: b.organizations.PerActor,
	}
	if c.OwnerProfile == nil {
		return create, nil
	}
	owner := cmp.Or(c.Owner, requestFrom(ctx).actor)
	if owner == events.System {
		return nil, errMalformed.because("A profile of the owner needs an owner; say who that is.")
	}
	create.OwnerProfile, err = b.personalData(ctx, owner, *c.OwnerProfile)
	return create, err
}

type renameOrganization struct {
	Name string `json:"name" maxLength:"255" example:"Acme"`
}

type transferOwnership struct {
	To   events.UserID  `json:"to" doc:"The member who takes the actor's role." maxLength:"255"`
	Role events.RoleKey `json:"role,omitzero" doc:"The actor's new role; left out: the old role of the other member."`
}

type changeLocale struct {
	Locale events.Locale `json:"locale" doc:"The tag of a language in which mails can be written; empty: that of the server." maxLength:"35" example:"de"`
}

// buildChangeLocale refuses languages in which the server that was asked cannot write. Where no mails are sent, it takes all.
func (s *Server) buildChangeLocale(c changeLocale) (domain.Command, error) {
	if s.Mail != nil && c.Locale != "" && !s.Mail.Templates.Has(string(c.Locale)) {
		return nil, domain.ErrBadLocale.Because("There are no mails in %q; there are those in %s.", c.Locale, strings.Join(s.Mail.Templates.Locales(), ", "))
	}
	return domain.ChangeLocale{To: c.Locale}, nil
}

type changeSeats struct {
	Seats int `json:"seats" doc:"How many there are; 0: as many as the scheme has. Fewer than are in use are refused." minimum:"0"`

	BlockNew bool `json:"block_new,omitzero" doc:"Accept fewer seats than are in use: nobody loses a seat, and none is given until there is room."`
}

// organizationDetails is an organization as one of its members sees it.
type organizationDetails struct {
	ID       events.OrganizationID `json:"id"`
	Name     string                `json:"name"`
	Locale   events.Locale         `json:"locale,omitzero" doc:"The language of mails to people of whom none is known; left out: that of the server."`
	Archived bool                  `json:"archived" doc:"Whether it is read only with everything in it."`
	Version  events.Version        `json:"version"`
	Changed  time.Time             `json:"changed" doc:"When the last entry happened."`
	Scheme   organizationScheme    `json:"scheme"`
	Members  int                   `json:"members,omitzero" doc:"Only for those who see the members."`
	Projects int                   `json:"projects,omitzero" doc:"Only where every member sees all projects, and for the system."`
	Seats    *seats                `json:"seats,omitzero" doc:"Only for those who see the members or the invites, or may add or invite people. If none is free, add_member is not among the actions, nor invite_member where invites hold a seat."`
	Intake   intake                `json:"access_requests,omitzero" doc:"Which requests for access it takes; left out: the scheme knows none."`
	// Role is the actor's; empty for the system.
	Role      events.RoleKey `json:"role,omitzero" doc:"The actor's own: the higher one while they are elevated."`
	RoleLabel string         `json:"role_label,omitzero" doc:"What the role is called."`
	Levels    events.Levels  `json:"levels,omitzero" doc:"The actor's own, effective, of every permission in the organization."`
	Notices   []notification `json:"notices,omitempty" doc:"Changes of the actor's role here that were not marked as shown yet, oldest first."`
	AvailableActions
}

// seats says how many members there can be, and how many there are.
type seats struct {
	Limit int  `json:"limit,omitzero" doc:"Left out: there is none."`
	Taken int  `json:"taken" doc:"By active members and, where the scheme says so, by pending invites."`
	Free  *int `json:"free,omitzero" doc:"Left out: there is no limit."`
}

func seatsOf(org domain.Organization) *seats {
	limit, taken := org.Seats()
	found := &seats{Limit: limit, Taken: taken}
	if limit > 0 {
		free := max(limit-taken, 0)
		found.Free = &free
	}
	return found
}

type organizationScheme struct {
	Key               string              `json:"key"`
	Version           int                 `json:"version"`
	Label             string              `json:"label,omitzero"`
	OrganizationRoles []events.RoleKey    `json:"organization_roles" doc:"Lowest first."`
	ProjectRoles      []events.RoleKey    `json:"project_roles" doc:"Lowest first."`
	Permissions       []events.Permission `json:"permissions" doc:"What roles on a project grant."`
	Teams             bool                `json:"teams"`
}

func schemeOf(s *domain.Scheme) organizationScheme {
	return organizationScheme{
		Key: s.Key, Version: s.Version, Label: s.Label,
		OrganizationRoles: s.OrganizationRoles(), ProjectRoles: s.ProjectRoles(), Permissions: s.Permissions(), Teams: s.Teams.On,
	}
}

type organizationQuery struct {
	InOrganization
	AtTime
}

func (s *Server) getOrganization(ctx context.Context, in *organizationQuery) (*answer[organizationDetails], error) {
	p, err := s.asOf(ctx, in.Org, in.AtTime)
	if err != nil {
		return nil, err
	}
	role := p.then.InOrganization(p.actor).Role
	shown := organizationDetails{
		ID: in.Org, Name: p.then.Name(), Locale: p.then.Locale(), Archived: p.then.Archived(), Version: p.then.Version(), Changed: p.then.Last(), Scheme: schemeOf(p.then.Scheme()), Intake: intakeOf(p.then),
		Role: role, RoleLabel: p.then.RoleLabel(role),
		AvailableActions: availableOn(p.actions(p.now.ActionsOnOrganization), domain.AddingMember, domain.InvitingMember),
	}
	if p.actor != events.System {
		shown.Levels = p.then.InOrganization(p.actor).Levels()
	}
	members := p.authorize(domain.SeeingMembers, domain.About{}) == nil
	if members {
		shown.Members = p.then.CountMembers()
	}
	if members || slices.ContainsFunc([]events.Action{domain.SeeingInvites, domain.AddingMember, domain.InvitingMember}, func(a events.Action) bool {
		return p.authorize(a, domain.About{}) == nil
	}) {
		shown.Seats = seatsOf(p.then)
	}
	if shown.Projects, err = p.countProjects(); err != nil {
		return nil, err
	}
	if !p.isPast() {
		shown.Notices, err = s.notices(ctx, p.now, "")
	}
	return fromMemory(p.now, p.position, shown), err
}

// countProjects counts the projects for those who see all of them; zero for others.
func (p asOf) countProjects() (int, error) {
	switch {
	case p.actor == events.System:
		return p.then.CountProjects(), nil
	case !p.now.SeesAllProjects(p.actor):
		return 0, nil
	case !p.isPast():
		return p.now.CountProjects(), nil
	}
	count := 0
	for id := range paced(p, p.then.Projects()) {
		if p.seesProject(id) {
			count++
		}
	}
	return count, p.walk.end()
}

// organization is an organization as a list shows it.
type organization struct {
	ID        events.OrganizationID `json:"id"`
	Name      string                `json:"name"`
	Scheme    string                `json:"scheme" doc:"The key of the scheme."`
	Archived  bool                  `json:"archived" doc:"Whether it is read only with everything in it."`
	Role      events.RoleKey        `json:"role,omitzero" doc:"The actor's own: the higher one while they are elevated; left out for the system."`
	RoleLabel string                `json:"role_label,omitzero" doc:"What the role is called."`
	// WithoutOwner can only follow from an import.
	WithoutOwner bool `json:"without_owner,omitzero" doc:"Whether a role that must be held has too few holders, since an imported history lost them."`
}

// organizationOf returns the row of an organization.
func organizationOf(org domain.Organization, actor events.UserID) organization {
	role := org.InOrganization(actor).Role
	return organization{org.ID(), org.Name(), org.Scheme().Key, org.Archived(), role, org.RoleLabel(role), org.WithoutOwner()}
}

type organizationsQuery struct {
	Paging
	AtTime
	WithoutOwner bool `query:"without_owner" doc:"Only those in which a role that must be held has too few holders."`
}

// listOrganizations leaves out organizations that the actor does not see any more, also
// because their membership has passed its end.
func (s *Server) listOrganizations(ctx context.Context, in *organizationsQuery) (*answer[List[organization]], error) {
	if in.asked() {
		return s.listPastOrganizations(ctx, in)
	}
	// The actor may have come into any organization, so it waits for all that has happened.
	position, err := s.waitForReadModels(ctx, s.Desk.View().Position)
	if err != nil {
		return nil, err
	}
	actor, view, now := requestFrom(ctx).actor, s.Desk.View(), s.now()
	found, err := s.Database.ListOrganizations(ctx, view.State, now, projections.OrganizationFilter{Of: actor, WithoutOwner: in.WithoutOwner}, in.page())
	if err != nil {
		return nil, err
	}
	page := rowsOf(found, func(id events.OrganizationID) organization {
		return organizationOf(view.State.Organization(id).At(now), actor)
	})
	return &answer[List[organization]]{Position: min(position, view.Position), Body: page}, nil
}

// listPastOrganizations is listOrganizations for a time in the past: of the organizations that
// the actor sees now, those in which they were an active member then. The system sees all,
// also those that were deleted since.
func (s *Server) listPastOrganizations(ctx context.Context, in *organizationsQuery) (*answer[List[organization]], error) {
	view := s.Desk.View()
	w := s.newWalk(ctx, view.State.Organization("")) // it is about several
	all, err := s.pastOrganizations(w, in.At.UTC(), in.After == "")
	if err != nil {
		return nil, err
	}
	var found []ordered[organization]
	for _, row := range all {
		if row.item.WithoutOwner || !in.WithoutOwner {
			found = append(found, row)
		}
	}
	page, err := pageOf(w, found, in.Paging)
	return &answer[List[organization]]{Position: view.Position, Body: rowsOf(page, func(row organization) organization { return row })}, err
}

// pastOrganizations returns the rows of all organizations of the past that the actor sees. The
// system sees the same whenever it asks, so its rows are kept for the pages that follow the
// first.
func (s *Server) pastOrganizations(w *walk, at time.Time, first bool) ([]ordered[organization], error) {
	actor, state, now := requestFrom(w.ctx).actor, s.Desk.View().State, s.now()
	key := pastKey{at: at, former: requestFrom(w.ctx).former}
	if kept, known := s.pasts.organizations.Get(key); known && !first && actor == events.System {
		return kept, nil
	}
	then, err := s.statesAt(w.ctx, at, "", func(id events.OrganizationID) bool {
		return actor == events.System || state.Organization(id).At(now).Sees(actor)
	})
	if err != nil {
		return nil, err
	}
	var all []ordered[organization]
	for id, org := range then.Organizations() {
		if !w.proceed() {
			return nil, w.err
		}
		if org = org.At(at); org.Sees(actor) {
			all = append(all, inOrder(organizationOf(org, actor), "", string(id)))
		}
	}
	if actor == events.System {
		s.pasts.organizations.Add(key, all)
	}
	return all, nil
}
