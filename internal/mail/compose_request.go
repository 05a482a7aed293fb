package mail

import (
	"context"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/projections"
)

// request tells somebody who may decide on it that somebody asks for access.
func (s *Sender) request(ctx context.Context, org domain.Organization, m projections.Mail, l *letter) error {
	r, is := org.AccessRequest(m.Request)
	if !is {
		return outdated("the request is gone")
	}
	if status := org.AccessRequestStatus(r); status != domain.AccessPending {
		return outdated("the request is %s", status)
	}
	if !org.MayDecideOn(m.User, r) {
		return outdated("the person may not decide any more")
	}
	if err := project(org, m, l); err != nil {
		return err
	}
	known := r.PersonalData
	if member, joined := org.Member(r.Member); joined {
		known = member.PersonalData
	}
	var err error
	if l.By, err = s.called(ctx, org, r.Member, known); err != nil {
		return err
	}
	if l.Message, err = s.read(ctx, org, r.Reason); err != nil {
		return err
	}
	l.Role, l.Expires, l.Until = label(org, m, r.Role), orNone(r.Expires), orNone(r.Until)
	if !r.Until.IsZero() && (r.Expires.IsZero() || r.Until.Before(r.Expires)) {
		l.Expires = l.Until // nothing can be approved after that
	}
	l.Elevation, l.Minutes = r.Elevation, int(r.For/time.Minute)
	return s.toMember(ctx, org, m.User, l)
}

// approval tells whoever asked for access where they have it, and until when they have a higher role.
func (s *Sender) approval(ctx context.Context, org domain.Organization, m projections.Mail, l *letter) error {
	if r, is := org.AccessRequest(m.Request); is && r.Elevation {
		e, is := org.Elevation(m.User, m.Project)
		if !is || e.Request != m.Request {
			return outdated("the higher role has ended")
		}
		l.Elevation, l.Until = true, &e.Until
	} else {
		l.Until = lossOf(org, m)
	}
	return s.place(ctx, org, m, l)
}

// closedRequest tells whoever asked for access that they do not get it. Who is no member gets it by the address of the request,
// unless they were erased.
func (s *Sender) closedRequest(ctx context.Context, org domain.Organization, m projections.Mail, l *letter) error {
	r, is := org.AccessRequest(m.Request)
	if !is || r.Closed == nil {
		return outdated("the request is gone")
	}
	if has := org.RoleUnelevated(m.User, m.Project); has == r.Role || r.Elevation && org.RoleAt(m.User, m.Project) == r.Role {
		return outdated("the person has got the role meanwhile")
	}
	if _, erased := org.Erased(m.User); erased {
		return outdated("the person was erased")
	}
	if err := project(org, m, l); err != nil {
		return err
	}
	var err error
	if l.Message, err = s.read(ctx, org, r.Closed.Reason); err != nil {
		return err
	}
	if l.By, err = s.nameOf(ctx, org, m.Actor); err != nil {
		return err
	}
	l.Role, l.Elevation = label(org, m, r.Role), r.Elevation
	if m.Email == "" {
		return s.toMember(ctx, org, m.User, l)
	}
	l.Link = s.PublicURL
	return s.toSealed(ctx, org, m.Email, l)
}
