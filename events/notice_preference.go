package events

// NoticeChannel is a way by which notices reach people.
type NoticeChannel string

const (
	// InboxChannel is the list of notifications in the product.
	InboxChannel NoticeChannel = "inbox"
	// MailChannel is mail.
	MailChannel NoticeChannel = "mail"
)

// NoticePreference says whether notices of a kind come by a channel; the zero value leaves it to the default.
type NoticePreference string

const (
	// NoticesOn has them come.
	NoticesOn NoticePreference = "on"
	// NoticesOff has them not come.
	NoticesOff NoticePreference = "off"
)

// NoticePreferenceChanged says whether a member hears of a kind by a channel. It comes before the organization's default.
type NoticePreferenceChanged struct {
	Member  UserID           `json:"member"`
	Kind    NoticeKind       `json:"kind"`
	Channel NoticeChannel    `json:"channel"`
	From    NoticePreference `json:"from,omitzero"`
	To      NoticePreference `json:"to,omitzero"`
}

func (NoticePreferenceChanged) Type() Type            { return "membership.notice_preference_changed.v1" }
func (e NoticePreferenceChanged) Subjects() []Subject { return about(e.Member) }
func (NoticePreferenceChanged) event()                {}
func (NoticePreferenceChanged) keepsAccess()          {}

// NoticeDefaultChanged says whether members who have not chosen hear of a kind by a channel.
type NoticeDefaultChanged struct {
	Kind    NoticeKind       `json:"kind"`
	Channel NoticeChannel    `json:"channel"`
	From    NoticePreference `json:"from,omitzero"`
	To      NoticePreference `json:"to,omitzero"`
}

func (NoticeDefaultChanged) Type() Type          { return "organization.notice_default_changed.v1" }
func (NoticeDefaultChanged) Subjects() []Subject { return nil }
func (NoticeDefaultChanged) event()              {}
func (NoticeDefaultChanged) keepsAccess()        {}
