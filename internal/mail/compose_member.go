package mail

import (
	"context"
	"strings"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// localeKey is the entry of the metadata of a person that holds their language.
const localeKey = "locale"

// toMember addresses a mail to a member, in their language.
func (s *Sender) toMember(ctx context.Context, org domain.Organization, user events.UserID, l *letter) error {
	member, is := org.Member(user)
	if !is {
		return outdated("the person is no member any more")
	}
	l.Link = s.PublicURL
	return s.toPerson(ctx, org, user, member.Email, member.Metadata, l)
}

// toPerson addresses a mail to the sealed address of somebody, in the language that their metadata say.
func (s *Sender) toPerson(ctx context.Context, org domain.Organization, user events.UserID, email events.Sealed, metadata events.Metadata, l *letter) error {
	entry, err := s.Keyring.Read(ctx, org.ID(), metadata[s.Keyring.MetadataKey(org.ID(), string(user), localeKey)])
	if err != nil {
		return err
	}
	_, l.locale, _ = strings.Cut(entry, "\n") // the key stands before the text
	return s.toSealed(ctx, org, email, l)
}

// toSealed addresses a mail to a sealed address.
func (s *Sender) toSealed(ctx context.Context, org domain.Organization, email events.Sealed, l *letter) (err error) {
	if email == "" {
		return outdated("no address of the person is known")
	}
	l.to, err = s.Keyring.Open(ctx, org.ID(), email)
	return forgotten(err)
}

// closedInvite tells whoever sent an invite what became of it. By is who accepted or declined it: their name, or the address.
func (s *Sender) closedInvite(ctx context.Context, org domain.Organization, m projections.Mail, l *letter) error {
	closed, is := org.ClosedInvite(m.Invite)
	if !is || closed.Closed.ID(org.ID()) != m.Origin.ID(org.ID()) {
		return outdated("the invite is gone, or was sent again meanwhile")
	}
	err := s.toMember(ctx, org, m.User, l)
	if err == nil && closed.Status == domain.InviteAccepted {
		_, from := org.RoleToCome(closed.Member, "")
		l.From = orNone(from)
		l.By, err = s.nameOf(ctx, org, closed.Member)
	}
	if err == nil && l.By == "" {
		l.By, err = s.read(ctx, org, closed.Email)
	}
	l.Role = clean(org.RoleLabel(closed.Role))
	return err
}

// project fills in the name of a project, if the notice is about one.
func project(org domain.Organization, m projections.Mail, l *letter) error {
	if m.Project == "" {
		return nil
	}
	found, is := org.Project(m.Project)
	if !is {
		return outdated("the project is gone")
	}
	l.Project = clean(found.Name)
	return nil
}

// label is what a role is called.
func label(org domain.Organization, m projections.Mail, role events.RoleKey) string {
	if m.Project != "" {
		return clean(org.ProjectRoleLabel(role))
	}
	return clean(org.RoleLabel(role))
}

// addition tells a member where they are now, or will be from their start on, and until when.
func (s *Sender) addition(ctx context.Context, org domain.Organization, m projections.Mail, l *letter) error {
	l.Until = lossOf(org, m)
	if role, from := org.RoleToCome(m.User, m.Project); role != "" {
		l.From = &from
		return s.placeAs(ctx, org, m, l, role)
	}
	return s.place(ctx, org, m, l)
}

// lossOf returns when the person whom a mail is for loses what they have, if an end of it is known; nil for never.
func lossOf(org domain.Organization, m projections.Mail) *time.Time {
	end, is := org.EndOf(m.User, m.Project)
	if !is {
		return nil
	}
	loss, _ := org.ComingLoss(m.User, m.Project, end)
	return orNone(loss.At)
}

// place fills in where a member has which role, without an elevation of which the mail does not tell, and who gave it. It fails if they have none.
func (s *Sender) place(ctx context.Context, org domain.Organization, m projections.Mail, l *letter) error {
	role := org.RoleUnelevated(m.User, m.Project)
	if l.Elevation {
		role = org.RoleAt(m.User, m.Project)
	}
	if role == "" {
		return outdated("the person has no access any more")
	}
	return s.placeAs(ctx, org, m, l, role)
}

// placeAs is place with the role.
func (s *Sender) placeAs(ctx context.Context, org domain.Organization, m projections.Mail, l *letter, role events.RoleKey) error {
	l.Role = label(org, m, role)
	if err := project(org, m, l); err != nil {
		return err
	}
	if err := s.toMember(ctx, org, m.User, l); err != nil {
		return err
	}
	var err error
	l.By, err = s.nameOf(ctx, org, m.Actor)
	return err
}

// roleChange tells a member of another role, which they still have, or will have from their start on.
func (s *Sender) roleChange(ctx context.Context, org domain.Organization, m projections.Mail, l *letter) error {
	coming, from := org.RoleToCome(m.User, m.Project)
	if coming != m.To && org.RoleAt(m.User, m.Project) != m.To {
		return outdated("the role changed again meanwhile")
	}
	l.From = orNone(from)
	if err := s.placeAs(ctx, org, m, l, m.To); err != nil {
		return err
	}
	l.Before, l.Role = label(org, m, m.From), label(org, m, m.To)
	return nil
}

// comingEnd tells a member, or who manages their access, that it will end. By is whose it is, if it is not their own.
func (s *Sender) comingEnd(ctx context.Context, org domain.Organization, m projections.Mail, l *letter) (err error) {
	end, is := org.EndOf(m.About, m.Project)
	if !is || !end.Truncate(time.Microsecond).Equal(m.Until) || org.RoleUnelevated(m.About, m.Project) == "" {
		return outdated("the access does not end then any more")
	}
	loss, is := org.ComingLoss(m.About, m.Project, end)
	if !is {
		return outdated("the person keeps the access in another way")
	}
	l.Role, l.Until = label(org, m, loss.Role), orNone(loss.At)
	if loss.Left != "" {
		l.After = label(org, m, loss.Left)
	}
	if m.About != m.User {
		if !org.MayPutOff(m.User, m.About, m.Project) {
			return outdated("the person may not put off the end any more")
		}
		if l.By, err = s.nameOf(ctx, org, m.About); err != nil {
			return err
		}
	}
	if err := project(org, m, l); err != nil {
		return err
	}
	return s.toMember(ctx, org, m.User, l)
}

// removal tells somebody that they were removed from a project, or from the organization, where their address and language are those of before. It
// tells nobody whose data was erased, also not while the key to their address is still there.
func (s *Sender) removal(ctx context.Context, org domain.Organization, m projections.Mail, l *letter) (err error) {
	if org.RoleAt(m.User, m.Project) != "" {
		return outdated("the person has access again")
	}
	if _, erased := org.Erased(m.User); erased {
		return outdated("the person was erased")
	}
	if l.By, err = s.nameOf(ctx, org, m.Actor); err != nil {
		return err
	}
	if m.Project == "" {
		return s.toPerson(ctx, org, m.User, m.Email, m.Metadata, l)
	}
	if err := project(org, m, l); err != nil {
		return err
	}
	return s.toMember(ctx, org, m.User, l)
}
