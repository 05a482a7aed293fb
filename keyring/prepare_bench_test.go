package keyring_test

import (
	"fmt"
	"testing"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus/bustest"
)

// BenchmarkKeys makes 1,000 keys on a server that syncs every write, at once and one by one, beside one publish of the size of 1,000 invites.
func BenchmarkKeys(b *testing.B) {
	nc := bustest.Connect(b, bustest.SyncedServer(b))
	keys := openKeyring(b, nc)
	js, err := jetstream.New(nc)
	require.NoError(b, err)
	_, err = js.CreateStream(b.Context(), jetstream.StreamConfig{Name: "FLOOR", Subjects: []string{"floor"}})
	require.NoError(b, err)
	b.Run("publish", func(b *testing.B) {
		for b.Loop() {
			_, err := js.Publish(b.Context(), "floor", make([]byte, 600_000))
			require.NoError(b, err)
		}
	})
	n := 0
	b.Run("at once", func(b *testing.B) {
		for b.Loop() {
			people := make([]string, 1000)
			for i := range people {
				n++
				people[i] = fmt.Sprint("p", n)
			}
			require.NoError(b, keys.Prepare(b.Context(), "acme", people))
		}
	})
	b.Run("one by one", func(b *testing.B) {
		for b.Loop() {
			for range 1000 {
				n++
				seal(b, keys, fmt.Sprint("p", n), "x")
			}
		}
	})
}
