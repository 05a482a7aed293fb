// Package sending_test holds what becomes of mails between a command and a mail server.
package sending_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/api"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/apirequest"
	"github.com/seed-2026d078/roster/internal/apitest"
	"github.com/seed-2026d078/roster/internal/mail"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
	"github.com/seed-2026d078/roster/migrations"
	"github.com/seed-2026d078/roster/notify"
	"github.com/seed-2026d078/roster/projections"
)

func TestMain(m *testing.M) { pgtest.Main(m, migrations.Up) }

// fixture is a server of Roster, whose mails go to a mail server in this process.
type fixture struct {
	*apitest.Server
	t      *testing.T
	url    string
	mails  *mailServer
	outbox *projections.Outbox
	log    *lines
	sender *mail.Sender
}

// lines are what is logged.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// quiet is a fixture whose events lead to mails that nobody sends yet.
func quiet(t *testing.T) *fixture {
	t.Helper()
	url := pgtest.New(t)
	f := &fixture{Server: apitest.StartOn(t, url), t: t, url: url, mails: startMailServer(t, "127.0.0.1:0", nil, false), log: new(lines)}
	f.outbox = f.Config.Database.Outbox()
	require.NoError(t, f.outbox.Begin(t.Context(), f.Config.Ledger))
	background(t, func(ctx context.Context) error { return notify.Run(ctx, f.Desk.Follower(), f.outbox, f.logger()) })
	f.sender = f.newSender(f.mails.address)
	return f
}

// start is a fixture that sends mails.
func start(t *testing.T) *fixture {
	t.Helper()
	f := quiet(t)
	background(t, f.sender.Run)
	return f
}

func (f *fixture) logger() *slog.Logger { return slog.New(slog.NewTextHandler(f.log, nil)) }

// newSender returns what sends mails to a mail server, and tries again at once.
func (f *fixture) newSender(address string) *mail.Sender {
	f.t.Helper()
	server, err := mail.ParseSMTP("smtp://"+address, "", false)
	require.NoError(f.t, err)
	return f.senderTo(server)
}

func (f *fixture) senderTo(transport mail.Transport) *mail.Sender {
	f.t.Helper()
	templates, err := mail.ParseTemplates(nil, "en")
	require.NoError(f.t, err)
	sender, err := mail.NewSender(mail.Config{
		Desk: f.Desk, Keyring: f.Config.Keyring, Outbox: f.outbox, Transport: transport, Templates: templates,
		From: "Acme <no-reply@example.com>", PublicURL: "https://app.example.com/", UnsubscribeURL: f.URL + "/v1/unsubscribe/", Pause: 10 * time.Millisecond, Log: f.logger(),
	})
	require.NoError(f.t, err)
	return sender
}

// background runs something until the test ends, or until it is stopped.
func background(t *testing.T, run func(context.Context) error) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		assert.NoError(t, <-done)
	})
	t.Cleanup(stop)
	return stop
}

// organization creates an organization whose owner is ada.
func (f *fixture) organization(id string) apirequest.Actor {
	f.t.Helper()
	f.As("ada").May("POST /v1/organizations", map[string]any{"id": id, "name": "The " + id})
	ada := f.As("ada").Below("/v1/organizations/" + id)
	ada.May("PATCH /members/ada/profile", map[string]any{"name": "Ada Lovelace"})
	return ada
}

// invite invites an address and returns the invite and its token.
func invite(by apirequest.Actor, email string) (id, token string) {
	sent := by.May("POST /invites", map[string]any{"email": email})
	return sent.Text("id"), sent.Text("token")
}

// settled waits until no mail waits, and returns how many are dead letters.
func (f *fixture) settled() int {
	f.t.Helper()
	var dead int
	require.NoError(f.t, f.outbox.Wait(f.t.Context(), f.Desk.View().Position))
	require.Eventually(f.t, func() bool {
		waiting, n, err := f.outbox.Count(f.t.Context())
		dead = n
		return assert.NoError(f.t, err) && waiting == 0
	}, time.Minute, 5*time.Millisecond, "mails that wait")
	return dead
}

// rows are all columns of the outbox, as text.
func (f *fixture) rows() string {
	f.t.Helper()
	conn, err := pgx.Connect(context.WithoutCancel(f.t.Context()), f.url)
	require.NoError(f.t, err)
	defer conn.Close(context.WithoutCancel(f.t.Context()))
	var all string
	require.NoError(f.t, conn.QueryRow(context.WithoutCancel(f.t.Context()), `SELECT coalesce(string_agg(m::text, E'\n'), '') FROM roster_outbox.mail m`).Scan(&all))
	return all
}

func TestInvitationIsMailed(t *testing.T) {
	t.Parallel()
	f := start(t)
	ada := f.organization("acme")
	_, token := invite(ada, "eve@example.org")
	m := f.mails.wait(t, 1)[0]
	assert.Equal(t, "no-reply@example.com", m.from)
	assert.Equal(t, "eve@example.org", m.to)
	assert.Equal(t, "Ada Lovelace invites you to The acme", m.subject(t))
	assert.Equal(t, `"Acme" <no-reply@example.com>`, m.header.Get("From"))
	assert.Equal(t, "<eve@example.org>", m.header.Get("To"))
	assert.Regexp(t, `^<[0-9a-f]{32}@example\.com>$`, m.messageID)
	assert.Equal(t, "auto-generated", m.header.Get("Auto-Submitted"))
	assert.Equal(t, "en", m.header.Get("Content-Language"))
	assert.Empty(t, m.header.Get("List-Unsubscribe"), "strangers are on no list")
	link := "https://app.example.com/invite#" + token
	assert.Contains(t, m.text, link)
	assert.Contains(t, m.html, `href="`+link+`"`)
	assert.Equal(t, 1, strings.Count(m.text, token))
	f.settled()
	f.As("").May("POST /v1/invites/view", map[string]any{"token": token}).Has("status", "pending")
}

// TestFaultsOfAMailServer has a server do what servers do.
func TestFaultsOfAMailServer(t *testing.T) {
	t.Parallel()
	later := &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "eve@example.org is greylisted"}
	never := &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "<eve@example.org> is unknown here"}
	for _, tc := range []struct {
		name string
		// step is where the server answers err, so many times.
		step  string
		err   error
		times int
		// taken is how often the server takes the mail, dead how many dead letters there are.
		taken, dead int
		reason      string
	}{
		{name: "well", taken: 1},
		{name: "greylists", step: "rcpt", err: later, times: 2, taken: 1},
		{name: "refuses the sender for now", step: "mail", err: later, times: 1, taken: 1},
		{name: "refuses the text for now", step: "data", err: later, times: 2, taken: 1},
		{name: "refuses the recipient for good", step: "rcpt", err: never, times: 1, dead: 1, reason: "the mail server answered 550 5.1.1 to RCPT TO"},
		{name: "refuses the text for good", step: "data", err: never, times: 1, dead: 1, reason: "the mail server answered 550 5.1.1 to the end of the text"},
		{name: "does not let this sender in, which is not about the mail", step: "mail", err: never, times: 1, taken: 1},
		{name: "drops the connection before the recipient", step: "rcpt", err: errDrop, times: 1, taken: 1},
		{name: "drops the connection in the middle of the text", step: "data", err: errDrop, times: 2, taken: 1},
		{name: "drops the connection after the text", step: "taken", err: errDrop, times: 1, taken: 2},
		{name: "refuses again and again", step: "rcpt", err: later, times: mail.MaxTries, dead: 1, reason: "the mail server answered 451 4.7.1 to RCPT TO"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := start(t)
			var mu sync.Mutex
			left := tc.times
			f.mails.answer(func(step, _ string) error {
				mu.Lock()
				defer mu.Unlock()
				if step != tc.step || left == 0 {
					return nil
				}
				left--
				return tc.err
			})
			ada := f.organization("acme")
			_, token := invite(ada, "eve@example.org")
			if tc.taken > 0 {
				f.mails.wait(t, tc.taken)
			}
			assert.Equal(t, tc.dead, f.settled())
			mails := f.mails.mails()
			require.Len(t, mails, tc.taken)
			for _, m := range mails {
				assert.Equal(t, mails[0].messageID, m.messageID, "the same mail")
				assert.Contains(t, m.text, token)
			}
			dead := f.As("").Sees("/v1/mail/dead-letters")
			if tc.dead == 0 {
				dead.Has("items", []any{})
				return
			}
			dead.Has("items.0.error", tc.reason)
			assert.NotContains(t, dead.Body+f.rows()+f.log.String(), "eve@", "the words of a server are kept nowhere")

			// Tried again, it is taken.
			f.As("").May("POST /v1/mail/dead-letters/retry", map[string]any{}).Has("retrying", 1)
			assert.Equal(t, 0, f.settled())
			assert.Len(t, f.mails.mails(), 1)
		})
	}
}

// TestServerIsAway has no server there at first. Meanwhile other mails come.
func TestServerIsAway(t *testing.T) {
	t.Parallel()
	f := quiet(t)
	away := startMailServer(t, "127.0.0.1:0", nil, false)
	sender := f.newSender("127.0.0.1:1") // nothing listens there
	stop := background(t, sender.Run)
	ada := f.organization("acme")
	invite(ada, "eve@example.org")
	require.Eventually(t, func() bool { return sender.Counts().Failed > 0 }, time.Minute, 5*time.Millisecond)
	invite(ada, "finn@example.org")
	stop()
	assert.Contains(t, f.rows(), "the mail server cannot be reached, or lets nobody in")
	background(t, f.newSender(away.address).Run)
	away.wait(t, 2)
	assert.Equal(t, 0, f.settled())
}

// TestSlowServer takes long to answer: the sender ends nevertheless when it is to, and the mail is sent by the next one.
func TestSlowServer(t *testing.T) {
	t.Parallel()
	f := quiet(t)
	asked, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	f.mails.answer(func(step, _ string) error {
		if step == "rcpt" {
			once.Do(func() {
				close(asked)
				<-release
			})
		}
		return nil
	})
	stop := background(t, f.sender.Run)
	invite(f.organization("acme"), "eve@example.org")
	<-asked
	stop()
	close(release)
	background(t, f.newSender(f.mails.address).Run)
	f.mails.wait(t, 1)
	assert.Equal(t, 0, f.settled())
	assert.Contains(t, f.rows(), "sent,", "a try that was interrupted does not count")
}

// TestCrashBetweenCommitAndMail has a node end without a word after it has taken a mail to send, and before that after the commit.
func TestCrashBetweenCommitAndMail(t *testing.T) {
	t.Parallel()
	f := quiet(t)
	_, token := invite(f.organization("acme"), "eve@example.org")
	require.NoError(t, f.outbox.Wait(t.Context(), f.Desk.View().Position))
	_, claimed, err := f.outbox.Claim(t.Context(), "", 300*time.Millisecond) // by the node that crashes
	require.NoError(t, err)
	require.True(t, claimed)
	_, again, err := f.outbox.Claim(t.Context(), "", time.Minute)
	require.NoError(t, err)
	require.False(t, again, "nobody else sends it meanwhile")
	background(t, f.sender.Run)
	assert.Contains(t, f.mails.wait(t, 1)[0].text, token)
	f.settled()
	assert.Len(t, f.mails.mails(), 1)
}

// TestSeveralNodes has two senders, and two followers, on one outbox.
func TestSeveralNodes(t *testing.T) {
	t.Parallel()
	f := start(t)
	background(t, f.newSender(f.mails.address).Run)
	background(t, func(ctx context.Context) error { return notify.Run(ctx, f.Desk.Follower(), f.outbox, f.logger()) })
	var emails []string
	for i := range 60 {
		emails = append(emails, fmt.Sprintf("p%d@example.org", i))
	}
	ada := f.organization("acme")
	for _, email := range emails {
		invite(ada, email)
	}
	f.mails.wait(t, len(emails))
	f.settled()
	var to []string
	for _, m := range f.mails.mails() {
		to = append(to, m.to)
	}
	assert.ElementsMatch(t, emails, to, "each once")
}

// TestWhatIsNoLongerSo has an invite end before its mail is sent.
func TestWhatIsNoLongerSo(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		then   func(ada, eve apirequest.Actor, id, token string)
		mails  int
		reason string
	}{
		{"revoked", func(ada, _ apirequest.Actor, id, _ string) { ada.May("DELETE /invites/" + id) }, 0, "the invite was revoked meanwhile"},
		{"accepted", func(_, eve apirequest.Actor, _, token string) {
			eve.May("POST /v1/invites/accept", map[string]any{"token": token, "verified_emails": []string{"eve@example.org"}})
		}, 0, "the invite was accepted meanwhile"},
		{"declined", func(_, eve apirequest.Actor, _, token string) {
			eve.May("POST /v1/invites/decline", map[string]any{"token": token})
		}, 0, "the invite was declined meanwhile"},
		{"sent again: the new one alone is mailed", func(ada, _ apirequest.Actor, id, _ string) { ada.May("POST /invites/"+id+"/resend", map[string]any{}) }, 1, "the invite was sent again, or changed again, meanwhile"},
		{"the organization is deleted", func(ada, _ apirequest.Actor, _, _ string) { ada.May("DELETE ") }, 0, "the organization is gone"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := quiet(t)
			ada := f.organization("acme")
			id, token := invite(ada, "eve@example.org")
			tc.then(ada, f.As("eve"), id, token)
			require.NoError(t, f.outbox.Wait(t.Context(), f.Desk.View().Position))
			background(t, f.sender.Run)
			assert.Equal(t, 0, f.settled())
			mails := f.mails.mails()
			assert.Len(t, mails, tc.mails)
			for _, m := range mails {
				assert.NotContains(t, m.text, token)
			}
			assert.Contains(t, f.rows(), tc.reason)
		})
	}
}

// TestOldLedger has events from before mail was switched on, and from long ago.
func TestOldLedger(t *testing.T) {
	t.Parallel()
	url := pgtest.New(t)
	f := &fixture{Server: apitest.StartOn(t, url), t: t, url: url, mails: startMailServer(t, "127.0.0.1:0", nil, false), log: new(lines)}
	f.outbox = f.Config.Database.Outbox()
	ada := f.organization("acme")
	invite(ada, "before@example.org")
	for range 2 { // as at every start
		require.NoError(t, f.outbox.Begin(t.Context(), f.Config.Ledger))
	}
	invite(ada, "first@example.org")
	background(t, func(ctx context.Context) error { return notify.Run(ctx, f.Desk.Follower(), f.outbox, f.logger()) })
	background(t, f.newSender(f.mails.address).Run)
	f.mails.wait(t, 1)
	f.settled()
	assert.Equal(t, "first@example.org", f.mails.mails()[0].to)

	// What happened long ago, while mail was switched off say, is not mailed any more.
	late := domain.Notice{ID: "late", Kind: events.NoticeOfInvitation, Organization: "acme", Invite: "x", Origin: events.Origin{At: time.Now().AddDate(0, 0, -4)}}
	require.NoError(t, f.outbox.Deliver(t.Context(), events.Checkpoint{Position: f.Desk.View().Position}, []domain.Notice{late}))
	assert.NotContains(t, f.rows(), "late")
}

// TestSecretsAreNowhere looks for tokens and addresses wherever they must not be.
func TestSecretsAreNowhere(t *testing.T) {
	t.Parallel()
	f := start(t)
	f.mails.answer(func(step, to string) error {
		if step == "rcpt" && to == "gone@example.org" {
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no gone@example.org"}
		}
		return nil
	})
	h := f.Configured(func(c *api.Config) { c.Mail = f.sender })
	ada := f.organization("acme")
	_, one := invite(ada, "eve@example.org")
	_, two := invite(ada, "gone@example.org")
	f.mails.wait(t, 1)
	assert.Equal(t, 1, f.settled())
	metrics := text(t, h, "/metrics")
	assert.Contains(t, metrics, `roster_mails_total{outcome="sent"} 1`)
	assert.Contains(t, metrics, `roster_mails_total{outcome="dead"} 1`)
	assert.Contains(t, metrics, "roster_mail_dead_letters 1")
	assert.Contains(t, metrics, "roster_mail_failures_total 1")
	places := f.log.String() + f.rows() + metrics + f.As("").Sees("/v1/mail/dead-letters").Body + f.As("").Sees("/v1/organizations/acme/events").Body
	for _, secret := range []string{one, two, "eve@", "gone@", "Lovelace"} {
		assert.NotContains(t, strings.ReplaceAll(places, "Ada Lovelace", ""), secret)
	}
}

func text(t *testing.T, h *apitest.Server, path string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.URL+path, http.NoBody)
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+h.Key)
	answer, err := h.Client.Do(r)
	require.NoError(t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return string(body)
}

var tokens = regexp.MustCompile(`#(roster_\S+)`)

// TestEachOnce gives commands at random while mails are sent. Each mail comes once, and whoever can accept an invite has the
// mail with its token.
func TestEachOnce(t *testing.T) {
	t.Parallel()
	f := start(t)
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		org := fmt.Sprint("org", n)
		ada := f.organization(org)
		open := map[string]string{} // tokens by invite
		sent := 0
		before := len(f.mails.mails())
		for i := range rapid.IntRange(1, 8).Draw(r, "commands") {
			var ids []string
			for id := range open {
				ids = append(ids, id)
			}
			what := rapid.SampledFrom([]string{"send", "resend", "revoke"}).Draw(r, "command")
			switch {
			case what == "send" || len(ids) == 0:
				id, token := invite(ada, fmt.Sprintf("p%d@%s.example.org", i, org))
				open[id] = token
				sent++
			case what == "resend":
				open[ids[0]] = ada.May("POST /invites/"+ids[0]+"/resend", map[string]any{}).Text("token")
				sent++
			default:
				ada.May("DELETE /invites/" + ids[0])
				delete(open, ids[0])
			}
		}
		f.settled()
		mails := f.mails.mails()[before:]
		assert.LessOrEqual(t, len(mails), sent)
		came := map[string]int{}
		ids := map[string]bool{}
		for _, m := range mails {
			came[tokens.FindStringSubmatch(m.text)[1]]++
			ids[m.messageID] = true
		}
		assert.Len(t, ids, len(mails), "each mail once")
		for _, token := range open {
			assert.Equal(t, 1, came[token], "whoever can accept has the mail")
		}
	})
}

func TestDeadLettersAreOfTheSystem(t *testing.T) {
	t.Parallel()
	f := quiet(t)
	f.organization("acme")
	for _, what := range []string{"GET /v1/mail", "GET /v1/mail/dead-letters", "DELETE /v1/mail/dead-letters", "DELETE /v1/mail/dead-letters/x"} {
		f.As("ada").MayNot(what, "system_only")
	}
	f.As("ada").MayNot("POST /v1/mail/dead-letters/retry", "system_only", map[string]any{})
	f.As("").MayNot("DELETE /v1/mail/dead-letters/x", "no_dead_mail")
	f.As("").May("DELETE /v1/mail/dead-letters").Has("dropped", 0)
	f.As("").Sees("/v1/mail").Has("sending", false).Has("waiting", 0).Has("dead_letters", 0)
}
