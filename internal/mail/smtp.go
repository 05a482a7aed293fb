package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// Transport takes mails.
type Transport interface {
	// session returns what sends mails one after the other.
	session() session
}

// session sends mails one after the other.
type session interface {
	// send returns when a mail was taken, or fails with a [failure].
	send(ctx context.Context, m *message) error
	// close ends a connection if there is one. The next mail makes another one.
	close()
}

// failure is why a mail was not taken. It says nothing about the person.
type failure struct {
	reason string
	// permanent says that the server refused this mail for good.
	permanent bool
	// unreachable says that the server takes no mail at all at the moment, or not from here.
	unreachable error
}

func (f *failure) Error() string { return f.reason }

// SMTP is a mail server that takes mails for everybody.
type SMTP struct {
	host    string
	tls     *tls.Config
	implied bool // TLS from the beginning
	options []gomail.Option
}

// sendTimeout is how long a mail server may take for one mail, and to let in.
const sendTimeout = time.Minute

// ParseSMTP reads the address of a mail server, such as smtp://user@mail.example.org:587, or smtps:// for TLS from the beginning. The
// password is given apart. STARTTLS is required with smtp://, unless the server is on this machine, or withoutTLS says that there is none:
// whoever is on the way can then read the mails and the password.
func ParseSMTP(address, password string, withoutTLS bool) (*SMTP, error) {
	const form = "the address of the mail server is written as in smtp://user@mail.example.org:587, or smtps:// for TLS from the beginning"
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New(form) // the error would repeat a password
	}
	name := u.User.Username()
	port := u.Port()
	if _, secret := u.User.Password(); secret {
		return nil, errors.New("the address of the mail server holds a password, which everybody on this machine could see: " +
			"put it into ROSTER_SMTP_PASSWORD, or into a file that --smtp-password-file names")
	}
	s := &SMTP{host: u.Hostname(), implied: u.Scheme == "smtps"}
	switch {
	case u.Scheme != "smtp" && !s.implied, s.host == "", u.Path != "" && u.Path != "/", u.RawQuery != "", u.Fragment != "":
		return nil, errors.New(form)
	case name == "" && password != "":
		return nil, errors.New("there is a password for the mail server, and nobody whose it is: name the user, as in smtp://user@mail.example.org")
	case name != "" && password == "":
		return nil, errors.New("the mail server has a user and no password: put it into ROSTER_SMTP_PASSWORD, or into a file that --smtp-password-file names")
	case s.implied && withoutTLS:
		return nil, errors.New("smtps:// is TLS from the beginning: write smtp:// for none")
	case port == "" && s.implied:
		port = "465"
	case port == "":
		port = "587"
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, errors.New(form)
	}
	s.tls = &tls.Config{ServerName: s.host, MinVersion: tls.VersionTLS12}
	logins := []gomail.SMTPAuthType{gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthSCRAMSHA1, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin}
	policy := gomail.TLSMandatory
	switch {
	case s.implied:
		policy = gomail.NoTLS // it is there already
	case withoutTLS || isLoopback(s.host):
		policy = gomail.NoTLS
		logins = []gomail.SMTPAuthType{gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthSCRAMSHA1, gomail.SMTPAuthPlainNoEnc, gomail.SMTPAuthLoginNoEnc}
	}
	s.options = []gomail.Option{gomail.WithPort(number), gomail.WithTimeout(sendTimeout), gomail.WithTLSConfig(s.tls), gomail.WithTLSPolicy(policy)}
	if name != "" {
		s.options = append(s.options, gomail.WithOpportunisticSMTPAuth(logins...), gomail.WithUsername(name), gomail.WithPassword(password))
	}
	_, err = gomail.NewClient(s.host, s.options...)
	return s, err
}

// Trust has the server show a certificate of these authorities, instead of those that the machine trusts. Call it before anything is sent.
func (s *SMTP) Trust(roots *x509.CertPool) { s.tls.RootCAs = roots }

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (s *SMTP) session() session { return &smtpSession{server: s} }

// smtpSession sends mails over one connection, which it makes for the first of them.
type smtpSession struct {
	server *SMTP
	client *gomail.Client
	smtp   *smtp.Client // nil if there is no connection
	conn   net.Conn     // that of smtp
}

func (s *smtpSession) send(ctx context.Context, m *message) error {
	limited, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	if s.smtp != nil && s.smtp.Noop() != nil {
		s.close() // the server has ended it meanwhile
	}
	if s.smtp == nil {
		if err := s.connect(limited); err != nil {
			return &failure{reason: "the mail server cannot be reached, or lets nobody in", unreachable: err}
		}
	}
	conn := s.conn
	stop := context.AfterFunc(limited, func() { _ = conn.Close() })
	defer stop()
	err := s.client.SendWithSMTPClient(s.smtp, m.Msg)
	if err == nil {
		return nil
	}
	s.close()
	if m.IsDelivered() {
		return nil // what failed came after it
	}
	return failureOf(err)
}

// connect makes a connection, and logs in.
func (s *smtpSession) connect(ctx context.Context) (err error) {
	stop := func() bool { return true }
	defer func() { stop() }()
	dial := func(dialing context.Context, network, address string) (conn net.Conn, err error) {
		if s.server.implied {
			conn, err = (&tls.Dialer{Config: s.server.tls}).DialContext(dialing, network, address)
		} else {
			conn, err = new(net.Dialer).DialContext(dialing, network, address)
		}
		if err == nil {
			s.conn = conn
			stop = context.AfterFunc(ctx, func() { _ = conn.Close() })
		}
		return conn, err
	}
	if s.client, err = gomail.NewClient(s.server.host, append(slices.Clone(s.server.options), gomail.WithDialContextFunc(dial))...); err != nil {
		return err
	}
	if s.smtp, err = s.client.DialToSMTPClientWithContext(ctx); err != nil {
		s.close()
	}
	return err
}

func (s *smtpSession) close() {
	if s.conn != nil {
		_ = s.conn.Close()
	}
	s.smtp, s.conn = nil, nil
}

// commands are where a mail can be refused.
var commands = map[gomail.SendErrReason]string{
	gomail.ErrSMTPMailFrom: "MAIL FROM", gomail.ErrSMTPRcptTo: "RCPT TO", gomail.ErrSMTPData: "DATA",
	gomail.ErrWriteContent: "the text", gomail.ErrSMTPDataClose: "the end of the text",
}

// failureOf says why a server did not take a mail, with its codes and without its words. What it refuses for good before it hears of
// the recipient is about this server, not about the mail.
func failureOf(err error) *failure {
	refused, is := errors.AsType[*gomail.SendError](err)
	command := "a mail"
	if is && commands[refused.Reason] != "" {
		command = commands[refused.Reason]
	}
	if !is || refused.ErrorCode() == 0 {
		return &failure{reason: "the connection broke at " + command}
	}
	code := refused.ErrorCode()
	f := &failure{reason: fmt.Sprintf("the mail server answered %d to %s", code, command)}
	if enhanced := refused.EnhancedStatusCode(); enhanced != "" {
		f.reason = fmt.Sprintf("the mail server answered %d %s to %s", code, enhanced, command)
	}
	switch {
	case refused.Reason == gomail.ErrSMTPMailFrom:
		f.unreachable = errors.New(f.reason)
	case code >= 500: // for good, as RFC 5321 has it
		f.permanent = true
	}
	return f
}
