package projections

import (
	"context"
	"errors"
	"io"
	"net"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

// opened is a database that was opened before: the first time, the tables are emptied.
func opened(t testing.TB) string {
	t.Helper()
	url := pgtest.New(t)
	open(t, url, new(lines)).Close()
	return url
}

// TestRebuildMendsDamage has tables that Postgres cannot read, each in a way of its own. A
// projector that stands still goes on after the rebuild.
func TestRebuildMendsDamage(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, table string
		damage      func(t testing.TB, url, table string) string
	}{
		{"a page of a table", "roster.member", pgtest.Damage},
		{"a file is gone", "roster.member", pgtest.RemoveFiles},
		{"the checkpoint", "roster.checkpoint", pgtest.Damage},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := unprojectedOn(t, tc.damage(t, opened(t), tc.table))
			f.project()
			f.by(events.System, "acme", domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme(t, "github"), Owner: "ada"})
			require.Eventually(t, func() bool { return f.Damage(t.Context()) != nil }, 10*time.Second, 10*time.Millisecond, "damage is noticed")
			var damage *DamageError
			require.ErrorAs(t, f.Damage(t.Context()), &damage)
			assert.Contains(t, damage.Suggestion, "roster rebuild")
			assert.NoError(t, f.Inbox().Damage(t.Context()), "the inbox is not damaged")
			limited, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			require.ErrorAs(t, f.Wait(limited, f.desk.View().Position), &damage, "who waits is not told")

			require.NoError(t, f.Rebuild(t.Context(), f.ledger, nil))
			assert.NoError(t, f.Damage(t.Context()), "after the rebuild")
			f.by(events.System, "acme", domain.AddMember{Member: "bob"})
			f.sound(t)
			assert.Equal(t, 1, strings.Count(f.logs.String(), "the read models are damaged"), "lines in the log")
		})
	}
}

// TestDamagedInboxIsNoDamageOfTheReadModels has notifications that a rebuild cannot mend.
func TestDamagedInboxIsNoDamageOfTheReadModels(t *testing.T) {
	t.Parallel()
	f := unprojectedOn(t, pgtest.Damage(t, opened(t), "roster_inbox.notification"))
	var damage *DamageError
	_, err := f.Inbox().List(t.Context(), "ada", Page{})
	require.ErrorAs(t, err, &damage)
	assert.NotContains(t, damage.Suggestion, "roster rebuild")
	assert.Equal(t, err, f.Inbox().Damage(t.Context()))
	assert.NoError(t, f.Damage(t.Context()))
}

// TestOpenWaitsForAServerThatStarts puts a server in between that says twice that it starts.
func TestOpenWaitsForAServerThatStarts(t *testing.T) {
	t.Parallel()
	url := pgtest.New(t)
	config, err := pgx.ParseConfig(url)
	require.NoError(t, err)
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, listener.Close()) })
	var refused atomic.Int32
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return // the test is over
			}
			if refused.Load() < 2 {
				refused.Add(1)
				assert.NoError(t, refuse(client))
				continue
			}
			server, err := new(net.Dialer).DialContext(t.Context(), "unix", filepath.Join(config.Host, ".s.PGSQL.5432"))
			if !assert.NoError(t, err) {
				return
			}
			go relay(server, client)
			go relay(client, server)
		}
	}()
	open(t, "postgres://"+config.User+"@"+listener.Addr().String()+"/"+config.Database+"?sslmode=disable", new(lines))
	assert.EqualValues(t, 2, refused.Load(), "connections that were refused")
}

// refuse answers a client as a server that is starting.
func refuse(client net.Conn) error {
	backend := pgproto3.NewBackend(client, client)
	_, err := backend.ReceiveStartupMessage()
	backend.Send(&pgproto3.ErrorResponse{Severity: "FATAL", Code: "57P03", Message: "the database system is starting up"})
	return errors.Join(err, backend.Flush(), client.Close())
}

// relay copies until one side ends, and ends both.
func relay(to, from net.Conn) {
	_, _ = io.Copy(to, from)
	_, _ = to.Close(), from.Close()
}
