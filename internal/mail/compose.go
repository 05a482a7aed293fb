package mail

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/projections"
)

// composer fills in what a mail says.
type composer func(*Sender, context.Context, domain.Organization, projections.Mail, *letter) error

// composers are all kinds of mails.
var composers = []struct {
	kind    events.NoticeKind
	compose composer
}{
	{events.NoticeOfInvitation, (*Sender).invitation},
	{events.NoticeOfInvitationReminder, (*Sender).invitation},
	{events.NoticeOfAcceptance, (*Sender).closedInvite},
	{events.NoticeOfRefusal, (*Sender).closedInvite},
	{events.NoticeOfAddition, (*Sender).addition},
	{events.NoticeOfStartChange, (*Sender).addition},
	{events.NoticeOfRemoval, (*Sender).removal},
	{events.NoticeOfRoleChange, (*Sender).roleChange},
	{events.NoticeOfRequest, (*Sender).request},
	{events.NoticeOfApproval, (*Sender).approval},
	{events.NoticeOfDenial, (*Sender).closedRequest},
	{events.NoticeOfExpiry, (*Sender).closedRequest},
	{events.NoticeOfComingEnd, (*Sender).comingEnd},
}

// letter is a mail before it is put in words.
type letter struct {
	facts

	to string
	// locale is that of the person, organizationLocale comes next; empty if there is none.
	locale, organizationLocale string
	// position is that of the state that it was read from.
	position events.Position
}

// outdatedError says why a mail is dropped: what it says is no longer so, or there is nobody to send it to.
type outdatedError struct{ reason string }

func (e *outdatedError) Error() string { return e.reason }

func outdated(format string, a ...any) error { return &outdatedError{fmt.Sprintf(format, a...)} }

// errBehind says that a mail must be written from a newer state: this node has not heard of the event yet, of which another one has, or texts were erased meanwhile.
var errBehind = errors.New("the state is too old to write the mail from")

// compose reads from the newest state what a mail says, and to whom it goes. It fails with an [outdatedError] if it is not to be sent any more.
func (s *Sender) compose(ctx context.Context, m projections.Mail) (letter, error) {
	view := s.Desk.View()
	if view.Position < m.Position {
		return letter{}, errBehind
	}
	now := s.Desk.Clock().Now()
	org := view.State.Organization(m.Organization).At(now)
	if !org.Exists() {
		return letter{}, outdated("the organization is gone")
	}
	if !org.Hears(m.User, m.Kind, events.MailChannel) {
		return letter{}, outdated("mails about this were switched off meanwhile")
	}
	l := letter{
		organizationLocale: string(org.Locale()), position: view.Position,
		facts: facts{Kind: m.Kind, Organization: clean(org.Name()), HighestRole: clean(org.RoleLabel(org.Scheme().HighestRole()))},
	}
	for _, c := range composers {
		if c.kind == m.Kind {
			return l, c.compose(s, ctx, org, m, &l)
		}
	}
	return letter{}, outdated("mails are not sent about this")
}

// invitation fills in what an invite offers.
func (s *Sender) invitation(ctx context.Context, org domain.Organization, m projections.Mail, l *letter) error {
	of, open := org.Invite(m.Invite)
	if !open {
		if closed, is := org.ClosedInvite(m.Invite); is {
			return outdated("the invite was %s meanwhile", closed.Status)
		}
		return outdated("the invite is gone")
	}
	switch m.Origin.ID(m.Organization) {
	case of.Issued.ID(m.Organization):
	case of.Sent.ID(m.Organization):
		l.Changed = true
	default:
		return outdated("the invite was sent again, or changed again, meanwhile")
	}
	if status, _ := org.InviteStatus(of); status != domain.InvitePending && status != domain.InviteBlocked {
		return outdated("the invite is %s", status)
	}
	var err error
	if l.to, err = s.Keyring.Open(ctx, org.ID(), of.Email); err != nil {
		return forgotten(err)
	}
	if l.Message, err = s.read(ctx, org, of.Message); err != nil {
		return err
	}
	if l.By, err = s.nameOf(ctx, org, of.Sent.Actor); err != nil {
		return err
	}
	l.Role, l.Expires, l.Until = org.RoleLabel(of.Role), orNone(of.Expires), orNone(of.Until)
	if of.From.After(s.Desk.Clock().Now()) {
		l.From = &of.From
	}
	for p := range of.Projects() {
		if project, is := org.Project(p.Project); is && !p.Deleted {
			l.Places = append(l.Places, place{clean(project.Name), org.ProjectRoleLabel(p.Role)})
		}
	}
	for t := range of.Teams() {
		if team, is := org.Team(t.Team); is {
			l.Places = append(l.Places, place{clean(team.Name), org.TeamRoleLabel(t.Role)})
		}
	}
	token := s.Keyring.Token(org.ID(), events.Subject{Kind: events.InviteSubject, ID: string(m.Invite)}, of.Nonce)
	l.Link = s.PublicURL + "/invite#" + token
	return nil
}

// nameOf returns the name of a member, or else the spelling that people see; empty for the system, and for somebody who is gone.
func (s *Sender) nameOf(ctx context.Context, org domain.Organization, user events.UserID) (string, error) {
	member, is := org.Member(user)
	if !is {
		return "", nil
	}
	return s.called(ctx, org, user, member.PersonalData)
}

// called returns the name in what is known of somebody, or else the spelling that people see.
func (s *Sender) called(ctx context.Context, org domain.Organization, user events.UserID, known domain.PersonalData) (string, error) {
	name, err := s.read(ctx, org, known.Name)
	if err != nil || name != "" {
		return name, err
	}
	login, err := s.read(ctx, org, known.Login)
	return cmp.Or(login, string(user)), err
}

// read opens a text of somebody; that of somebody who was forgotten is empty.
func (s *Sender) read(ctx context.Context, org domain.Organization, sealed events.Sealed) (string, error) {
	text, err := s.Keyring.Read(ctx, org.ID(), sealed)
	return clean(text), err
}

// forgotten returns why nothing is sent to somebody whose key was deleted.
func forgotten(err error) error {
	if errors.Is(err, keyring.ErrForgotten) {
		return outdated("the person was forgotten")
	}
	return err
}

// orNone returns nil for no time.
func orNone(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}
