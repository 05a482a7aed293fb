package domain_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// switched is the event that switches a kind by a channel for somebody, or, without anybody, for the organization.
func switched(user events.UserID, kind events.NoticeKind, channel events.NoticeChannel, from, to events.NoticePreference) events.Event {
	if user == "" {
		return events.NoticeDefaultChanged{Kind: kind, Channel: channel, From: from, To: to}
	}
	return events.NoticePreferenceChanged{Member: user, Kind: kind, Channel: channel, From: from, To: to}
}

func TestChangeNoticePreferences(t *testing.T) {
	t.Parallel()
	const on, off = events.NoticesOn, events.NoticesOff
	mails := []events.NoticeChannel{events.MailChannel}
	added := domain.NoticeSetting{Kinds: []events.NoticeKind{events.NoticeOfAddition}, Channels: mails, To: off}
	own := func(user events.UserID, change func(*domain.NoticeSetting)) domain.Command {
		s := added
		if change != nil {
			change(&s)
		}
		return domain.ChangeNoticePreferences{Member: user, NoticeSetting: s}
	}
	bobOff := switched("bob", events.NoticeOfAddition, events.MailChannel, "", off)
	checkRules(t, []rule{
		{name: "one kind by one channel", given: staff, when: own("max", nil), by: "max", then: then(switched("max", events.NoticeOfAddition, events.MailChannel, "", off))},
		{name: "as it is", given: so(staff, switched("max", events.NoticeOfAddition, events.MailChannel, "", off)), when: own("max", nil), by: "max"},
		{name: "to the default", given: so(staff, switched("max", events.NoticeOfAddition, events.MailChannel, "", off)), when: own("max", func(s *domain.NoticeSetting) { s.To = "" }), by: "max", then: then(switched("max", events.NoticeOfAddition, events.MailChannel, off, ""))},
		{name: "by all channels", given: staff, when: own("max", func(s *domain.NoticeSetting) { s.Channels = nil }), by: "max", then: then(switched("max", events.NoticeOfAddition, events.InboxChannel, "", off), switched("max", events.NoticeOfAddition, events.MailChannel, "", off))},
		{name: "the system for somebody", given: staff, when: own("max", nil), by: events.System, then: then(switched("max", events.NoticeOfAddition, events.MailChannel, "", off))},
		{name: "nobody for others", given: staff, when: own("max", nil), by: "chip", err: domain.ErrNotAllowed},
		{name: "strangers see nothing", given: staff, when: own("eve", nil), by: "eve", err: domain.ErrNoOrganization},
		{name: "of no member", given: staff, when: own("eve", nil), by: events.System, err: domain.ErrNoMember},
		{name: "not what always comes", given: staff, when: own("max", func(s *domain.NoticeSetting) { s.Kinds = []events.NoticeKind{events.NoticeOfInvitation} }), by: "max", err: domain.ErrBadNoticePreference},
		{name: "not what there is not", given: staff, when: own("max", func(s *domain.NoticeSetting) { s.Kinds = []events.NoticeKind{"gossip"} }), by: "max", err: domain.ErrBadNoticePreference},
		{name: "by no other channel", given: staff, when: own("max", func(s *domain.NoticeSetting) { s.Channels = []events.NoticeChannel{"pigeon"} }), by: "max", err: domain.ErrBadNoticePreference},
		{name: "not maybe", given: staff, when: own("max", func(s *domain.NoticeSetting) { s.To = "maybe" }), by: "max", err: domain.ErrBadNoticePreference},
		{name: "the default, by who may rename the organization", given: staff, when: domain.ChangeNoticeDefaults{NoticeSetting: added}, by: "chip", then: then(switched("", events.NoticeOfAddition, events.MailChannel, "", off))},
		{name: "the default as it is", given: so(staff, switched("", events.NoticeOfAddition, events.MailChannel, "", off)), when: domain.ChangeNoticeDefaults{NoticeSetting: added}, by: "chip"},
		{name: "not by others", given: staff, when: domain.ChangeNoticeDefaults{NoticeSetting: added}, by: "max", err: domain.ErrNotAllowed},
	})

	all, err := domain.ChangeNoticePreferences{Member: "max", NoticeSetting: domain.NoticeSetting{Channels: mails, To: off}}.Decide(stateAfter(staff...), at("max"))
	assert.NoError(t, err)
	for _, kind := range domain.NoticeKinds(events.MailChannel) {
		off := slices.Contains(all, switched("max", kind, events.MailChannel, "", off))
		assert.Equal(t, !domain.ForOutsiders(kind), off, kind)
	}

	for _, tc := range []struct {
		name  string
		given []events.Event
		hears bool
	}{
		{"who has not chosen", nil, true},
		{"who has", then(bobOff), false},
		{"the default", then(switched("", events.NoticeOfAddition, events.MailChannel, "", off)), false},
		{"one's own comes before the default", then(switched("", events.NoticeOfAddition, events.MailChannel, "", off), switched("bob", events.NoticeOfAddition, events.MailChannel, "", on)), true},
		{"another channel", then(switched("bob", events.NoticeOfAddition, events.InboxChannel, "", off)), true},
		{"another person", then(switched("ada", events.NoticeOfAddition, events.MailChannel, "", off)), true},
		{"who left has chosen nothing", then(bobOff, events.MemberRemoved{Member: "bob"}, joined("bob", "member")), true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := stateAfter(append(then(events.OrganizationCreated{Name: "Acme", Scheme: builtInScheme("github").Scheme}, joined("ada", "admin"), joined("bob", "member")), tc.given...)...)
			assert.Equal(t, tc.hears, org.Hears("bob", events.NoticeOfAddition, events.MailChannel))
		})
	}
}
