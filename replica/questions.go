package replica

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

var (
	// ErrClosed says that the replica was closed.
	ErrClosed = errors.New("the replica is closed")
	// ErrNotReplicated says that the replica does not have the organization: it is none of those that the replica is to have, the subscriber may
	// not read it, or it does not exist.
	ErrNotReplicated = errors.New("the replica does not have this organization: look whether it exists, the subscriber may read it, and Options.Organizations names it or nothing")
)

// StaleError says that the replica has not heard for too long that it has everything, so it answers nothing.
type StaleError struct {
	// For is how long that is, Max how long it may be.
	For, Max time.Duration
	// Cause is why the replica does not follow; nil if that is not known.
	Cause error
}

func (e *StaleError) Error() string {
	text := fmt.Sprintf("the replica has heard nothing new for %s, more than %s: it answers no questions until it has", e.For.Round(time.Millisecond), e.Max)
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *StaleError) Unwrap() error { return e.Cause }

// Check reports whether somebody has a permission on a project at a level or a higher one; the empty level asks for
// the highest. Its answer is that of [domain.Organization.Allows] now. It returns false with every error: a
// [*StaleError], [ErrNotReplicated], [ErrClosed], or what Allows returns for a permission that the scheme lacks. It
// allocates nothing, and waits for nobody.
func (r *Replica) Check(org events.OrganizationID, user events.UserID, project events.ProjectID, permission events.PermissionKey, level events.Level) (bool, error) {
	o, err := r.Organization(org)
	if err != nil {
		return false, err
	}
	return o.Allows(user, project, permission, level)
}

// CheckInOrganization is Check for what somebody may do in the organization itself.
func (r *Replica) CheckInOrganization(org events.OrganizationID, user events.UserID, permission events.PermissionKey, level events.Level) (bool, error) {
	o, err := r.Organization(org)
	if err != nil {
		return false, err
	}
	return o.AllowsInOrganization(user, permission, level)
}

// Explain says in words what Check answers, and why.
func (r *Replica) Explain(org events.OrganizationID, user events.UserID, project events.ProjectID, permission events.PermissionKey, level events.Level) (string, error) {
	o, err := r.Organization(org)
	if err != nil {
		return "", err
	}
	access := o.Access(user, project)
	result, err := o.CheckPermission(access, permission, level)
	if err != nil {
		return "", err
	}
	return o.ExplainPermission(user, project, access, result, nil), nil
}

// Members yields the members of an organization, in no particular order. Personal data is sealed.
func (r *Replica) Members(org events.OrganizationID) (iter.Seq2[events.UserID, domain.Member], error) {
	o, err := r.Organization(org)
	if err != nil {
		return nil, err
	}
	return o.Members(), nil
}

// Projects yields the projects of an organization, in no particular order.
func (r *Replica) Projects(org events.OrganizationID) (iter.Seq2[events.ProjectID, domain.Project], error) {
	o, err := r.Organization(org)
	if err != nil {
		return nil, err
	}
	return o.Projects(), nil
}

// Organization returns an organization as it is now, for all other questions. It never changes, so do not keep it. It has no
// secrets: its ThroughLink is not that of Roster. It fails with a [*StaleError], [ErrNotReplicated] or [ErrClosed].
func (r *Replica) Organization(id events.OrganizationID) (domain.Organization, error) {
	v := r.view.Load()
	if v.closed {
		return domain.Organization{}, ErrClosed
	}
	passed := since(v.fresh, r.options.Now()) // once: a check has no time to spare
	if staleness := v.late + passed; staleness > r.options.MaxStaleness && !r.options.FailOpen {
		return domain.Organization{}, &StaleError{staleness, r.options.MaxStaleness, v.cause}
	}
	o := v.state.Organization(id)
	if !o.Exists() {
		return domain.Organization{}, ErrNotReplicated
	}
	return o.At(v.instantAfter(passed)), nil
}

// Position returns the position of the ledger up to which everything is in the replica. It may have some of what
// follows.
func (r *Replica) Position() events.Position { return r.view.Load().position }

// Version returns the version that the replica has of an organization; 0 if it has nothing of it.
func (r *Replica) Version(org events.OrganizationID) events.Version {
	version, _ := r.view.Load().state.Last(org)
	return version
}

// Staleness returns for how long it has not been heard that the replica has everything. What it lacks was recorded
// within that time.
func (r *Replica) Staleness() time.Duration {
	return r.view.Load().staleness(r.options.Now())
}

// Wait waits until everything up to a position of the ledger is in the replica, such as that of a command's answer.
// That takes until the next heartbeat, at most a second as a rule; [Replica.WaitVersion] is faster. It fails with the
// error of the context, with [ErrClosed], or with [feed.ErrConnectionClosed].
func (r *Replica) Wait(ctx context.Context, position events.Position) error {
	return r.wait(ctx, func(v *view) bool { return v.position >= position })
}

// WaitVersion waits until the replica has an organization at a version, or at a later one. It fails as Wait does, and with
// [ErrNotReplicated] if Options.Organizations leaves the organization out.
func (r *Replica) WaitVersion(ctx context.Context, org events.OrganizationID, version events.Version) error {
	if _, is := r.only[org]; r.only != nil && !is {
		return ErrNotReplicated
	}
	return r.wait(ctx, func(v *view) bool {
		has, _ := v.state.Last(org)
		return has >= version
	})
}

func (r *Replica) wait(ctx context.Context, is func(*view) bool) error {
	for {
		v := r.view.Load()
		switch {
		case v.closed:
			return ErrClosed
		case is(v):
			return nil
		case v.lost != nil:
			return v.lost
		}
		select {
		case <-v.next:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
