package domain

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// ApproveAccessRequest gives what somebody has asked for.
type ApproveAccessRequest struct {
	Request events.AccessRequestID
	// Role is one of a lower rank than was asked for; empty: what was asked for.
	Role events.RoleKey
	// Until is an earlier end than was asked for; the zero value: what was asked for.
	Until time.Time
}

// Decide lets those approve who could add the person, or invite them, with what they give, but nobody their own request. All is
// given in one commit. Where it cannot be given, the request stays open. Approved again with the same, it changes nothing.
func (c ApproveAccessRequest) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if closed := org.accessRequests.At(c.Request); closed != nil && closed.Closed != nil && closed.Closed.Status == AccessGranted && org.MayDecideOn(m.Actor, *closed) &&
		closed.Closed.Role == cmp.Or(c.Role, closed.Closed.Role) && (c.Until.IsZero() || c.Until.Equal(closed.Closed.Until)) {
		return nil, nil // already so
	}
	request, err := org.requestToDecide(m.Actor, c.Request)
	if err != nil {
		return nil, err
	}
	most := request.Until
	if request.For > 0 {
		most = events.Instant(m.Instant().Add(request.For))
	}
	granted := events.AccessApproved{
		Request: c.Request, Member: request.Member, Project: request.Project, Elevation: request.Elevation, Role: cmp.Or(c.Role, request.Role), Until: most,
	}
	if !c.Until.IsZero() {
		granted.Until = c.Until
	}
	roles := &org.scheme.organization
	if request.Project != "" {
		roles = &org.scheme.project
	}
	asked := roles.find(request.Role)
	switch {
	case asked == nil && c.Role == "":
		return nil, ErrUnknownRole.Because("The role %q, which was asked for, is gone; approve with another role.", request.Role)
	case asked != nil && roles.rank(granted.Role) > asked.Rank:
		return nil, ErrMoreThanRequested.Because("The role %q ranks above %q, which was asked for; approve that one or a lower one.", granted.Role, request.Role)
	case !most.IsZero() && granted.Until.After(most):
		return nil, ErrMoreThanRequested.Because("Access was asked for until %s; approve it until then or less.", most.Format(time.RFC3339))
	}
	give := org.admit
	switch {
	case request.Elevation:
		give = org.giveElevation
	case request.Project != "":
		give = org.admitToProject
	}
	given, err := give(m, request, granted)
	if err != nil {
		return nil, err
	}
	return append([]events.Event{granted}, given...), nil
}

// requestToDecide returns an open request on which the actor may decide.
func (o Organization) requestToDecide(actor events.UserID, id events.AccessRequestID) (*AccessRequest, error) {
	request, err := o.pendingAccessRequest(actor, id)
	switch {
	case err != nil:
		return nil, err
	case actor == request.Member:
		return nil, ErrOwnAccessRequest.Because("Nobody decides on their own request; ask somebody else, who may %s.", o.decides(request))
	}
	return request, nil
}

// decides says what somebody may do who may decide on a request.
func (o Organization) decides(r *AccessRequest) string {
	rule := o.elevationRule(r.Project, r.Role)
	switch {
	case r.Elevation && rule != nil && rule.Approvers != nil:
		return fmt.Sprintf("give the role %q, and whom the organization's scheme names as approver of it", r.Role)
	case r.Elevation:
		return fmt.Sprintf("give the role %q for good", r.Role)
	case r.Project != "":
		return fmt.Sprintf("add people to the project %q (%s)", r.Project, AddingProjectMember)
	}
	return fmt.Sprintf("add people to the organization (%s), or invite them (%s)", AddingMember, InvitingMember)
}

// admit returns the events by which somebody joins who has asked to.
func (o Organization) admit(m events.Moment, request *AccessRequest, granted events.AccessApproved) ([]events.Event, error) {
	if o.archived {
		return nil, ErrOrganizationArchived
	}
	if _, err := o.validateMembership(m, granted.Role, nil, time.Time{}, granted.Until); err != nil {
		return nil, err
	}
	if err := o.validatePersonalData(m.Actor, request.Member, request.PersonalData); err != nil {
		return nil, err
	}
	happened := o.settleOtherInvites(request.Member, request.Address, "")
	if err := o.afterEvents(m, happened).requireSeat(); err != nil {
		return nil, err
	}
	joins := request.joined(request.Member, granted.Role)
	joins.Until = granted.Until
	return append(happened, joins), nil
}

// admitToProject returns the events that give somebody a role on a project who has asked for it.
func (o Organization) admitToProject(m events.Moment, _ *AccessRequest, granted events.AccessApproved) ([]events.Event, error) {
	happened, err := AddProjectMember{Project: granted.Project, Member: granted.Member, Role: granted.Role, Until: granted.Until}.Decide(o, m)
	if errors.Is(err, ErrProjectArchived) {
		return nil, ErrProjectArchived.Because("The project %q is archived; restore it first, or deny the request.", granted.Project)
	}
	return happened, err
}
