package domain_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// BenchmarkInviteList decides and records lists of 1,000 invites in one organization, which has 10,000 of them at most.
func BenchmarkInviteList(b *testing.B) {
	empty := domain.Roster{}.Evolve(events.Entry{Organization: "acme", Version: 1, At: noon, Events: []events.Event{hub}})
	roster, sent := empty, 0
	for b.Loop() {
		b.StopTimer()
		if sent%10_000 == 0 {
			roster = empty
		}
		list := make(domain.Batch, 1000)
		for i := range list {
			sent++
			name := fmt.Sprintf("%026d", sent)
			list[i] = domain.InviteMember{
				Invite: events.InviteID(name), Address: events.AddressHash("the address of invite " + name), Token: events.Sum([]byte(name)), Nonce: events.Nonce(name), Email: events.Sealed("sealed " + name),
			}
		}
		b.StartTimer()
		state := roster.Transient()
		m := events.Moment{At: noon, Now: noon}
		happened, err := state.Decide("acme", list, m, nil)
		require.NoError(b, err)
		version, _ := state.Last("acme")
		roster = state.Evolve(events.Entry{Organization: "acme", Version: version + 1, At: noon, Events: happened}).Persistent()
	}
}
