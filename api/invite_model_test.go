package api_test

import (
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"testing"
	"time"
	_ "time/tzdata" // the machine of the test is in Berlin

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/clock"
	"github.com/seed-2026d078/roster/clock/clocktest"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/apirequest"
	"github.com/seed-2026d078/roster/internal/apitest"
	"github.com/seed-2026d078/roster/internal/sweeper"
)

// modelledInvite is an invite as it must be.
type modelledInvite struct {
	id, email, role string
	// token is the one that was sent last, dead are those before it.
	token   string
	dead    []string
	expires time.Time
	// closed is how it ended; empty while it is open.
	closed string
	// recorded says that an event has recorded that it expired.
	recorded bool
}

// inviteModel is an organization of the scheme scoped, in which invites hold seats. It says what each request must be answered.
type inviteModel struct {
	t       *rapid.T
	h       *apitest.Server
	m       *clocktest.Machine
	org     string
	seen    *events.Position
	invites []*modelledInvite
	// members are the invites by which they joined.
	members map[string]*modelledInvite
	sent    int
}

// Seats of the organization, ada's own among them, and people, whose address is their name at example.org.
const modelledSeats = 3

var modelledPeople = []string{"eve", "fay", "gus"}

func addressIn(domain, user string) string { return user + "@" + domain }

func (w *inviteModel) as(user string) apirequest.Actor {
	return w.h.Server.As(w.t, user).Seeing(w.seen).Below("/v1/organizations/" + w.org)
}

func (w *inviteModel) now() time.Time { return w.h.Desk.Clock().Now() }

// status is what lists must say of an invite.
func (w *inviteModel) status(i *modelledInvite) string {
	switch {
	case i.closed != "":
		return i.closed
	case i.recorded || !w.now().Before(i.expires):
		return "expired"
	}
	return "pending"
}

func (w *inviteModel) taken() int {
	taken := 1 + len(w.members)
	for _, i := range w.invites {
		if w.status(i) == "pending" {
			taken++
		}
	}
	return taken
}

// open returns the open invite to an address; nil if there is none.
func (w *inviteModel) open(email string) *modelledInvite {
	for _, i := range w.invites {
		if i.email == email && i.closed == "" {
			return i
		}
	}
	return nil
}

func (i *modelledInvite) sendAgain(token string, expires time.Time) {
	i.dead = append(i.dead, i.token)
	i.token, i.expires, i.recorded = token, expires, false
}

// ask makes a request that must be refused with a code, or succeed if that is empty.
func (w *inviteModel) ask(user, what, code string, body o) apirequest.Reply {
	if code != "" {
		return w.as(user).MayNot(what, code, body)
	}
	return w.as(user).May(what, body)
}

// send invites somebody, or sends the open invite to them again with another offer.
func (w *inviteModel) send(t *rapid.T) {
	user, role := rapid.SampledFrom(modelledPeople).Draw(t, "to"), rapid.SampledFrom([]string{"member", "admin"}).Draw(t, "role")
	email := addressIn("example.org", user)
	w.sent++
	body := o{"id": fmt.Sprint("i", w.sent), "email": addressIn("EXAMPLE.org", user), "role": role}
	expires := w.now().Add(7 * day)
	if days := rapid.SampledFrom([]int{0, 1, 28}).Draw(t, "days"); days > 0 { // by the calendar of the sender, over daylight saving
		expires = w.now().In(w.m.Time().Location()).AddDate(0, 0, days)
		body["expires_at"] = expires.Format(time.RFC3339Nano)
	}
	before := w.open(email)
	update := before != nil && rapid.Bool().Draw(t, "update")
	if update {
		delete(body, "id")
		body["if_invited"] = "update"
	}
	code := ""
	switch full := w.taken() >= modelledSeats; {
	case update && w.status(before) == "expired" && full:
		code = "no_free_seat"
	case update:
	case before != nil && w.status(before) == "pending":
		code = "already_invited"
	case w.members[user] != nil:
		code = "address_taken"
	case full:
		code = "no_free_seat"
	}
	reply := w.ask("ada", "POST /invites", code, body)
	switch {
	case code != "":
	case update:
		before.role = role
		before.sendAgain(reply.Text("token"), expires)
	default:
		if before != nil { // it had expired, and makes way
			how := "revoked"
			if before.recorded {
				how = "expired"
			}
			before.closed = how
		}
		w.invites = append(w.invites, &modelledInvite{id: body["id"].(string), email: email, role: role, token: reply.Text("token"), expires: expires})
	}
}

// pick draws one of the invites; false if there is none.
func (w *inviteModel) pick(t *rapid.T) (*modelledInvite, bool) {
	if len(w.invites) == 0 {
		return nil, false
	}
	return rapid.SampledFrom(w.invites).Draw(t, "invite"), true
}

func (w *inviteModel) resend(t *rapid.T) {
	i, is := w.pick(t)
	if !is {
		return
	}
	code := ""
	switch {
	case i.closed != "":
		code = "no_invite"
	case w.status(i) == "expired" && w.taken() >= modelledSeats:
		code = "no_free_seat"
	}
	if reply := w.ask("ada", "POST /invites/"+i.id+"/resend", code, nil); code == "" {
		i.sendAgain(reply.Text("token"), w.now().Add(7*day))
	}
}

func (w *inviteModel) change(t *rapid.T) {
	i, is := w.pick(t)
	if !is {
		return
	}
	role, code := rapid.SampledFrom([]string{"member", "admin"}).Draw(t, "role"), ""
	switch {
	case i.closed != "":
		code = "no_invite"
	case role != i.role && w.status(i) == "expired" && w.taken() >= modelledSeats:
		code = "no_free_seat"
	}
	if reply := w.ask("ada", "PATCH /invites/"+i.id, code, o{"role": role}); code == "" {
		reply.Has("changed", role != i.role)
		i.role = role
	}
}

func (w *inviteModel) revoke(t *rapid.T) {
	if i, is := w.pick(t); is {
		if i.closed != "" {
			w.ask("ada", "DELETE /invites/"+i.id, "no_invite", nil)
			return
		}
		w.ask("ada", "DELETE /invites/"+i.id, "", nil)
		how := "revoked"
		if i.recorded {
			how = "expired"
		}
		i.closed = how
	}
}

// closedCode is how whoever has the last token of a closed invite is refused.
func (i *modelledInvite) closedCode() string {
	if i.closed == "expired" {
		return "invite_expired"
	}
	return "invite_closed"
}

// token draws a token of an invite, and says whether it is the last one that was sent. Each client sends few wrong ones.
func (w *inviteModel) token(t *rapid.T, i *modelledInvite) (o, bool) {
	w.sent++
	body := o{"token": i.token, "client": fmt.Sprint("client ", w.sent)}
	if n := rapid.IntRange(0, len(i.dead)).Draw(t, "token"); n < len(i.dead) {
		body["token"] = i.dead[n]
		return body, false
	}
	return body, true
}

func (w *inviteModel) view(t *rapid.T) {
	i, is := w.pick(t)
	if !is {
		return
	}
	body, live := w.token(t, i)
	switch {
	case !live:
		w.ask("", "POST /v1/invites/view", "no_invite", body)
	case i.closed != "":
		w.ask("", "POST /v1/invites/view", i.closedCode(), body)
	default:
		w.ask("", "POST /v1/invites/view", "", body).Has("status", w.status(i), "bind", "address")
	}
}

// accept takes an invite up: by its token, or by its id with the address alone.
func (w *inviteModel) accept(t *rapid.T) {
	i, is := w.pick(t)
	if !is {
		return
	}
	user, right := rapid.SampledFrom(modelledPeople).Draw(t, "who"), true
	body, what := o{}, "POST /invites/"+i.id+"/accept"
	byToken := rapid.Bool().Draw(t, "by token")
	if byToken {
		what = "POST /v1/invites/accept"
		body, right = w.token(t, i)
	}
	body["verified_emails"] = []string{addressIn("else.example", user), addressIn("Example.ORG", user)}
	own, code := i.email == addressIn("example.org", user), ""
	switch {
	case !right:
		code = "no_invite"
	case i.closed == "accepted" && w.members[user] == i: // again
	case i.closed != "" && byToken:
		code = i.closedCode()
	case i.closed != "":
		code = "no_invite"
	case !own && byToken:
		code = "other_address"
	case !own:
		code = "no_invite"
	case w.status(i) == "expired":
		code = "invite_expired"
	}
	reply := w.ask(user, what, code, body)
	if code == "" {
		reply.Has("changed", i.closed == "")
		i.closed = "accepted"
		w.members[user] = i
	}
}

func (w *inviteModel) decline(t *rapid.T) {
	i, is := w.pick(t)
	if !is {
		return
	}
	body, live := w.token(t, i)
	code := ""
	switch {
	case !live:
		code = "no_invite"
	case i.closed != "" && i.closed != "declined":
		code = i.closedCode()
	}
	if reply := w.ask("", "POST /v1/invites/decline", code, body); code == "" {
		reply.Has("changed", i.closed == "")
		i.closed = "declined"
	}
}

func (w *inviteModel) remove(t *rapid.T) {
	user := rapid.SampledFrom(modelledPeople).Draw(t, "who")
	if w.members[user] != nil {
		w.ask("ada", "DELETE /members/"+user, "", nil)
		delete(w.members, user)
		return
	}
	w.ask("ada", "DELETE /members/"+user, "no_member", nil)
}

// pass lets time pass, over the nights in which the clocks of Berlin change.
func (w *inviteModel) pass(t *rapid.T) {
	w.m.Pass(rapid.SampledFrom([]time.Duration{time.Second, 23 * time.Hour, 25 * time.Hour, 7 * day, 26 * day}).Draw(t, "passed"))
}

// set sets the machine's clock by so little that it is trusted, or so far that no command is decided until it is set right.
func (w *inviteModel) set(t *rapid.T) {
	by := rapid.SampledFrom([]time.Duration{4 * time.Minute, -4 * time.Minute, 400 * day, -400 * day}).Draw(t, "by")
	w.m.Set(by)
	if by.Abs() > clock.DefaultMaxSkew {
		w.as("ada").Ask("POST /invites", o{"email": "new@example.org"}).Refused(http.StatusServiceUnavailable, "clock")
	}
	w.m.Set(-by)
}

// sweep records what has expired.
func (w *inviteModel) sweep(t *rapid.T) {
	require.NoError(t, sweeper.Sweep(t.Context(), w.h.Desk, slog.New(slog.DiscardHandler)))
	for _, i := range w.invites {
		i.recorded = i.recorded || i.closed == "" && w.status(i) == "expired"
	}
}

// check compares the lists, the seats and what somebody may join with the model.
func (w *inviteModel) check(t *rapid.T) {
	want := map[string]string{}
	for _, i := range w.invites {
		want[i.id] = w.status(i)
	}
	got := map[string]string{}
	for _, item := range w.as("ada").Sees("/invites?status=all&limit=200").Part("items").Items() {
		got[item.Text("id")] = item.Text("status")
	}
	require.Equal(t, want, got)
	status := rapid.SampledFrom([]string{"open", "pending", "expired", "accepted", "declined", "revoked"}).Draw(t, "status")
	var of []string
	for _, i := range w.invites {
		if w.status(i) == status || status == "open" && i.closed == "" {
			of = append(of, i.id)
		}
	}
	assert.ElementsMatch(t, of, w.as("ada").Sees("/invites?limit=200&status="+status).Texts("items.id"), status)
	w.as("ada").Sees("").Has("seats.taken", w.taken(), "seats.free", modelledSeats-w.taken())
	user := rapid.SampledFrom(modelledPeople).Draw(t, "finds")
	var joins []string
	if i := w.open(addressIn("example.org", user)); i != nil && w.status(i) == "pending" {
		joins = append(joins, i.id)
	}
	found := w.as("").May("POST /v1/invites/find", o{"verified_emails": []string{addressIn("EXAMPLE.org", user)}})
	var here []string
	for _, item := range found.Part("items").Items() {
		if item.Text("organization") == w.org {
			here = append(here, item.Text("invite"))
		}
	}
	assert.Equal(t, joins, here, user)
	assert.ElementsMatch(t, append(slices.Collect(maps.Keys(w.members)), "ada"), w.as("ada").Sees("/members?limit=200").Texts("items.user"))
}

// TestLifeOfInvites gives commands about invites in any order, on a machine whose clock is set and in whose zone the clocks change, and compares
// every answer with a model. A run that would begin after some seconds does not.
func TestLifeOfInvites(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	var m clocktest.Machine
	local := func() time.Time { return m.Time().In(berlin) }
	h := apitest.StartAt(t, clock.New(clock.Config{Machine: local, Elapsed: m.Elapsed}))
	seen, runs, begun := new(events.Position), 0, time.Now()
	rapid.Check(t, func(t *rapid.T) {
		if time.Since(begun) > 4*time.Second {
			return
		}
		runs++
		w := &inviteModel{t: t, h: h, m: &m, org: fmt.Sprint("o", runs), seen: seen, members: map[string]*modelledInvite{}}
		w.as("").May("POST /v1/organizations", o{"id": w.org, "scheme": "scoped", "owner": "ada"})
		w.as("").May("PATCH /seats", o{"seats": modelledSeats})
		t.Repeat(map[string]func(*rapid.T){
			"send": w.send, "change": w.change, "resend": w.resend, "view": w.view, "accept": w.accept, "decline": w.decline, "revoke": w.revoke,
			"remove": w.remove, "pass": w.pass, "set": w.set, "sweep": w.sweep, "": w.check,
		})
	})
	assert.Positive(t, runs)
}
