package personaldata

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/keyring"
)

// Report is what was erased, or would be. It is the same when the person is erased again.
type Report struct {
	Organizations []OrganizationReport // all in which something is known of the person, in the order of their ids
	// Events is how many events say something about the person in words. After a dry run those are left out whose keys are destroyed.
	Events int
	// Keys is how many keys seal it.
	Keys int
	// Invites is how many invites the person had.
	Invites int
	// Tables are those of the database that were made anew; none after a dry run.
	Tables []string
	// Left is what the database keeps, since the rights in it do not suffice.
	Left []string
	// ClearLogins is how many events of earlier versions have a login that was never sealed, and keep it.
	ClearLogins int
	// Replicated says that the keys are on a cluster, whose servers keep for a while what was destroyed.
	Replicated bool
	// Began is when an erasure of the person began that has not ended; zero for none. Only after a dry run.
	Began time.Time
	// Done says that nothing is left to erase. Only after a dry run.
	Done bool
}

// refused reports whether a rule stands in the way in an organization.
func (r *Report) refused() bool {
	return slices.ContainsFunc(r.Organizations, func(o OrganizationReport) bool { return o.Refusal != nil })
}

// OrganizationReport is that of one organization.
type OrganizationReport struct {
	// Organization is as it was before. It may have been deleted.
	domain.Organization

	ID      events.OrganizationID
	Invites int
	// Sent is how many open invites the person sent that become void. Only after a dry run.
	Sent int
	// Erased is the event that records it; the zero value after a dry run, and where the organization was deleted.
	Erased events.Origin
	// Refusal is the rule that stands in the way; nil for none. As long as there is one, nothing is erased.
	Refusal error
}

// report says what would be done.
func (e *Eraser) report(ctx context.Context, r Request, found Found) (Report, error) {
	state := e.desk.View().State
	now := e.desk.Clock().Now()
	report := Report{Replicated: e.ledger.Replicas() > 1, Done: r.DryRun}
	for _, id := range slices.Sorted(maps.Keys(found)) {
		in, org := found[id], state.Organization(id).At(now)
		of := OrganizationReport{Organization: org, ID: id, Invites: len(in.Invites)}
		if org.Exists() {
			happened, err := state.Decide(id, r.command(id, in), moment(org, now), func() bool { return ctx.Err() == nil })
			of.Refusal = err
			report.Done = report.Done && err == nil && len(happened) == 0
		}
		if r.DryRun {
			of.Sent = sentInvites(org, r.User, in)
		}
		report.Organizations = append(report.Organizations, of)
		for key, text := range in.Texts {
			if r.DryRun {
				switch gone, err := e.destroyedKey(ctx, id, text); {
				case err != nil:
					return Report{}, err
				case gone:
					continue
				}
			}
			report.Events += in.Events[key]
			report.Keys++
			report.Done = false
		}
		report.Invites += len(in.Invites)
		report.ClearLogins += in.ClearLogins
	}
	return report, nil
}

// destroyedKey reports whether the key of a text was destroyed on purpose.
func (e *Eraser) destroyedKey(ctx context.Context, org events.OrganizationID, text events.Sealed) (bool, error) {
	_, err := e.keys.Open(ctx, org, text)
	switch {
	case errors.Is(err, keyring.ErrForgotten):
		return true, nil
	case errors.Is(err, events.ErrUnreadable):
		return false, nil
	}
	return false, err
}

// sentInvites counts the open invites to others that rest on somebody.
func sentInvites(org domain.Organization, user events.UserID, in *InOrganization) (sent int) {
	for id, invite := range org.Invites() {
		if invite.Sent.Actor != user || in.Invites[id] {
			continue
		}
		if status, _ := org.InviteStatus(invite); status == domain.InvitePending || status == domain.InviteBlocked {
			sent++
		}
	}
	return sent
}

// moment is that of a command that the system gives now.
func moment(org domain.Organization, now time.Time) events.Moment {
	m := events.Moment{Actor: events.System, At: events.Instant(now), Now: events.Instant(now)}
	if last := org.Last(); org.Exists() && last.After(m.At) {
		m.At = last
	}
	return m
}
