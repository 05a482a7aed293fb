package api

import (
	"errors"
	"maps"
	"slices"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// invitedAddress is what became of an address in a list of invites.
type invitedAddress struct {
	Index  int             `json:"index" doc:"Which of the list, from 0."`
	Line   int             `json:"line,omitzero" doc:"Its line in the CSV, from 1."`
	Email  string          `json:"email,omitzero" doc:"The address, as it was sent."`
	Result inviteResult    `json:"result" enum:"invited,updated,refused,not_done" doc:"What became of it: invited; updated, it had an open invite, which offers this now and was sent again; refused, see code; not_done, nothing is wrong with it, and the list was refused."`
	Invite events.InviteID `json:"invite,omitzero" doc:"The invite; left out in a dry run."`
	Token  string          `json:"token,omitzero" doc:"The secret that accepts the invite; left out in a dry run, and in a repetition if the actor may not read it now."`
	Code   string          `json:"code,omitzero" doc:"Why it was refused, as in a problem."`
	Detail string          `json:"detail,omitzero" doc:"What is wrong, and what to do."`
}

// inviteResult says what became of an address.
type inviteResult string

const (
	inviteSent    inviteResult = "invited"
	inviteUpdated inviteResult = "updated"
	inviteRefused inviteResult = "refused"
	inviteNotDone inviteResult = "not_done"
)

// row returns the report of an invite of the list so far.
func (l *inviteList) row(i int) invitedAddress {
	return invitedAddress{Index: i, Line: l.invites[i].line, Email: l.invites[i].Email, Result: inviteNotDone}
}

// refusals are those of the last build and decision, in the order of the list.
func (l *inviteList) refusals() (all []domain.ItemError) {
	for _, i := range slices.Sorted(maps.Keys(l.refused)) {
		all = append(all, domain.ItemError{Index: i, Err: l.refused[i]})
	}
	return all
}

// report says what became of each address, by the events that the list led to. Shown are the same events in a receipt; nil for a
// dry run. Of a repetition it tells why those that were refused would be refused now. It returns nil if there is no list.
func (l *inviteList) report(happened []events.Event, shown []ReceiptEvent) []invitedAddress {
	if l == nil {
		return nil
	}
	invited, resent := map[events.AddressHash]int{}, map[events.InviteID]int{}
	for n, event := range happened {
		if e, is := event.(events.MemberInvited); is {
			invited[e.Address] = n
		}
		if e, is := event.(events.InviteResent); is {
			resent[e.Invite] = n
		}
	}
	rows := make([]invitedAddress, len(l.invites))
	for i := range rows {
		row := l.row(i)
		n, is := invited[l.drafted[i].Address]
		again, updated := resent[l.drafted[i].Invite]
		switch {
		case is:
			row.Result = inviteSent
		case updated:
			row.Result, n = inviteUpdated, again
		case l.refused[i] != nil:
			refused := problemOf(l.refused[i])
			row.Result, row.Code, row.Detail = inviteRefused, refused.Code, refused.Detail
		}
		if shown != nil && (row.Result == inviteSent || row.Result == inviteUpdated) {
			row.Invite, row.Token = inviteOfEvent(happened[n]), shown[n].Token
		}
		rows[i] = row
	}
	return rows
}

func inviteOfEvent(e events.Event) events.InviteID {
	if holder, is := e.(events.SecretHolder); is {
		opens, _ := holder.Secret()
		return events.InviteID(opens.ID)
	}
	return ""
}

// refuse returns the error of a list with the report: of all that none was invited, and of each that is wrong why. Other errors, and those of other
// commands, stay as they are.
func (l *inviteList) refuse(err error) error {
	known, is := errors.AsType[*Problem](err)
	if l == nil || !is {
		return err
	}
	p := *known // which may be the answer to a repetition, too
	p.Errors = slices.Clone(p.Errors)
	p.Invites = make([]invitedAddress, len(l.invites))
	for i := range p.Invites {
		p.Invites[i] = l.row(i)
	}
	for i, part := range p.Errors {
		if part.Index == nil {
			return err
		}
		row := &p.Invites[*part.Index]
		row.Result, row.Code, row.Detail = inviteRefused, part.Code, part.Detail
		p.Errors[i].Line = row.Line
	}
	return &p
}
