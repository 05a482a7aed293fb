package sending_test

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// mailServer is a mail server in this process. It takes every mail unless it is told otherwise.
type mailServer struct {
	address string

	mu    sync.Mutex
	taken []taken
	// refuse says what is answered at a step of a mail: mail, rcpt, data, taken, which comes after the text. Nil takes it.
	refuse func(step, to string) error
	logins []string
}

// errDrop is what a server answers that breaks the connection.
var errDrop = errors.New("the connection breaks")

// taken is a mail that a server has taken.
type taken struct {
	from, to  string
	tls       bool
	header    mail.Header
	text      string
	html      string
	messageID string
	whole     string
}

// startMailServer starts a server on an address of this machine, with TLS as the configuration says; nil has none.
func startMailServer(t *testing.T, address string, config *tls.Config, implied bool) *mailServer {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", address)
	require.NoError(t, err)
	s := &mailServer{address: listener.Addr().String()}
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &serverSession{server: s, conn: c}, nil }))
	server.Domain, server.TLSConfig, server.AllowInsecureAuth = "localhost", config, true
	server.ReadTimeout, server.WriteTimeout = time.Minute, time.Minute
	server.ErrorLog = discard{}
	if implied {
		listener = tls.NewListener(listener, config)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener)
	}()
	t.Cleanup(func() {
		_ = server.Close()
		<-done
	})
	return s
}

type discard struct{}

func (discard) Printf(string, ...any) {}
func (discard) Println(...any)        {}

// answer tells the server what to answer at a step.
func (s *mailServer) answer(refuse func(step, to string) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = refuse
}

func (s *mailServer) at(step, to string) error {
	s.mu.Lock()
	refuse := s.refuse
	s.mu.Unlock()
	if refuse == nil {
		return nil
	}
	return refuse(step, to)
}

// mails are those that were taken, oldest first.
func (s *mailServer) mails() []taken {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]taken{}, s.taken...)
}

// wait returns the mails once there are so many.
func (s *mailServer) wait(t *testing.T, n int) []taken {
	t.Helper()
	require.Eventually(t, func() bool { return len(s.mails()) >= n }, time.Minute, 5*time.Millisecond, "%d mails", n)
	return s.mails()
}

type serverSession struct {
	server   *mailServer
	conn     *smtp.Conn
	from, to string
}

func (s *serverSession) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *serverSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, username, password string) error {
		s.server.mu.Lock()
		defer s.server.mu.Unlock()
		s.server.logins = append(s.server.logins, username+" "+password)
		if password != "right" {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "no"}
		}
		return nil
	}), nil
}

func (s *serverSession) step(step string) error {
	err := s.server.at(step, s.to)
	if errors.Is(err, errDrop) {
		_ = s.conn.Conn().Close()
	}
	return err
}

func (s *serverSession) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return s.step("mail")
}

func (s *serverSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	return s.step("rcpt")
}

func (s *serverSession) Data(r io.Reader) error {
	if err := s.step("data"); err != nil {
		return err
	}
	whole, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m, err := readMail(whole)
	if err != nil {
		return err
	}
	m.from, m.to = s.from, s.to
	_, m.tls = s.conn.TLSConnectionState()
	s.server.mu.Lock()
	s.server.taken = append(s.server.taken, m)
	s.server.mu.Unlock()
	return s.step("taken")
}

func (s *serverSession) Reset()        { s.from, s.to = "", "" }
func (s *serverSession) Logout() error { return nil }

// readMail takes a mail apart.
func readMail(whole []byte) (taken, error) {
	m, err := mail.ReadMessage(bytes.NewReader(whole))
	if err != nil {
		return taken{}, err
	}
	found := taken{header: m.Header, messageID: m.Header.Get("Message-ID"), whole: string(whole)}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		return taken{}, err
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return found, nil
		}
		if err != nil {
			return found, err
		}
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			return found, err
		}
		said := strings.ReplaceAll(string(text), "\r\n", "\n")
		if strings.HasPrefix(part.Header.Get("Content-Type"), "text/html") {
			found.html = said
		} else {
			found.text = said
		}
	}
}

// subject is the subject in clear.
func (m taken) subject(t *testing.T) string {
	t.Helper()
	text, err := new(mime.WordDecoder).DecodeHeader(m.header.Get("Subject"))
	assert.NoError(t, err)
	return text
}
