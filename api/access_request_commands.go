package api

import (
	"context"
	"net/http"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func (s *Server) accessRequestRoutes() {
	const all, one, tag = "/access-requests", "/access-requests/{request}", "Access requests"
	defineWith(s, spec{"request_access", http.MethodPost, all, tag, "Ask to join the organization, or for access to a project"}, buildRequestAccess)
	defineWith(s, spec{"request_elevation", http.MethodPost, all + "/elevations", tag, "Ask for a higher role for a time"}, buildRequestElevation)
	define(s, spec{"end_elevation", http.MethodPost, one + "/end", tag, "End a higher role before its time"},
		func(c endElevation) (domain.Command, error) { return domain.EndElevation{Request: c.Request}, nil })
	define(s, spec{"approve_access_request", http.MethodPost, one + "/approve", tag, "Give what somebody has asked for, or less"},
		func(c approveAccessRequest) (domain.Command, error) {
			return domain.ApproveAccessRequest{Request: c.Request, Role: c.Role, Until: events.Instant(c.Until)}, nil
		})
	defineWith(s, spec{"deny_access_request", http.MethodPost, one + "/deny", tag, "Refuse what somebody has asked for"}, buildDenyAccessRequest)
	define(s, spec{"withdraw_access_request", http.MethodDelete, one, tag, "Take back what one has asked for"},
		func(c withdrawAccessRequest) (domain.Command, error) {
			return domain.WithdrawAccessRequest{Request: c.Request}, nil
		})
	define(s, spec{"change_access_requests", http.MethodPatch, all, tag, "Change which requests for access the organization takes"},
		func(c changeAccessRequests) (domain.Command, error) {
			return domain.ChangeAccessRequests{Join: c.Join.given(), Projects: c.Projects.given()}, nil
		})
	list(s, route{http.MethodGet, organizationPath + all, "list_access_requests", tag, "List requests for access, those made last first"}, s.listAccessRequests)
	list(s, route{http.MethodGet, "/v1/me/access-requests", "list_my_access_requests", tag, "List one's own requests for access, in all organizations"}, s.listMyAccessRequests)
}

type requestAccess struct {
	ID      events.AccessRequestID `json:"id,omitzero" doc:"Left out: a new one." maxLength:"255"`
	User    events.UserID          `json:"user,omitzero" doc:"Who asks; left out: the actor. Only the system asks for others." maxLength:"255"`
	Project events.ProjectID       `json:"project,omitzero" doc:"The project; left out: to join the organization." maxLength:"255"`
	Role    events.RoleKey         `json:"role,omitzero" doc:"The role that is asked for; left out: the scheme's default."`
	Reason  string                 `json:"reason,omitzero" doc:"Why; whoever decides reads it." maxLength:"2000" example:"I join the Apollo crew on Monday."`
	Until   time.Time              `json:"until,omitzero" doc:"When the access is to end; left out: never."`
	Expires time.Time              `json:"expires_at,omitzero" doc:"When the request ends, within 90 days; left out: what the scheme says."`
	Login   string                 `json:"login,omitzero" doc:"To join: the spelling that people see." example:"Eve"`
	Name    string                 `json:"name,omitzero" doc:"To join: what the person is called." maxLength:"255" example:"Eve Example"`
	Email   string                 `json:"email,omitzero" doc:"To join: the person's email address, which you have verified." maxLength:"320" example:"eve@example.org"`
}

func buildRequestAccess(ctx context.Context, b *commandBuilder, c requestAccess) (domain.Command, error) {
	user, err := personOrActor(ctx, c.User)
	if err != nil {
		return nil, err
	}
	asks := domain.RequestAccess{
		Request: idOrNew(c.ID), Member: user, Project: c.Project, Role: c.Role, Until: events.Instant(c.Until), Expires: events.Instant(c.Expires),
	}
	reason, err := readMessage(c.Reason)
	if err != nil {
		return nil, err
	}
	if asks.Reason, err = b.seal(ctx, string(user), reason); err != nil {
		return nil, err
	}
	asks.PersonalData, err = b.personalData(ctx, user, Profile{Login: c.Login, Name: c.Name, Email: c.Email})
	return asks, err
}

type requestElevation struct {
	ID      events.AccessRequestID `json:"id,omitzero" doc:"Left out: a new one." maxLength:"255"`
	User    events.UserID          `json:"user,omitzero" doc:"Who asks; left out: the actor. Only the system asks for others." maxLength:"255"`
	Project events.ProjectID       `json:"project,omitzero" doc:"The project; left out: a role in the organization." maxLength:"255"`
	Role    events.RoleKey         `json:"role" doc:"The role that is asked for, one that the scheme allows from that of the person."`
	Reason  string                 `json:"reason,omitzero" doc:"Why; whoever decides reads it. Some roles need it." maxLength:"2000" example:"The invoices of May are wrong."`
	Minutes int                    `json:"minutes,omitzero" doc:"How long it is to last from its approval on; or state until." minimum:"1" maximum:"43200" example:"120"`
	Until   time.Time              `json:"until,omitzero" doc:"When it is to end; or state minutes."`
	Expires time.Time              `json:"expires_at,omitzero" doc:"When the request ends, within 90 days; left out: what the scheme says."`
}

func buildRequestElevation(ctx context.Context, b *commandBuilder, c requestElevation) (domain.Command, error) {
	user, err := personOrActor(ctx, c.User)
	if err != nil {
		return nil, err
	}
	asks := domain.RequestElevation{
		Request: idOrNew(c.ID), Member: user, Project: c.Project, Role: c.Role, For: time.Duration(c.Minutes) * time.Minute, Until: events.Instant(c.Until), Expires: events.Instant(c.Expires),
	}
	reason, err := readMessage(c.Reason)
	if err != nil {
		return nil, err
	}
	asks.Reason, err = b.seal(ctx, string(user), reason)
	return asks, err
}

type endElevation struct {
	Request events.AccessRequestID `path:"request" json:"request" doc:"The request that it was asked for by." maxLength:"255"`
}

type approveAccessRequest struct {
	Request events.AccessRequestID `path:"request" json:"request" doc:"The request." maxLength:"255"`
	Role    events.RoleKey         `json:"role,omitzero" doc:"A lower role than was asked for; left out: what was asked for."`
	Until   time.Time              `json:"until,omitzero" doc:"When the access ends, if earlier than was asked for; left out: what was asked for."`
}

type denyAccessRequest struct {
	Request events.AccessRequestID `path:"request" json:"request" doc:"The request." maxLength:"255"`
	Reason  string                 `json:"reason,omitzero" doc:"Why; whoever asked reads it." maxLength:"2000" example:"Ask your manager first."`
}

func buildDenyAccessRequest(ctx context.Context, b *commandBuilder, c denyAccessRequest) (domain.Command, error) {
	reason, err := readMessage(c.Reason)
	if err != nil {
		return nil, err
	}
	denies := domain.DenyAccessRequest{Request: c.Request}
	if request, is := b.state.Organization(b.org).AccessRequest(c.Request); is {
		known := events.Sealed("")
		if request.Closed != nil {
			known = request.Closed.Reason
		}
		denies.Reason, err = b.sealAgain(ctx, string(request.Member), reason, known)
	}
	return denies, err
}

type withdrawAccessRequest struct {
	Request events.AccessRequestID `path:"request" json:"request" doc:"The request." maxLength:"255"`
}

type changeAccessRequests struct {
	Join     fieldChange[events.Intake] `json:"join,omitzero" enum:"open,closed" doc:"Requests to join: open, they are taken, and people who are not in the organization may know of it; closed, they are not. Null: as the scheme says; left out: stays." example:"closed"`
	Projects fieldChange[events.Intake] `json:"projects,omitzero" enum:"open,closed" doc:"Requests of members for projects that they see. Null: as the scheme says; left out: stays." example:"open"`
}
