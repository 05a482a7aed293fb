package domain

import "github.com/seed-2026d078/roster/events"

// ChangeAccessRequests says which requests for access the organization takes. What is nil stays; empty is as the scheme says.
type ChangeAccessRequests struct {
	Join     *events.Intake
	Projects *events.Intake
}

// Decide lets those whom the scheme allows open and close what the scheme knows. Requests that are open stay so.
func (c ChangeAccessRequests) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, ChangingAccessRequests, About{}); err != nil {
		return nil, err
	}
	for _, choice := range []struct {
		what   string
		scheme events.Intake
		to     *events.Intake
	}{{"to join", org.scheme.AccessRequests.Join, c.Join}, {"for projects", org.scheme.AccessRequests.Projects, c.Projects}} {
		switch {
		case choice.to == nil:
		case *choice.to != "" && *choice.to != events.OpenIntake && *choice.to != events.ClosedIntake:
			return nil, ErrBadIntake.Because("Requests %s are taken (open) or not (closed), not %q.", choice.what, *choice.to)
		case *choice.to == events.OpenIntake && choice.scheme == "":
			return nil, ErrNoAccessRequests.Because("The organization's scheme knows no requests %s; invite people, or add them.", choice.what)
		}
	}
	to := org.requestChoice
	setIfGiven(&to.Join, c.Join)
	setIfGiven(&to.Projects, c.Projects)
	if to == org.requestChoice {
		return nil, nil // already so
	}
	return []events.Event{events.AccessRequestsChanged{From: org.requestChoice, To: to}}, nil
}
