package api

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

func (s *Server) leaveRoutes() {
	const tag = "Members"
	read(s, route{http.MethodPost, "/v1/me/leave", "leave_organizations", tag, "Leave all organizations, or none"},
		func(ctx context.Context, in *LeaveQuery) (*answer[departure], error) {
			actor := requestFrom(ctx).actor
			if actor == events.System {
				return nil, errNoUser.because("The system is no person and leaves nothing; name who leaves in Roster-Actor, or in the address: POST /v1/users/{user}/leave.")
			}
			return s.leave(ctx, actor, in)
		})
	read(s, route{http.MethodPost, "/v1/users/{user}/leave", "remove_from_organizations", tag, "Remove a person from all organizations, or from none"},
		func(ctx context.Context, in *removeFromAllQuery) (*answer[departure], error) {
			if err := in.authorize(ctx); err != nil {
				return nil, err
			}
			return s.leave(ctx, in.User, &in.LeaveQuery)
		})
}

// maxAtOnce is the most organizations of a person that are changed in one step.
const maxAtOnce = 1000

// LeaveQuery asks to leave all organizations.
type LeaveQuery struct {
	DryRun bool   `query:"dry_run" doc:"Changes nothing: the answer says what the person holds in each organization, and what must happen first where they cannot leave."`
	Cause  string `query:"cause" maxLength:"1000" doc:"Why, in your words; it is recorded in each organization."`
	Body   leave
}

type removeFromAllQuery struct {
	PersonPath
	LeaveQuery
}

// leave says who takes over, by organization.
type leave struct {
	// DryRun is for clients that send no query.
	DryRun bool `json:"dry_run,omitzero" doc:"The same as dry_run in the query."`

	TransferTo map[events.OrganizationID]events.UserID `json:"transfer_to,omitzero" doc:"For each organization in which the person must not leave projects behind: who takes them over, as when a member is removed."`
}

// departure is what somebody left, or would leave.
type departure struct {
	User          events.UserID      `json:"user"`
	Organizations []leftOrganization `json:"organizations" doc:"All that the person is in, in the order of their ids. For a user: those that give access. For the system: also those in which they are deactivated, or past their end."`
}

// leftOrganization is one of them. Its decision is one of its own in the ledger.
type leftOrganization struct {
	ID      events.OrganizationID `json:"id"`
	Name    string                `json:"name"`
	Version events.Version        `json:"version" doc:"The organization's version afterwards; after a dry run the present one."`
	Held    holdings              `json:"held" doc:"What the person held there, and lost by it."`
	Refusal *ProblemDetail        `json:"refusal,omitzero" doc:"Only after a dry run: why the person cannot leave, and what must happen first. As long as there is one, no organization is left."`
}

// leave takes somebody out of all their organizations. It decides all of them before it gives the
// first command, so that nothing is left if one refuses. Each is recorded in its own organization, so
// another one may refuse meanwhile: then the error says which were left.
func (s *Server) leave(ctx context.Context, user events.UserID, in *LeaveQuery) (*answer[departure], error) {
	orgs, position, err := s.organizationsOf(ctx, user, errCannotLeave.because("This user is in more than %d organizations, the most that are left in one step; leave some of them one by one first.", maxAtOnce))
	if err != nil {
		return nil, err
	}
	if err := requireAmong(user, orgs, in.Body.TransferTo); err != nil {
		return nil, err
	}
	out := departure{user, make([]leftOrganization, len(orgs))}
	requests := make([]bus.Request[domain.Command], len(orgs))
	refused := []ProblemDetail{}
	for i, org := range orgs {
		actor := requestFrom(ctx).actor
		out.Organizations[i] = leftOrganization{
			ID: org.ID(), Name: org.Name(), Version: org.Version(),
			Held: holdingsOf(org, user, func(events.ProjectID) bool { return true }, visibleTeams(org, actor)),
		}
		requests[i], err = (Envelope{Cause: in.Cause}).request(ctx, org.ID())
		if err != nil {
			return nil, err
		}
		requests[i].Command = domain.RemoveMember{Member: user, TransferTo: in.Body.TransferTo[org.ID()]}
		if err := s.refusal(ctx, requests[i]); err != nil {
			problem := detailOf(org.ID(), err)
			refused = append(refused, problem)
			out.Organizations[i].Refusal = &problem
		}
	}
	switch {
	case in.DryRun || in.Body.DryRun:
		return &answer[departure]{Position: position, Body: out}, nil
	case len(refused) > 0:
		return nil, cannotLeave(refused)
	}
	for i, r := range requests {
		receipt, err := s.Desk.Do(ctx, r)
		s.Metrics.decided([]string{"remove_member"}, outcome(receipt, err))
		if err != nil {
			return nil, leftInPart(out.Organizations, i, err)
		}
		out.Organizations[i].Version, position = receipt.Version, max(position, receipt.Position)
	}
	return &answer[departure]{Position: position, Body: out}, nil
}

// requireAmong fails if somebody takes over in an organization that is none of those that the person leaves: it may be misspelt.
func requireAmong(user events.UserID, orgs []domain.Organization, transferTo map[events.OrganizationID]events.UserID) error {
	for _, id := range slices.Sorted(maps.Keys(transferTo)) {
		if !slices.ContainsFunc(orgs, func(org domain.Organization) bool { return org.ID() == id }) {
			return domain.ErrNotInOrganization.Because("%q is in no organization %q; leave it out of transfer_to, or name the one that is meant.", user, id)
		}
	}
	return nil
}

// organizationsOf returns the organizations that somebody is in, in the order of their ids, as they
// are now: for the system all, for others those that give them access. If there are more than maxAtOnce, it fails as is said.
func (s *Server) organizationsOf(ctx context.Context, user events.UserID, tooMany error) ([]domain.Organization, events.Position, error) {
	// The person may have come into any organization, so it waits for all that has happened, as long as it takes: to leave all but one would be wrong.
	if err := requestFrom(ctx).waitForPosition(ctx, s.Desk.View().Position, "the read models", s.Database.Wait); err != nil {
		return nil, 0, err
	}
	view, now := s.Desk.View(), s.now()
	filter := projections.OrganizationFilter{Of: user, Inactive: requestFrom(ctx).actor == events.System}
	found, err := s.Database.ListOrganizations(ctx, view.State, now, filter, projections.Page{Limit: maxAtOnce})
	if err != nil {
		return nil, 0, err
	}
	if found.Next != "" {
		return nil, 0, tooMany
	}
	orgs := make([]domain.Organization, len(found.Items))
	for i, id := range found.Items {
		orgs[i] = view.State.Organization(id).At(now)
	}
	return orgs, view.Position, nil
}

// maxNamed is the number of refusals that the detail of a problem repeats; its errors have all.
const maxNamed = 10

// cannotLeave is the error of somebody whom some of their organizations do not let go.
func cannotLeave(refused []ProblemDetail) error {
	return refusedIn(errCannotLeave, "No organization was left.", refused)
}

// refusedIn is a refusal that names the organizations that refuse.
func refusedIn(r *refusal, first string, refused []ProblemDetail) error {
	detail := []string{first}
	for _, r := range refused[:min(len(refused), maxNamed)] {
		detail = append(detail, fmt.Sprintf("In %q: %s", r.About, r.Detail))
	}
	if more := len(refused) - maxNamed; more > 0 {
		detail = append(detail, fmt.Sprintf("And %d more.", more))
	}
	p := problemOf(r.because("%s", strings.Join(detail, " ")))
	p.Errors = refused
	return p
}

// detailOf says why an organization refuses.
func detailOf(id events.OrganizationID, err error) ProblemDetail {
	p := problemOf(err)
	return ProblemDetail{About: string(id), Code: p.Code, Detail: p.Detail}
}

// leftInPart is the error of somebody who has left the organizations before one, which then refused or
// did not answer.
func leftInPart(all []leftOrganization, at int, err error) error {
	if at == 0 {
		return err // nothing was left
	}
	names := func(some []leftOrganization) string {
		ids := make([]string, len(some))
		for i, o := range some {
			ids[i] = string(o.ID)
		}
		return strings.Join(ids, ", ")
	}
	p := problemOf(errLeftInPart.because("Left: %s. Not left: %s, since %q refused meanwhile, or did not answer. Ask again what is in the way with dry_run=true, then leave the rest.",
		names(all[:at]), names(all[at:]), all[at].ID))
	p.Errors = []ProblemDetail{detailOf(all[at].ID, err)}
	return p
}
