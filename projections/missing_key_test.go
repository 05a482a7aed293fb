package projections

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// TestMissingKeysWipeNoNames changes rows after the keys to some texts went missing.
func TestMissingKeysWipeNoNames(t *testing.T) {
	t.Parallel()
	f := projected(t)
	stop := f.project()
	f.give("acme",
		domain.AddMember{Member: "kim", PersonalData: domain.PersonalData{Name: sealed("Kim"), Email: sealed("kim@x.org"), Address: "kim@x"}},
		domain.AddMember{Member: "ned", PersonalData: domain.PersonalData{Name: sealed("Ned")}},
		domain.InviteMember{Invite: "i", Role: "member", Email: sealed("eve@x.org"), Address: "eve@x"},
	)
	stop()
	before := f.dump(t)

	missing := map[events.Sealed]bool{sealed("Kim"): true, sealed("kim@x.org"): true, sealed("eve@x.org"): true, sealed("Max"): true}
	db, err := Open(t.Context(), f.url, func(ctx context.Context, org events.OrganizationID, text events.Sealed) (string, error) {
		if missing[text] {
			return "", events.ErrUnreadable
		}
		return unsealed(ctx, org, text)
	}, f.log)
	require.NoError(t, err)
	t.Cleanup(db.Close)
	without := &fixture{t: t, Database: db, ledger: f.ledger, desk: f.desk, logs: f.logs}
	require.ErrorIs(t, without.Rebuild(t.Context(), f.ledger, nil), events.ErrUnreadable)
	assert.Equal(t, before, f.dump(t), "after a rebuild that was refused")

	without.project()
	without.give("acme",
		domain.ChangeMemberRole{Member: "kim", To: "admin"},
		domain.ChangeMemberRole{Member: "ned", To: "admin"},
		domain.AddMember{Member: "max", PersonalData: domain.PersonalData{Name: sealed("Max")}},
	)
	without.caughtUp()
	people, err := without.People(t.Context(), "acme", []events.UserID{"kim", "ned", "max"})
	require.NoError(t, err)
	assert.Equal(t, "Kim", people["kim"].Name)
	assert.Equal(t, "kim@x.org", people["kim"].Email)
	assert.Equal(t, sortKeyOf("Kim"), people["kim"].sortName)
	assert.Equal(t, "Ned", people["ned"].Name)
	assert.Empty(t, people["max"].Name, "who was never read")
	assert.Equal(t, 2, without.count(`SELECT count(*) FROM member WHERE user_id IN ('kim', 'ned') AND role = 'admin'`))

	without.give("acme", domain.ChangeProfile{Member: "kim", Fields: []events.ProfileField{events.NameField}, PersonalData: domain.PersonalData{Name: sealed("Kai")}})
	without.caughtUp()
	people, err = without.People(t.Context(), "acme", []events.UserID{"kim"})
	require.NoError(t, err)
	assert.Equal(t, "Kai", people["kim"].Name, "a text that is set anew")
	assert.Equal(t, "kim@x.org", people["kim"].Email)
}
