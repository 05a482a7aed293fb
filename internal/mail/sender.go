package mail

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/mail"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/projections"
)

const (
	// atOnce is how many mails are sent at a time.
	atOnce = 4
	// lease is for how long nobody else sends a mail that was claimed: longer than writing and sending it can take.
	lease = 3 * time.Minute
	// lookEvery is how often due mails are looked for if no event leads to one, such as those that are tried again.
	lookEvery = time.Second
	// keptFor is for how long it is known what became of a mail.
	keptFor = 90 * 24 * time.Hour
	// pruneEvery is how often those that are older are deleted.
	pruneEvery = time.Hour
	// settleTimeout is how long it may take to claim a mail, or to note what became of it.
	settleTimeout = 30 * time.Second
)

const (
	// MaxTries is how often a mail is tried, over about two and a half days: a mail server may be away for a weekend.
	MaxTries = 24
	// firstPause and maxPause are those between the tries of a mail.
	firstPause, maxPause = 30 * time.Second, 4 * time.Hour
	// firstRest and maxRest are how long no mail is sent to a server that cannot be reached.
	firstRest, maxRest = time.Second, time.Minute
)

// Desk has the state that mails are written from.
type Desk = bus.Desk[domain.Roster, domain.Command]

// Config is what a [Sender] needs. All fields but the pause are required.
type Config struct {
	Desk      *Desk
	Keyring   *keyring.Keyring
	Outbox    *projections.Outbox
	Transport Transport
	Templates *Templates
	// From is who the mails are from, such as Acme <no-reply@example.org>.
	From string
	// PublicURL is where people reach the product: links begin with it.
	PublicURL string
	// UnsubscribeURL, with a token behind it, takes the requests of mail programs that switch off mails of a kind; empty: mails have no such link.
	UnsubscribeURL string
	// Pause, unless it is 0, is between the tries of a mail, and between looks for mails and reminders that are due: tests do not wait long.
	Pause time.Duration
	Log   *slog.Logger
}

// Sender sends the mails that are due. Its methods may be called from several goroutines; run one at a time.
type Sender struct {
	Config

	from  *mail.Address
	pause func(tries int) time.Duration
	look  time.Duration // lookEvery

	remindEvery time.Duration
	resting     resting

	sent, failed, dropped, dead atomic.Int64
}

// Settings of a [Config] that lead to no mail.
var (
	// ErrBadSender is about an address that mails cannot be from.
	ErrBadSender = errors.New("the sender of mails is an address such as no-reply@example.org, or Acme <no-reply@example.org>")
	// ErrBadPublicURL is about a URL to which links cannot lead.
	ErrBadPublicURL = errors.New("the public URL is where people reach your product, such as https://app.example.org")
)

// ValidateSender fails with [ErrBadSender] if mails cannot be from an address.
func ValidateSender(address string) error {
	if _, err := mail.ParseAddress(address); err != nil {
		return ErrBadSender
	}
	return nil
}

// ValidatePublicURL fails with [ErrBadPublicURL] if links cannot lead to a URL: it has a scheme, http or https, and a host, and neither a query nor a login.
func ValidatePublicURL(text string) error {
	base, err := url.Parse(text)
	if err != nil || base.Scheme != "https" && base.Scheme != "http" || base.Host == "" || base.RawQuery != "" || base.Fragment != "" || base.User != nil {
		return ErrBadPublicURL
	}
	return nil
}

// NewSender fails if nobody can be sent mails from, or if links cannot lead to a URL.
func NewSender(c Config) (*Sender, error) {
	from, err := mail.ParseAddress(c.From)
	if err != nil {
		return nil, ErrBadSender
	}
	if err := ValidatePublicURL(c.PublicURL); err != nil {
		return nil, err
	}
	c.PublicURL = strings.TrimRight(c.PublicURL, "/")
	s := &Sender{Config: c, from: from, pause: pauseAfter, look: lookEvery, remindEvery: remindEvery}
	if c.Pause != 0 {
		s.pause = func(int) time.Duration { return c.Pause }
		s.look, s.remindEvery = c.Pause, c.Pause
	}
	return s, nil
}

// pauseAfter returns the pause after so many tries.
func pauseAfter(tries int) time.Duration {
	pause := maxPause
	if doublings := tries - 1; doublings < 16 {
		pause = min(firstPause<<doublings, maxPause)
	}
	return jitter(pause)
}

// jitter changes a pause by up to a quarter, so that what failed together does not come again together.
func jitter(pause time.Duration) time.Duration {
	return pause*3/4 + rand.N(pause/2) //nolint:gosec // no secret
}

// Counts are how many mails were sent, and dropped since what they said was no longer so; how many tries failed, and how many mails became dead letters,
// since the process began.
type Counts struct{ Sent, Dropped, Failed, Dead int64 }

// Counts returns what this sender has done.
func (s *Sender) Counts() Counts {
	return Counts{s.sent.Load(), s.dropped.Load(), s.failed.Load(), s.dead.Load()}
}

// Run sends what is due until the context ends, which returns nil. While the database cannot be reached, it tries again.
func (s *Sender) Run(ctx context.Context) error {
	free := make(chan session, atOnce)
	for range atOnce {
		free <- s.Transport.session()
	}
	var sending sync.WaitGroup
	defer func() {
		sending.Wait()
		for range atOnce {
			(<-free).close()
		}
	}()
	var turn events.OrganizationID
	var pruned time.Time
	for {
		if time.Since(pruned) > pruneEvery {
			if err := s.Outbox.Prune(ctx, keptFor); err == nil {
				pruned = time.Now()
			}
		}
		var with session
		select {
		case with = <-free:
		case <-ctx.Done():
			return nil
		}
		at := s.Outbox.Position()
		m, found, err := s.claim(ctx, turn)
		if err != nil && ctx.Err() == nil {
			s.Log.WarnContext(ctx, "it is not known which mails are due, trying again", "error", err)
		}
		if !found {
			with.close() // a server must not wait for mails that do not come
			free <- with
			s.wait(ctx, at)
			continue
		}
		turn = m.Organization
		sending.Go(func() {
			s.handle(ctx, with, m)
			free <- with
		})
	}
}

// claim takes a mail that is due, unless the server rests. It goes on when the context ends: a claim whose answer is lost would hold the mail
// back for the time of the lease.
func (s *Sender) claim(ctx context.Context, after events.OrganizationID) (projections.Mail, bool, error) {
	if s.resting.now() || ctx.Err() != nil {
		return projections.Mail{}, false, nil
	}
	claiming, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer cancel()
	return s.Outbox.Claim(claiming, after, lease)
}

// wait returns when there may be mails that are due: events after a position led to some, or time has passed.
func (s *Sender) wait(ctx context.Context, at events.Position) {
	limited, cancel := context.WithTimeout(ctx, s.look)
	defer cancel()
	if s.resting.now() || s.Outbox.Wait(limited, at+1) != nil {
		<-limited.Done()
	}
}

// handle sends a mail and notes what became of it.
func (s *Sender) handle(ctx context.Context, with session, m projections.Mail) {
	err := s.send(ctx, with, m)
	settling, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer cancel()
	if err := s.settle(settling, ctx.Err() != nil, m, err); err != nil {
		s.Log.WarnContext(ctx, "it is not noted what became of a mail, so that it may be sent again", "mail", m.ID, "kind", m.Kind, "organization", m.Organization, "error", err)
	}
}

// send writes a mail and hands it over.
func (s *Sender) send(ctx context.Context, with session, m projections.Mail) error {
	l, err := s.compose(ctx, m)
	if err != nil {
		return err
	}
	if s.UnsubscribeURL != "" && m.User != "" && !domain.ForOutsiders(m.Kind) {
		l.Unsubscribe = s.UnsubscribeURL + s.Keyring.UnsubscribeToken(keyring.Unsubscription{Kind: m.Kind, Organization: m.Organization, User: m.User})
	}
	words, err := s.Templates.render(l.facts, l.locale, l.organizationLocale)
	if err != nil {
		return &failure{reason: "the templates cannot write it", permanent: true}
	}
	msg, err := newMessage(m.ID, s.from, l.to, words, s.Desk.Clock().Now())
	if err != nil {
		return err
	}
	if l.Unsubscribe != "" {
		msg.setUnsubscribe(l.Unsubscribe)
	}
	msg.made, msg.organization, msg.position = m.At, m.Organization, l.position
	return with.send(ctx, msg)
}

// settle notes what became of a mail: with no error, it was sent. Interrupted says that this process ends.
func (s *Sender) settle(ctx context.Context, interrupted bool, m projections.Mail, err error) error {
	old, isOld := errors.AsType[*outdatedError](err)
	failed, isFailure := errors.AsType[*failure](err)
	switch {
	case err == nil:
		s.sent.Add(1)
		s.resting.end()
		return s.Outbox.Settle(ctx, m.ID, projections.MailSent, "")
	case isOld:
		s.dropped.Add(1)
		return s.Outbox.Settle(ctx, m.ID, projections.MailDropped, old.reason)
	case interrupted:
		return s.Outbox.Postpone(ctx, m.ID, 0, "")
	case errors.Is(err, errBehind):
		return s.Outbox.Postpone(ctx, m.ID, lookEvery, "")
	}
	s.failed.Add(1)
	reason, why := "its text cannot be read at the moment", err
	if isFailure {
		reason, why = failed.reason, failed.unreachable
	}
	if isFailure && failed.unreachable != nil {
		s.resting.begin()
	}
	if isFailure && failed.permanent || m.Tries >= MaxTries {
		s.dead.Add(1)
		s.Log.WarnContext(ctx, "a mail cannot be sent, and is a dead letter; see `roster mail dead-letters`",
			"mail", m.ID, "kind", m.Kind, "organization", m.Organization, "tries", m.Tries, "reason", reason, "error", why)
		return s.Outbox.Settle(ctx, m.ID, projections.MailDead, reason)
	}
	pause := s.pause(m.Tries)
	s.Log.WarnContext(ctx, "a mail was not sent, trying again", "mail", m.ID, "kind", m.Kind, "organization", m.Organization, "tries", m.Tries, "in", pause.Round(time.Second), "reason", reason, "error", why)
	return s.Outbox.Postpone(ctx, m.ID, pause, reason)
}
