package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// noticeKind is what holds of a kind of notices.
type noticeKind struct {
	kind events.NoticeKind
	// outside says that it also goes to people who are not in the organization: they get it although they do not see the organization,
	// and nobody switches it off, since nothing else would tell them.
	outside bool
	// channels are those by which it goes.
	channels []events.NoticeChannel
}

var (
	inboxAlone = []events.NoticeChannel{events.InboxChannel}
	mailAlone  = []events.NoticeChannel{events.MailChannel}
	everyWay   = []events.NoticeChannel{events.InboxChannel, events.MailChannel}
)

// noticeKinds is the table of all kinds, in the order of lists. A new kind needs a row here, and words where it is mailed.
var noticeKinds = []noticeKind{
	{events.NoticeOfInvitation, true, everyWay},
	{events.NoticeOfInvitationReminder, true, mailAlone},
	{events.NoticeOfAcceptance, false, everyWay},
	{events.NoticeOfRefusal, false, everyWay},
	{events.NoticeOfRequest, false, everyWay},
	{events.NoticeOfApproval, false, everyWay},
	{events.NoticeOfDenial, true, everyWay},
	{events.NoticeOfExpiry, true, everyWay},
	{events.NoticeOfAddition, false, everyWay},
	{events.NoticeOfStartChange, false, everyWay},
	{events.NoticeOfRoleChange, false, everyWay},
	{events.NoticeOfRemoval, true, everyWay},
	{events.NoticeOfComingEnd, false, mailAlone},
	{events.NoticeOfEnd, true, inboxAlone},
}

// noticeKindOf returns what holds of a kind; the zero value if there is none of the name.
func noticeKindOf(kind events.NoticeKind) noticeKind {
	i := slices.IndexFunc(noticeKinds, func(k noticeKind) bool { return k.kind == kind })
	if i < 0 {
		return noticeKind{}
	}
	return noticeKinds[i]
}

// NoticeKinds returns all kinds of notices that go by a channel.
func NoticeKinds(channel events.NoticeChannel) (kinds []events.NoticeKind) {
	for _, k := range noticeKinds {
		if slices.Contains(k.channels, channel) {
			kinds = append(kinds, k.kind)
		}
	}
	return kinds
}

// switchableKinds returns the kinds that people can switch.
func switchableKinds() (kinds []events.NoticeKind) {
	for _, k := range noticeKinds {
		if !k.outside {
			kinds = append(kinds, k.kind)
		}
	}
	return kinds
}

// ForOutsiders reports whether notices of a kind also go to people who are not in the organization, and so cannot be switched off.
func ForOutsiders(kind events.NoticeKind) bool { return noticeKindOf(kind).outside }
