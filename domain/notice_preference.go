package domain

import (
	"maps"
	"slices"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// noticeWay is a kind of notices by a channel.
type noticeWay struct {
	kind    events.NoticeKind
	channel events.NoticeChannel
}

// noticePreferences are those that are on or off. The value is never changed, only replaced.
type noticePreferences map[noticeWay]events.NoticePreference

// with returns the preferences with one of them changed.
func (p noticePreferences) with(way noticeWay, to events.NoticePreference) noticePreferences {
	changed := maps.Clone(p)
	if changed == nil {
		changed = noticePreferences{}
	}
	if changed[way] = to; to == "" {
		delete(changed, way)
	}
	return changed
}

// changeNoticePreference changes what a member hears of.
func (s *state) changeNoticePreference(e events.NoticePreferenceChanged) {
	own, _ := s.noticePreferences.Get(e.Member)
	if own = own.with(noticeWay{e.Kind, e.Channel}, e.To); len(own) == 0 {
		s.noticePreferences = champ.Delete(s.owner, s.noticePreferences, e.Member)
		return
	}
	s.noticePreferences = champ.Set(s.owner, s.noticePreferences, e.Member, own)
}

// Hears reports whether a kind of notices reaches somebody by a channel: as they chose; else by the organization's default; else as the scheme says
// of changes of roles; else it does.
func (o Organization) Hears(user events.UserID, kind events.NoticeKind, channel events.NoticeChannel) bool {
	if !o.Exists() || ForOutsiders(kind) {
		return true
	}
	way := noticeWay{kind, channel}
	own, _ := o.noticePreferences.Get(user)
	for _, preferences := range []noticePreferences{own, o.noticeDefaults} {
		if chosen := preferences[way]; chosen != "" {
			return chosen == events.NoticesOn
		}
	}
	said := o.scheme.RoleNotices.Channels
	return kind != events.NoticeOfRoleChange || len(said) == 0 || slices.Contains(said, string(channel))
}

// NoticeChoice is whether a kind of notices reaches somebody by a channel, and why.
type NoticeChoice struct {
	Kind    events.NoticeKind
	Channel events.NoticeChannel
	// Own is what the person chose, Default what the organization did; empty for nothing.
	Own, Default events.NoticePreference
	// On says whether it reaches them.
	On bool
	// Fixed says that it cannot be switched.
	Fixed bool
}

// NoticeChoices returns what holds of every kind and channel for somebody, or, if user is empty, for members who have not chosen.
func (o Organization) NoticeChoices(user events.UserID) []NoticeChoice {
	own, _ := o.noticePreferences.Get(user)
	var all []NoticeChoice
	for _, k := range noticeKinds {
		for _, channel := range k.channels {
			way := noticeWay{k.kind, channel}
			all = append(all, NoticeChoice{k.kind, channel, own[way], o.noticeDefaults[way], o.Hears(user, k.kind, channel), k.outside})
		}
	}
	return all
}
