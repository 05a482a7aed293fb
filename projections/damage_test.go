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

	"github.com/seed-2026d078/roster/bus/bustest"
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

// TestDamageIsMended has tables that Postgres cannot read, each in a way of its own. A
// projector that stands still goes on once they are made anew.
func TestDamageIsMended(t *testing.T) {
	t.Parallel()
	byHand := func(f *fixture) { require.NoError(f.t, f.Rebuild(f.t.Context(), f.ledger, nil)) }
	byItself := func(f *fixture) {
		background(f.t, func(ctx context.Context) error {
			f.Mend(ctx, f.ledger)
			return nil
		})
		eventually(f.t, "it is mended", func() bool {
			return strings.Contains(f.logs.String(), "the read models were damaged, and are made anew")
		})
	}
	for _, tc := range []struct {
		name, table string
		damage      func(t testing.TB, url, table string) string
		mend        func(f *fixture)
	}{
		{"a page of a table", "roster.member", pgtest.Damage, byItself},
		{"a file is gone", "roster.member", pgtest.RemoveFiles, byItself},
		{"the checkpoint", "roster.checkpoint", pgtest.Damage, byItself},
		{"a page of a table, by hand", "roster.member", pgtest.Damage, byHand},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := unprojectedOn(t, tc.damage(t, opened(t), tc.table))
			f.project()
			f.by(events.System, "acme", domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme(t, "github"), Owner: "ada"})
			eventually(t, "damage is noticed", func() bool { return f.Damage(t.Context()) != nil })
			var damage *DamageError
			require.ErrorAs(t, f.Damage(t.Context()), &damage)
			assert.Equal(t, damagedModels, damage.Suggestion)
			assert.NoError(t, f.Inbox().Damage(t.Context()), "the inbox is not damaged")
			limited, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			require.ErrorAs(t, f.Wait(limited, f.desk.View().Position), &damage, "who waits is not told")

			tc.mend(f)
			assert.NoError(t, f.Damage(t.Context()), "after it was mended")
			f.by(events.System, "acme", domain.AddMember{Member: "bob"})
			f.sound(t)
			assert.Equal(t, 1, strings.Count(f.logs.String(), damagedModels), "lines in the log")
		})
	}
}

// TestDamageIsLeftWhereMendingLosesSomething damages the read models, and what they would be made of.
func TestDamageIsLeftWhereMendingLosesSomething(t *testing.T) {
	t.Parallel()
	create := domain.CreateOrganization{Name: "Acme", Owner: "ada"}
	for _, tc := range []struct {
		name, suggestion string
		open             Opener
		broken           bool // the ledger
	}{
		{name: "a key is missing", suggestion: unmendedKeys, open: func(context.Context, events.OrganizationID, events.Sealed) (string, error) {
			return "", events.ErrUnreadable
		}},
		{name: "a commit is damaged", suggestion: unmendedLedger, open: unsealed, broken: true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := unprojectedOn(t, pgtest.Damage(t, opened(t), "roster.member"))
			f.open = tc.open
			create.Scheme = builtInScheme(t, "github")
			f.by(events.System, "acme", create)
			f.by(events.System, "acme", domain.ChangeProfile{Member: "ada", Fields: []events.ProfileField{events.NameField}, PersonalData: domain.PersonalData{Name: sealed("Ada")}})
			_, err := f.People(t.Context(), "acme", []events.UserID{"ada"})
			require.Error(t, err)
			ledger := f.ledger
			if tc.broken {
				conn := bustest.New(t)
				ledger = bustest.Open(t, conn)
				_, err := conn.Request("roster.ledger", []byte("no commit"), 10*time.Second)
				require.NoError(t, err)
			}
			f.mend(t.Context(), ledger)
			var damage *DamageError
			require.ErrorAs(t, f.Damage(t.Context()), &damage)
			assert.Equal(t, tc.suggestion, damage.Suggestion)
			_, err = f.People(t.Context(), "acme", []events.UserID{"ada"})
			require.ErrorAs(t, err, &damage)
			assert.Equal(t, tc.suggestion, damage.Suggestion, "a list says the same")
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
