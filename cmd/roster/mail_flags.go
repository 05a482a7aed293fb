package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"strings"

	"github.com/seed-2026d078/roster/api"
	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/internal/mail"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/notify"
	"github.com/seed-2026d078/roster/projections"
)

// mailFlags say how people are sent mail. Without --smtp and --dev, nobody is.
type mailFlags struct {
	SMTP             string `name:"smtp" env:"ROSTER_SMTP" placeholder:"URL" help:"Mail server that takes mails to everybody, as smtp://user@mail.example.org:587, with STARTTLS unless it is on this machine; smtps:// for TLS from the beginning. ROSTER_SMTP_PASSWORD holds the password. Without it nobody is sent mail."`
	SMTPPasswordFile string `name:"smtp-password-file" env:"ROSTER_SMTP_PASSWORD_FILE" type:"path" placeholder:"FILE" help:"File with the password for the mail server, readable by its owner only."`
	SMTPWithoutTLS   bool   `name:"smtp-without-tls" env:"ROSTER_SMTP_WITHOUT_TLS" help:"Send mails, and the password, in the clear. Whoever is on the way can read them."`
	MailFrom         string `env:"ROSTER_MAIL_FROM" placeholder:"ADDRESS" help:"Who mails are from, such as no-reply@example.org, or \"Acme <no-reply@example.org>\"."`
	PublicURL        string `name:"public-url" env:"ROSTER_PUBLIC_URL" placeholder:"URL" help:"Where people reach your product, such as https://app.example.org. The link of an invitation leads to /invite there, with the token behind #, and what switches mails off to /unsubscribe."`
	MailTemplates    string `env:"ROSTER_MAIL_TEMPLATES" type:"existingdir" placeholder:"DIR" help:"Directory with templates that replace those built in, such as layout.html and en.tmpl, or add a language."`
	MailLocale       string `default:"en" env:"ROSTER_MAIL_LOCALE" placeholder:"LOCALE" help:"Language of mails to people whose own is not known: en, de, or one of the templates. By default en."`
	Remind           leads  `default:"7d,1d" env:"ROSTER_REMIND" placeholder:"TIMES" help:"How long before access ends, or an invite expires, people are reminded by mail: up to five times such as 7d,1d or 12h; none for no reminders. By default 7d,1d."`
	Dev              bool   `help:"For development: without --smtp, write each mail to a file in mail/ORG/ below the data directory, instead of sending it."`
}

const smtpPasswordVariable = "ROSTER_SMTP_PASSWORD" //nolint:gosec // the name of it

// Validate fails for settings of mail that lead to none, and for mail that lacks some.
func (f *mailFlags) Validate() error {
	switch {
	case f.SMTP == "" && f.SMTPPasswordFile != "":
		return errors.New("--smtp-password-file is for a mail server: name it with --smtp")
	case f.SMTP == "" && f.SMTPWithoutTLS:
		return errors.New("--smtp-without-tls is about a mail server: name it with --smtp")
	case f.SMTP != "" && f.MailFrom == "":
		return errors.New("--smtp needs an address that mails are from: --mail-from no-reply@example.org")
	case f.SMTP != "" && f.PublicURL == "":
		return errors.New("--smtp needs the address of your product, to which links in mails lead: --public-url https://app.example.org")
	case f.MailFrom != "" && mail.ValidateSender(f.MailFrom) != nil:
		return fmt.Errorf("--mail-from %q: %w", f.MailFrom, mail.ErrBadSender)
	case f.PublicURL != "" && mail.ValidatePublicURL(f.PublicURL) != nil:
		return fmt.Errorf("--public-url %q: %w", f.PublicURL, mail.ErrBadPublicURL)
	}
	return nil
}

// mailing sends mails; nil if nobody is sent any.
type mailing struct {
	*mail.Sender

	follower *bus.Follower[domain.Roster]
	outbox   *projections.Outbox
	// where says where mails go, for people.
	where string
	log   *slog.Logger
}

// mailTransport is where mails go, and how they are written.
type mailTransport struct {
	mail.Transport

	templates *mail.Templates
	where     string
}

// transport returns where mails go, with --dev to files; the zero value if nobody is sent any. It is called before anything is started.
func (f *mailFlags) transport(files *mail.Directory) (t mailTransport, err error) {
	if f.SMTP == "" && !f.Dev {
		return t, nil
	}
	var replaced fs.FS
	if f.MailTemplates != "" {
		replaced = os.DirFS(f.MailTemplates)
	}
	if t.templates, err = mail.ParseTemplates(replaced, f.MailLocale); err != nil {
		return t, fmt.Errorf("the templates of mails: %w", err)
	}
	if f.SMTP == "" {
		t.Transport, t.where = files, "Mails are written to files below "+files.Path()
		return t, nil
	}
	password, err := f.password()
	if err != nil {
		return t, err
	}
	t.Transport, err = mail.ParseSMTP(f.SMTP, password, f.SMTPWithoutTLS)
	return t, err
}

// password returns the password for the mail server; empty for none.
func (f *mailFlags) password() (string, error) {
	text, set := os.LookupEnv(smtpPasswordVariable)
	switch {
	case set && f.SMTPPasswordFile != "":
		return "", fmt.Errorf("--smtp-password-file and %s each have a password: leave one out", smtpPasswordVariable)
	case f.SMTPPasswordFile == "":
		return text, nil
	}
	info, err := os.Stat(f.SMTPPasswordFile)
	if err != nil {
		return "", fmt.Errorf("the password for the mail server: %w", err)
	}
	const others = 0o077
	if mode := info.Mode().Perm(); info.Mode().IsRegular() && mode&others != 0 {
		return "", fmt.Errorf("others can read the password in %s (its mode is %v): make it private (chmod 600 %s)", f.SMTPPasswordFile, mode, f.SMTPPasswordFile)
	}
	content, err := os.ReadFile(f.SMTPPasswordFile)
	return strings.TrimRight(string(content), "\r\n"), err
}

// mailing returns what sends mails, apart from the desk, which is loaded for it, too. An old ledger begins to be mailed about at its end.
func (t mailTransport) mailing(ctx context.Context, ledger *bus.Ledger, database *projections.Database, log *slog.Logger) (*mailing, error) {
	if t.Transport == nil {
		return nil, nil
	}
	m := &mailing{outbox: database.Outbox(), where: t.where, log: log}
	if err := m.outbox.Begin(ctx, ledger); err != nil {
		return nil, err
	}
	var err error
	m.follower, err = follower(ctx, ledger, m.outbox.Checkpoint)
	return m, err
}

// followers are those that the desk loads the ledger for.
func (m *mailing) followers() []*bus.Follower[domain.Roster] {
	if m == nil {
		return nil
	}
	return []*bus.Follower[domain.Roster]{m.follower}
}

// begin makes the sender. Address is that of this server, which stands in for the product where none is named.
func (m *mailing) begin(f *mailFlags, t mailTransport, desk *api.Desk, keys *keyring.Keyring, address string) (err error) {
	if m == nil {
		return nil
	}
	from, public := f.MailFrom, f.PublicURL
	if from == "" {
		from = "Roster <roster@localhost>"
	}
	if public == "" {
		public = address
	}
	unsubscribe := ""
	if f.PublicURL != "" {
		unsubscribe = strings.TrimRight(f.PublicURL, "/") + "/unsubscribe/"
	}
	m.Sender, err = mail.NewSender(mail.Config{
		Desk: desk, Keyring: keys, Outbox: m.outbox, Transport: t.Transport, Templates: t.templates, From: from, PublicURL: public, UnsubscribeURL: unsubscribe, Log: m.log,
	})
	return err
}

// sender returns what sends mails; nil if nobody is sent any.
func (m *mailing) sender() *mail.Sender {
	if m == nil {
		return nil
	}
	return m.Sender
}

// place says where mails go if nobody gets them.
func (m *mailing) place() string {
	if m == nil {
		return ""
	}
	return m.where
}

// follow notes the mails that events lead to, until the context ends.
func (m *mailing) follow(ctx context.Context) error {
	if m == nil {
		return nil
	}
	return notify.Run(ctx, m.follower, m.outbox, m.log)
}

// remind notes the reminders that are due, until the context ends.
func (m *mailing) remind(ctx context.Context, before leads) {
	if m != nil && len(before) > 0 {
		m.Remind(ctx, before)
	}
}

// run sends mails until the context ends.
func (m *mailing) run(ctx context.Context) error {
	if m == nil {
		return nil
	}
	return m.Run(ctx)
}
