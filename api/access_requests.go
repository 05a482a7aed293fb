package api

import (
	"context"
	"encoding/binary"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// AccessRequest is what somebody has asked for.
type AccessRequest struct {
	ID          events.AccessRequestID     `json:"id"`
	User        events.UserID              `json:"user" doc:"Who asks."`
	Name        string                     `json:"name,omitzero" doc:"What the person is called; left out: unknown, or forgotten."`
	Email       string                     `json:"email,omitzero" doc:"The person's address; left out: unknown, or forgotten."`
	Project     events.ProjectID           `json:"project,omitzero" doc:"Left out: to join the organization, or a higher role there."`
	ProjectName string                     `json:"project_name,omitzero" doc:"Left out if the project was deleted."`
	Role        events.RoleKey             `json:"role" doc:"That is asked for."`
	RoleLabel   string                     `json:"role_label" doc:"What the role is called."`
	Elevation   bool                       `json:"elevation,omitzero" doc:"Whether it asks for a higher role for a time."`
	Reason      string                     `json:"reason,omitzero" doc:"Why."`
	Minutes     int                        `json:"minutes,omitzero" doc:"How long a higher role is to last from its approval on."`
	Until       *time.Time                 `json:"until,omitzero" doc:"When the access is to end, as it was asked for; left out: never, or after the minutes. What was given ends as the decision says."`
	Expires     *time.Time                 `json:"expires_at,omitzero" doc:"When the request ends, or has ended; left out: never."`
	Asked       Origin                     `json:"asked" doc:"When it was made, and by whom: the person, or the system for them."`
	Status      domain.AccessRequestStatus `json:"status" enum:"pending,approved,denied,withdrawn,expired,void" doc:"Whether it can be approved: pending. The others say how it ended; void, there was nothing to decide on any more: the project was deleted, the person left, or got access in another way."`
	Decision    *decision                  `json:"decision,omitzero" doc:"How it ended; left out: nobody has decided."`
	InEffect    bool                       `json:"in_effect,omitzero" doc:"Whether the higher role that it led to is in effect now."`
	MayDecide   bool                       `json:"may_decide" doc:"Whether the actor may deny it now, or approve it with a role that they may give."`
}

// decision is how a request for access ended.
type decision struct {
	At        time.Time      `json:"at"`
	By        events.UserID  `json:"by,omitzero" doc:"Left out: the system."`
	Role      events.RoleKey `json:"role,omitzero" doc:"That was given; left out: none was."`
	RoleLabel string         `json:"role_label,omitzero" doc:"What the role is called."`
	Until     *time.Time     `json:"until,omitzero" doc:"When what was given ends; left out: never, or nothing was given."`
	Reason    string         `json:"reason,omitzero" doc:"Why it was denied."`
}

// accessRequestOf returns the row of a request.
func (s *Server) accessRequestOf(ctx context.Context, org domain.Organization, id events.AccessRequestID, r domain.AccessRequest) (AccessRequest, error) {
	label, project := domain.Organization.RoleLabel, domain.Project{}
	if r.Project != "" {
		label = domain.Organization.ProjectRoleLabel
		if org.SeesProject(requestFrom(ctx).actor, r.Project) {
			project, _ = org.Project(r.Project)
		}
	}
	row := AccessRequest{
		ID: id, User: r.Member, Project: r.Project, ProjectName: project.Name, Role: r.Role, RoleLabel: label(org, r.Role), Until: orNever(r.Until), Expires: orNever(r.Expires),
		Asked: originOf(org.ID(), r.Asked), Status: org.AccessRequestStatus(r), Elevation: r.Elevation, Minutes: int(r.For / time.Minute),
	}
	elevated, is := org.Elevation(r.Member, r.Project)
	row.InEffect = is && elevated.Request == id
	row.MayDecide = row.Status == domain.AccessPending && org.MayDecideOn(requestFrom(ctx).actor, r)
	known := r.PersonalData
	if member, in := org.Member(r.Member); in {
		known = member.PersonalData
	}
	denied := events.Sealed("")
	if c := r.Closed; c != nil {
		row.Decision = &decision{At: c.At, By: c.Actor, Role: c.Role, Until: orNever(c.Until)}
		if c.Role != "" {
			row.Decision.RoleLabel = label(org, c.Role)
		}
		denied = c.Reason
	}
	for _, read := range []struct {
		text events.Sealed
		to   *string
	}{{known.Name, &row.Name}, {known.Email, &row.Email}, {r.Reason, &row.Reason}} {
		text, err := s.Keyring.Read(ctx, org.ID(), read.text)
		if err := ignoreUnreadable(err); err != nil {
			return row, err
		}
		*read.to = text
	}
	if row.Decision == nil {
		return row, nil
	}
	reason, err := s.Keyring.Read(ctx, org.ID(), denied)
	row.Decision.Reason = reason
	return row, ignoreUnreadable(err)
}

type accessRequestsQuery struct {
	InOrganization
	Paging
	AtTime
	AccessRequestsAs
	User    events.UserID    `query:"user" maxLength:"255" doc:"Who made them; left out: anybody."`
	Project events.ProjectID `query:"project" maxLength:"255" doc:"What they are for; left out: anything."`
}

// AccessRequestsAs asks for requests by how they stand.
type AccessRequestsAs struct {
	Status string `query:"status" enum:"pending,approved,denied,withdrawn,expired,void,all" default:"pending" doc:"Which requests. The page may be shorter than its limit."`
}

// filter returns what of the status the read models know.
func (in AccessRequestsAs) filter() projections.AccessRequestFilter {
	switch status := domain.AccessRequestStatus(in.Status); status {
	case "all", domain.AccessExpired: // some that expired are not closed yet
		return projections.AccessRequestFilter{All: true}
	case "", domain.AccessPending:
		return projections.AccessRequestFilter{}
	default:
		return projections.AccessRequestFilter{Closed: []domain.AccessRequestStatus{status}}
	}
}

// has reports whether a request stands as was asked for.
func (in AccessRequestsAs) has(status domain.AccessRequestStatus) bool {
	return in.Status == "all" || in.Status == string(status) || in.Status == "" && status == domain.AccessPending
}

// listAccessRequests lists those that the actor may know of: their own, and those on which they may decide.
func (s *Server) listAccessRequests(ctx context.Context, in *accessRequestsQuery) (*answer[List[AccessRequest]], error) {
	if in.asked() {
		return s.listPastAccessRequests(ctx, in)
	}
	org, known, position, err := s.listing(ctx, in.Org, "", domain.About{})
	if err != nil {
		return nil, err
	}
	f := in.filter()
	f.User, f.Project = in.User, in.Project
	found, err := s.Database.ListAccessRequests(ctx, in.Org, f, in.page())
	if err != nil {
		return nil, err
	}
	page := List[AccessRequest]{Items: []AccessRequest{}, Next: found.Next}
	actor := requestFrom(ctx).actor
	for _, of := range found.Items {
		r, is := org.AccessRequest(of.Request)
		if !is || !in.has(org.AccessRequestStatus(r)) || !org.SeesAccessRequest(actor, r) {
			continue
		}
		row, err := s.accessRequestOf(ctx, org, of.Request, r)
		if err != nil {
			return nil, err
		}
		page.Items = append(page.Items, row)
	}
	return fromDatabase(org, known, position, page), nil
}

// listPastAccessRequests lists those of the past that the actor may know of now.
func (s *Server) listPastAccessRequests(ctx context.Context, in *accessRequestsQuery) (*answer[List[AccessRequest]], error) {
	p, err := s.past(ctx, in.Org, in.At.Time, "", domain.About{})
	if err != nil {
		return nil, err
	}
	var found []ordered[pastAccessRequest]
	for id, r := range paced(p, p.then.AccessRequests()) {
		if !in.has(p.then.AccessRequestStatus(r)) || in.User != "" && in.User != r.Member || in.Project != "" && in.Project != r.Project {
			continue
		}
		if now, is := p.now.AccessRequest(id); p.actor != events.System && (!is || !p.now.SeesAccessRequest(p.actor, now)) {
			continue
		}
		found = append(found, ordered[pastAccessRequest]{pastAccessRequest{id, r}, binary.BigEndian.AppendUint64(nil, ^uint64(r.Asked.Version)), string(id)}) // the last first
	}
	page, err := pageOf(p.walk, found, in.Paging)
	if err != nil {
		return nil, err
	}
	rows := List[AccessRequest]{Items: []AccessRequest{}, Next: page.Next}
	for _, of := range page.Items {
		row, err := s.accessRequestOf(ctx, p.then, of.id, of.AccessRequest)
		if err != nil {
			return nil, err
		}
		if row.MayDecide = false; !p.seesProject(of.Project) {
			row.ProjectName = ""
		}
		rows.Items = append(rows.Items, row)
	}
	return fromMemory(p.now, p.position, rows), nil
}

// pastAccessRequest is a request of the past before its texts are opened.
type pastAccessRequest struct {
	id events.AccessRequestID
	domain.AccessRequest
}

// myAccessRequest is a request of the actor in one of all organizations.
type myAccessRequest struct {
	Organization events.OrganizationID `json:"organization"`
	AccessRequest
}

type myAccessRequestsQuery struct {
	Paging
	AccessRequestsAs
}

// listMyAccessRequests lists what the actor has asked for, also where they are no member.
func (s *Server) listMyAccessRequests(ctx context.Context, in *myAccessRequestsQuery) (*answer[List[myAccessRequest]], error) {
	actor := requestFrom(ctx).actor
	if actor == events.System {
		return nil, errNotYours.because("The system is no person: name one in Roster-Actor (--actor), or list the requests of an organization with their user.")
	}
	position, err := s.waitForReadModels(ctx, s.Desk.View().Position)
	if err != nil {
		return nil, err
	}
	f := in.filter()
	f.User = actor
	found, err := s.Database.ListAccessRequests(ctx, "", f, in.page())
	if err != nil {
		return nil, err
	}
	state, now := s.Desk.View().State, s.now()
	page := List[myAccessRequest]{Items: []myAccessRequest{}, Next: found.Next}
	for _, of := range found.Items {
		org := state.Organization(of.Organization).At(now)
		r, is := org.AccessRequest(of.Request)
		if !is || !in.has(org.AccessRequestStatus(r)) {
			continue
		}
		row, err := s.accessRequestOf(ctx, org, of.Request, r)
		if err != nil {
			return nil, err
		}
		page.Items = append(page.Items, myAccessRequest{of.Organization, row})
	}
	return &answer[List[myAccessRequest]]{Position: position, Body: page}, nil
}

// intake says which requests for access an organization takes now.
type intake struct {
	Join     events.Intake `json:"join,omitzero" enum:"open,closed" doc:"Requests to join; left out: the scheme knows none."`
	Projects events.Intake `json:"projects,omitzero" enum:"open,closed" doc:"Requests for projects; left out: the scheme knows none."`
}

func intakeOf(org domain.Organization) intake {
	said := func(scheme events.Intake, open bool) events.Intake {
		switch {
		case scheme == "":
			return ""
		case open:
			return events.OpenIntake
		}
		return events.ClosedIntake
	}
	scheme := org.Scheme().AccessRequests
	return intake{said(scheme.Join, org.TakesJoinRequests()), said(scheme.Projects, org.TakesProjectRequests())}
}
