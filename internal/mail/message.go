package mail

import (
	"net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/seed-2026d078/roster/events"
)

// message is a mail as a server takes it.
type message struct {
	*gomail.Msg

	// id is that of the notice, made is when it came about, and organization is what it is about: they name a file.
	id           string
	made         time.Time
	organization events.OrganizationID
	// position is that of the state that the mail was written from.
	position events.Position
}

// newMessage makes the mail of a notice. Its Message-ID is the same each time for the same notice.
func newMessage(id string, from *mail.Address, to string, words rendered, now time.Time) (*message, error) {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(from)
	if err := m.To(to); err != nil {
		return nil, outdated("the address is none that mail can be sent to") // the error repeats the address
	}
	m.Subject(words.subject)
	_, domain, _ := strings.Cut(from.Address, "@")
	m.SetMessageIDWithValue(id + "@" + domain)
	m.SetDateWithValue(now)
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetGenHeader(gomail.HeaderContentLang, words.locale)
	m.SetBodyString(gomail.TypeTextPlain, words.text)
	m.AddAlternativeString(gomail.TypeTextHTML, words.html)
	return &message{Msg: m, id: id}, nil
}

// setUnsubscribe offers to switch off mails of this kind at a URL, with one click (RFC 8058).
func (m *message) setUnsubscribe(url string) {
	m.SetGenHeader(gomail.HeaderListUnsubscribe, "<"+url+">")
	m.SetGenHeader(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
}
