package api_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/apitest"
	"github.com/seed-2026d078/roster/internal/personaldata"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
	"github.com/seed-2026d078/roster/keyring"
)

// TestErasureReachesWhatCameMeanwhile has somebody accept an invite, and take the address of another one, after they were looked for and before
// the first organization records that they are erased.
func TestErasureReachesWhatCameMeanwhile(t *testing.T) {
	t.Parallel()
	url := pgtest.New(t)
	h := apitest.StartOn(t, url)
	keys := h.Config.Keyring
	eraser := personaldata.NewEraser(h.Desk, h.Config.Ledger, keys, h.Config.Database, nil)
	system := h.As("")
	for _, org := range []string{"acme", "beta", "calm"} {
		system.May("POST /v1/organizations/"+org+"/commands", o{"commands": []o{
			{"type": "create_organization", "scheme": "owner-member", "owner": "ada"},
			{"type": "add_member", "user": "bob", "email": "bob@example.org"},
		}})
	}
	system.May("DELETE /v1/organizations/beta/members/bob")
	invite := func(id, email string) string {
		return system.May("POST /v1/organizations/beta/invites", o{"id": id, "email": email, "bind": "anyone"}).Text("token")
	}
	token := invite("accepted", "second@example.org")
	invite("sent", "third@example.org")
	invite("other", "other@example.org")
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer conn.Close(t.Context())
	held, err := conn.Begin(t.Context()) // nothing is noted as begun before it ends
	require.NoError(t, err)
	_, err = held.Exec(t.Context(), `LOCK TABLE roster_erasure.begun IN EXCLUSIVE MODE`)
	require.NoError(t, err)

	var report personaldata.Report
	done := make(chan error, 1)
	go func() {
		var err error
		report, err = eraser.Erase(t.Context(), personaldata.Request{User: "bob"})
		done <- err
	}()
	require.Eventually(t, func() bool {
		var waits bool
		err := held.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = 'roster_erasure.begun'::regclass)`).Scan(&waits)
		return assert.NoError(t, err) && waits
	}, time.Minute, 5*time.Millisecond)
	system.May("POST /v1/invites/accept", o{"token": token, "user": "bob"})
	system.May("PATCH /v1/organizations/acme/members/bob/profile", o{"email": "third@example.org"})
	require.NoError(t, held.Rollback(t.Context()))
	require.NoError(t, <-done)

	for invite, left := range map[events.InviteID]bool{"accepted": false, "sent": false, "other": true} {
		there, err := keys.Has(t.Context(), "beta", keyring.InvitePerson(invite))
		require.NoError(t, err)
		assert.Equal(t, left, there, "the key of %s", invite)
	}
	beta := h.Desk.View().State.Organization("beta")
	closed, is := beta.ClosedInvite("sent")
	assert.True(t, is)
	assert.Equal(t, domain.InviteRevoked, closed.Status)
	_, is = beta.Invite("other")
	assert.True(t, is)
	assert.Equal(t, 2, report.Invites)
	again, err := eraser.Erase(t.Context(), personaldata.Request{User: "bob"})
	require.NoError(t, err)
	assert.Equal(t, report.Invites, again.Invites)
	assert.Equal(t, report.Keys, again.Keys)
	require.Len(t, again.Organizations, 3)
	for i, of := range again.Organizations {
		assert.Equal(t, report.Organizations[i].Erased, of.Erased, of.ID)
	}
	assert.EqualValues(t, 2, h.Desk.View().State.Organization("calm").Version(), "where nothing came, it is recorded once")
}
