package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/phrase"
)

// NoticeSetting switches kinds of notices on or off.
type NoticeSetting struct {
	// Kinds and Channels are those that it is about; empty: all that can be switched.
	Kinds    []events.NoticeKind
	Channels []events.NoticeChannel
	// To is empty for the default.
	To events.NoticePreference
}

// ways returns what the setting is about. It fails if that cannot be switched.
func (s NoticeSetting) ways() (ways []noticeWay, err error) {
	if s.To != "" && s.To != events.NoticesOn && s.To != events.NoticesOff {
		return nil, ErrBadNoticePreference.Because("Notices are on, off, or left to the default, not %q.", s.To)
	}
	for _, channel := range s.Channels {
		if !slices.Contains(everyWay, channel) {
			return nil, ErrBadNoticePreference.Because("Notices do not come by %q; they come by %s and %s.", channel, events.InboxChannel, events.MailChannel)
		}
	}
	for _, kind := range s.Kinds {
		switch found := noticeKindOf(kind); {
		case found.kind == "":
			return nil, ErrBadNoticePreference.Because("There are no notices of the kind %q; those that can be switched are %s.", kind, phrase.Join(switchableKinds(), " and "))
		case found.outside:
			return nil, ErrBadNoticePreference.Because("Notices of the kind %q always come, since they also go to people who are not in the organization.", kind)
		case len(s.Channels) > 0 && !slices.ContainsFunc(s.Channels, func(c events.NoticeChannel) bool { return slices.Contains(found.channels, c) }):
			return nil, ErrBadNoticePreference.Because("Notices of the kind %q come by %s alone.", kind, phrase.Join(found.channels, " and "))
		}
	}
	for _, k := range noticeKinds {
		if k.outside || len(s.Kinds) > 0 && !slices.Contains(s.Kinds, k.kind) {
			continue
		}
		for _, channel := range k.channels {
			if len(s.Channels) == 0 || slices.Contains(s.Channels, channel) {
				ways = append(ways, noticeWay{k.kind, channel})
			}
		}
	}
	return ways, nil
}

// ChangeNoticePreferences says of what a member hears, and by which channels.
type ChangeNoticePreferences struct {
	Member events.UserID
	NoticeSetting
}

// Decide lets people choose for themselves, and the system for others.
func (c ChangeNoticePreferences) Decide(org Organization, m events.Moment) (happened []events.Event, err error) {
	switch {
	case !org.Sees(m.Actor):
		return nil, ErrNoOrganization
	case m.Actor != events.System && m.Actor != c.Member:
		return nil, ErrNotAllowed.Because("People choose for themselves of what they hear; only the system chooses for others.")
	case org.members.At(c.Member) == nil:
		return nil, ErrNoMember
	}
	ways, err := c.ways()
	if err != nil {
		return nil, err
	}
	own, _ := org.noticePreferences.Get(c.Member)
	for _, way := range ways {
		if own[way] != c.To {
			happened = append(happened, events.NoticePreferenceChanged{Member: c.Member, Kind: way.kind, Channel: way.channel, From: own[way], To: c.To})
		}
	}
	return happened, nil
}
