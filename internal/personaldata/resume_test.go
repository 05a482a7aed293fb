package personaldata_test

import (
	"bytes"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/apitest"
	"github.com/seed-2026d078/roster/internal/personaldata"
	"github.com/seed-2026d078/roster/projections"
)

// TestResumeGoesOnWithWhatBegan begins erasures as a process does that is killed before it does anything else.
func TestResumeGoesOnWithWhatBegan(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	for _, org := range []string{"acme", "beta"} {
		h.As("").May("POST /v1/organizations/"+org+"/commands", o{"commands": []o{{"type": "create_organization", "scheme": "owner-member", "owner": "ada"}}})
		var members []o
		for _, user := range []string{"asked", "again", "keeps"} {
			members = append(members, o{"type": "add_member", "user": user, "name": "Mx " + user})
		}
		h.As("").May("POST /v1/organizations/"+org+"/commands", o{"commands": members})
	}
	database := h.Config.Database
	eraser := personaldata.NewEraser(h.Desk, h.Config.Ledger, h.Config.Keyring, database)
	begun := func() []events.UserID {
		all, err := database.Erasures(t.Context(), "", 10)
		require.NoError(t, err)
		var users []events.UserID
		for _, b := range all {
			users = append(users, b.User)
		}
		return users
	}
	stays := func(user string) { h.As("").Sees("/v1/organizations/acme/members/"+user).Has("name", "Mx "+user) }
	var said bytes.Buffer
	log := slog.New(slog.NewTextHandler(&said, nil))

	require.NoError(t, database.BeginErasures(t.Context(), []projections.Erasure{{User: "asked", Cause: "asked for it"}, {User: "again", Retention: true}, {User: "ada"}}))
	complete, err := eraser.ResumeOnce(t.Context(), log)
	require.NoError(t, err)
	assert.False(t, complete, "an owner cannot go")
	assert.Equal(t, []events.UserID{"ada"}, begun())
	assert.Contains(t, said.String(), "cannot go on")
	_, member := h.Desk.View().State.Organization("beta").Member("asked")
	assert.False(t, member)
	stays("again")
	there, err := h.Config.Keyring.Has(t.Context(), "acme", "asked")
	require.NoError(t, err)
	assert.False(t, there)

	for _, org := range []string{"acme", "beta"} {
		h.As("").May("POST /v1/organizations/"+org+"/commands", o{"commands": []o{{"type": "change_member_role", "user": "keeps", "role": "owner"}}})
	}
	complete, err = eraser.ResumeOnce(t.Context(), log)
	require.NoError(t, err)
	assert.True(t, complete)
	assert.Empty(t, begun())
	stays("keeps")
}

// TestErasureThatIsAskedForIsNoRetention begins the erasure of one person twice.
func TestErasureThatIsAskedForIsNoRetention(t *testing.T) {
	t.Parallel()
	database := apitest.Start(t).Config.Database
	for _, e := range []projections.Erasure{{User: "u", Cause: "first"}, {User: "u", Cause: "second", Retention: true, TransferTo: map[events.OrganizationID]events.UserID{"acme": "bob"}}} {
		require.NoError(t, database.BeginErasures(t.Context(), []projections.Erasure{e}))
	}
	all, err := database.Erasures(t.Context(), "u", 1)
	require.NoError(t, err)
	require.Len(t, all, 1)
	assert.False(t, all[0].Retention)
	assert.Equal(t, "second", all[0].Cause)
	assert.Equal(t, map[events.OrganizationID]events.UserID{"acme": "bob"}, all[0].TransferTo)
}
