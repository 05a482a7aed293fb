package domain_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// BenchmarkClosedInvites reports what the state takes in memory for 1,000,000 invites that were sent and revoked, or expired and are open
// still, as they are read from a ledger: in all, and for each of them.
func BenchmarkClosedInvites(b *testing.B) {
	const invites, each = 1_000_000, 500
	for _, kind := range []struct {
		name string
		ends func(events.InviteID) events.Event
	}{
		{"revoked", func(id events.InviteID) events.Event { return events.InviteRevoked{Invite: id} }},
		{"expired", func(id events.InviteID) events.Event { return events.InviteExpired{Invite: id} }},
	} {
		b.Run(kind.name, func(b *testing.B) {
			for b.Loop() {
				var before, after runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&before)
				roster := domain.Roster{}.Evolve(events.Entry{Organization: "acme", Version: 1, At: noon, Events: []events.Event{hub}})
				for n := 0; n < invites; n += each {
					var sent, ended []events.Event
					for i := n; i < n+each; i++ {
						text := fmt.Sprintf("%026d", i)
						sealed := events.Sealed(text + strings.Repeat("s", 72))
						sent = append(sent, events.MemberInvited{
							Invite: events.InviteID(text), Role: "member", Email: sealed, Address: events.AddressHash(text + strings.Repeat("a", 17)), Token: events.Sum([]byte(text)),
							Nonce: events.Nonce(text), Expires: noon.Add(7 * 24 * time.Hour), Bind: events.BindAddress,
						})
						ended = append(ended, kind.ends(events.InviteID(text)))
					}
					message, err := events.Encode(events.Commit{Entries: []events.Entry{
						{Organization: "acme", Version: events.Version(2 + n/each*2), At: noon, Actor: "ada", Events: sent},
						{Organization: "acme", Version: events.Version(3 + n/each*2), At: noon, Actor: "ada", Events: ended},
					}})
					require.NoError(b, err)
					read, err := events.Decode(message, 1)
					require.NoError(b, err)
					roster = roster.Evolve(read.Entries...)
				}
				runtime.GC()
				runtime.ReadMemStats(&after)
				b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/invites, "B/invite")
				runtime.KeepAlive(roster)
			}
		})
	}
}
