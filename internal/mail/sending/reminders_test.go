package sending_test

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/apirequest"
)

const day = 24 * time.Hour

// staffOfBefore is an organization in which all has happened some days ago, so that nobody is mailed about it: bob's membership, dan's grant and an invite end
// in a week.
func staffOfBefore(f *fixture) (end time.Time, invite string) {
	f.t.Helper()
	end = time.Now().Add(7 * day)
	began := end.Add(-12 * day)
	do := func(request string, body map[string]any) apirequest.Reply {
		f.t.Helper()
		began = began.Add(time.Hour)
		return f.As("").May(request+"?occurred_at="+url.QueryEscape(began.Format(time.RFC3339)), body)
	}
	add := func(user string, more map[string]any) {
		body := map[string]any{"user": user, "role": "member", "name": user, "email": user + "@example.org"}
		maps.Copy(body, more)
		do("POST /v1/organizations/acme/members", body)
	}
	do("POST /v1/organizations", map[string]any{"id": "acme", "name": "Acme", "owner": "ada"})
	do("PATCH /v1/organizations/acme/members/ada/profile", map[string]any{"email": "ada@example.org"})
	do("POST /v1/organizations/acme/projects", map[string]any{"id": "site", "name": "Site"})
	add("bob", map[string]any{"until": end})
	add("cyd", map[string]any{"until": end.Add(day)})
	add("dan", nil)
	do("POST /v1/organizations/acme/projects/site/members", map[string]any{"user": "dan", "role": "member", "until": end})
	return end, do("POST /v1/organizations/acme/invites", map[string]any{"email": "eve@example.org", "expires_at": end}).Text("id")
}

// TestReminders has two nodes look for ends.
func TestReminders(t *testing.T) {
	t.Parallel()
	f := start(t)
	staffOfBefore(f)
	f.settled()
	require.Empty(t, f.mails.mails())
	for range 2 {
		background(t, func(ctx context.Context) error {
			f.sender.Remind(ctx, []time.Duration{7 * day, day})
			return nil
		})
	}
	want := []string{
		"bob@example.org: Your access to Acme ends soon", "ada@example.org: The access of bob to Acme ends soon",
		"dan@example.org: Your access to Site ends soon", // ada may not put it off
		"eve@example.org: Your invitation to Acme ends soon",
	}
	f.mails.wait(t, len(want))
	assert.Equal(t, 0, f.settled())
	var came []string
	for _, m := range f.mails.mails() {
		came = append(came, m.to+": "+m.subject(t))
	}
	assert.ElementsMatch(t, want, came)
}

// TestOutdatedReminders has what people are reminded of change before the mail is sent.
func TestOutdatedReminders(t *testing.T) {
	t.Parallel()
	f := quiet(t)
	end, invite := staffOfBefore(f)
	now := f.Desk.Clock().Now()
	reminders := slices.Collect(f.Desk.View().State.Organization("acme").At(now).Reminders(now.Add(-time.Hour), []time.Duration{7 * day}))
	require.Len(t, reminders, 4)
	require.NoError(t, f.outbox.Remind(t.Context(), reminders))
	ada := f.As("ada").Below("/v1/organizations/acme")
	ada.May("PATCH /members/bob/end", map[string]any{"until": end.Add(time.Hour)})
	f.As("").May("DELETE /v1/organizations/acme/projects/site/members/dan")
	ada.May("DELETE /invites/" + invite)
	background(t, f.sender.Run)
	f.settled()
	for _, m := range f.mails.mails() {
		assert.NotContains(t, m.subject(t), "soon")
	}
	assert.Contains(t, f.rows(), "the access does not end then any more")
	assert.Contains(t, f.rows(), "the invite was revoked meanwhile")
}
