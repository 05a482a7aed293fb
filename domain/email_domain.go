package domain

import (
	"iter"
	"regexp"
	"strings"
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// EmailDomain says how people join whose verified address is of a domain. The value is never changed, only replaced.
type EmailDomain struct {
	Mode events.JoinMode
	// Role is what they join with.
	Role events.RoleKey
	// Set is the event that said so last.
	Set events.Origin
	// Verified is when the organization last proved that the domain is its own; the zero value means never.
	Verified time.Time
}

const (
	// maxEmailDomains is how many an organization has.
	maxEmailDomains = 100
	// verificationDays is for how many days a proof holds. Whoever joins later brings a new one about.
	verificationDays = 30
)

// EmailDomains yields the domains by which people join, in no particular order.
func (o Organization) EmailDomains() iter.Seq2[events.EmailDomain, EmailDomain] {
	return o.emailDomains.All()
}

// EmailDomain returns how people join by a domain, and whether they do.
func (o Organization) EmailDomain(name events.EmailDomain) (EmailDomain, bool) {
	return o.emailDomains.Get(name)
}

// NeedsProof reports whether the proof for a domain, which there was once, is so old that whoever joins by it needs a new one.
func (d EmailDomain) NeedsProof(at time.Time) bool {
	return !d.Verified.IsZero() && !at.Before(d.Verified.AddDate(0, 0, verificationDays))
}

func (s *state) changeEmailDomain(name events.EmailDomain, change func(*EmailDomain)) {
	d, _ := s.emailDomains.Get(name)
	change(&d)
	s.emailDomains = champ.Set(s.owner, s.emailDomains, name, d)
}

// domainPattern is that of a domain with two labels at least. Whoever builds commands has brought it into its one form.
var domainPattern = regexp.MustCompile(`^[^\s@.,;:/\\"'<>()\[\]]{1,63}(\.[^\s@.,;:/\\"'<>()\[\]]{1,63})+$`)

// validateEmailDomain fails for what can be no domain of an organization.
func validateEmailDomain(name events.EmailDomain) error {
	switch text := string(name); {
	case text == "": // what was sent is no domain
		return ErrBadEmailDomain
	case len(text) > maxDomain || text != strings.ToLower(text) || !domainPattern.MatchString(text):
		return ErrBadEmailDomain.Because("%q cannot be the domain of an organization's addresses; it is written as in example.org.", name)
	case publicMail[name]:
		return ErrBadEmailDomain.Because("At %q anybody gets an address; it cannot be the domain of an organization.", name)
	}
	return nil
}

// maxDomain is the length of the longest domain, in bytes.
const maxDomain = 253

// publicMail are domains of which anybody gets an address, by what their providers offer at their registration pages in 2026: those of
// the largest. Nobody could prove that one is theirs; they are told at once.
var publicMail = setOf(
	"126.com", "163.com", "aol.com", "fastmail.com", "free.fr", "gmail.com", "gmx.at", "gmx.ch", "gmx.com", "gmx.de", "gmx.net", "googlemail.com",
	"hotmail.com", "icloud.com", "laposte.net", "libero.it", "live.com", "mac.com", "mail.com", "mail.ru", "me.com", "msn.com", "naver.com", "orange.fr",
	"outlook.com", "proton.me", "protonmail.com", "qq.com", "t-online.de", "tutanota.com", "web.de", "wp.pl", "yahoo.co.jp", "yahoo.co.uk", "yahoo.com",
	"yandex.com", "yandex.ru", "ymail.com", "zoho.com",
)

func setOf(names ...events.EmailDomain) map[events.EmailDomain]bool {
	set := make(map[events.EmailDomain]bool, len(names))
	for _, name := range names {
		set[name] = true
	}
	return set
}
