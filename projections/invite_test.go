package projections

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
)

func TestInvitesArePendingAndNewestFirst(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.giveLongAgo("acme",
		domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme(t, "github"), Owner: "ada"},
		domain.InviteMember{Invite: "expired", Email: sealed("eve@example.org"), Address: "e"},
		domain.InviteMember{Invite: "accepted", Email: sealed("fay@example.org"), Address: "f"},
		domain.AcceptInvite{Invite: "accepted", Member: "fay"},
	)
	f.give("acme",
		domain.InviteMember{Invite: "revoked", Email: sealed("gus@example.org"), Address: "g"},
		domain.InviteMember{Invite: "new", Email: sealed("hal@example.org"), Address: "h"},
		domain.RevokeInvite{Invite: "revoked"},
	)
	found, err := f.ListInvites(t.Context(), f.org("acme").At(time.Now()), Page{})
	require.NoError(t, err)
	want := []InviteAddress{{ID: "new", Email: "hal@example.org"}, {ID: "expired", Email: "eve@example.org"}}
	assert.Empty(t, cmp.Diff(want, found.Items, cmpopts.IgnoreUnexported(InviteAddress{})))
}
