package main

import (
	"bytes"
	"encoding/base64"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTokensAreNowhere lets invites live in every way, and looks for their tokens in all that the server has written and tells. Only hashes of them
// may be there.
func TestTokensAreNowhere(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	h := serve(t, data, "--feed", "--log-level", "debug")
	h.must("org", "create", "acme", "--owner", "ada")
	h.must("project", "create", "site", "--org", "acme", "--actor", "ada")
	var tokens []string
	format := regexp.MustCompile(`roster_[A-Za-z0-9_-]{43}`)
	must := func(args ...string) string {
		said := h.must(append(args, "--org", "acme")...)
		tokens = append(tokens, format.FindAllString(said, -1)...)
		return said
	}
	send := func(id string) (token string) {
		must("invite", "send", id+"@example.org", "--id", id, "--project", "site", "--message", "Hello", "--actor", "ada")
		return tokens[len(tokens)-1]
	}
	accepted, declined := send("eve"), send("fay")
	send("gus")
	old := send("hal")
	must("invite", "resend", "hal@example.org", "--actor", "ada")
	must("invite", "change", "Hal@Example.org", "--role", "owner", "--actor", "ada")
	must("invite", "send", "hal@example.org", "--if-invited", "update", "--actor", "ada")
	must("invite", "send", "ida@example.org", "jay@example.org", "hal@example.org", "--partial", "--if-invited", "update", "--actor", "ada")
	must("invite", "revoke", "gus@example.org", "--actor", "ada")
	h.must("invite", "view", accepted)
	h.must("invite", "accept-by-token", accepted, "--verified-email", "eve@example.org", "--actor", "eve")
	h.must("invite", "decline-by-token", declined)
	h.roster("invite", "view", old)
	h.roster("invite", "view", "roster_"+strings.Repeat("A", 43))
	h.roster("invite", "accept", "hal", "--token", old, "--org", "acme", "--actor", "hal")
	h.roster("invite", "accept", "hal", "--token", tokens[len(tokens)-1], "--org", "acme", "--actor", "hal") // without the address
	must("project", "link", "on", "site", "--actor", "ada")
	slices.Sort(tokens)
	tokens = slices.Compact(tokens)
	require.Len(t, tokens, 10)

	here, err := locate(data)
	require.NoError(t, err)
	places := map[string][]byte{"what the server logged": []byte(h.log.String())}
	for _, args := range [][]string{
		{"history", "--org", "acme"},
		{"invite", "list", "--status", "all", "--org", "acme", "--actor", "ada", "--output", "json"},
		{"export", "state"},
		{"report", "pending-invites", "--days", "0", "--org", "acme"},
		{"status"},
	} {
		out, said, _ := h.roster(args...)
		places["roster "+strings.Join(args, " ")] = []byte(out + said)
	}
	for _, path := range []string{"/metrics", "/v1/organizations/acme/events?limit=200", "/v1/events", "/v1/export/snapshot"} {
		places[path] = fetched(t, h, here.HTTP+path)
	}
	maps.Copy(places, streams(t, here.NATS))
	places["the tables"] = tables(t, here.Database)
	h.stop()
	require.NoError(t, filepath.WalkDir(data, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		places[path], err = os.ReadFile(path)
		return err
	}))
	for _, place := range []string{"the tables", "the stream LEDGER", "the stream EVENTS", "/metrics", "what the server logged"} {
		assert.NotEmpty(t, places[place], place)
	}
	assert.Contains(t, string(places["the tables"]), "hal@example.org", "the tables were not read")
	assert.Contains(t, string(places["the stream LEDGER"]), "invite.sent.v1", "the ledger was not read")
	assert.Greater(t, len(places), 100, "the files of the data directory")
	for place, text := range places {
		for _, token := range tokens {
			secret, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(token, "roster_"))
			require.NoError(t, err)
			for _, form := range [][]byte{[]byte(strings.TrimPrefix(token, "roster_")), secret, []byte(base64.StdEncoding.EncodeToString(secret))} {
				assert.False(t, bytes.Contains(text, form), "%s has a token", place)
			}
		}
	}
}

// fetched returns what an address answers within a moment; of a stream that is its beginning.
func fetched(t *testing.T, h *testServer, address string) []byte {
	t.Helper()
	key, err := os.ReadFile(filepath.Join(h.data, "root.key"))
	require.NoError(t, err)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(key)))
	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err, address)
	stop := time.AfterFunc(2*time.Second, func() { _ = answer.Body.Close() }) // a stream has no end
	defer stop.Stop()
	defer func() { _ = answer.Body.Close() }()
	var text bytes.Buffer
	_, _ = text.ReadFrom(answer.Body)
	require.NotEmpty(t, text.Bytes(), address)
	return text.Bytes()
}

// streams returns the messages of every stream of a NATS server.
func streams(t *testing.T, address string) map[string][]byte {
	t.Helper()
	nc, err := nats.Connect(address)
	require.NoError(t, err)
	defer nc.Close()
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	found := map[string][]byte{}
	for stream := range js.ListStreams(t.Context()).Info() {
		s, err := js.Stream(t.Context(), stream.Config.Name)
		require.NoError(t, err)
		var all bytes.Buffer
		for n := stream.State.FirstSeq; n <= stream.State.LastSeq && stream.State.Msgs > 0; n++ {
			message, err := s.GetMsg(t.Context(), n)
			if err != nil {
				require.ErrorIs(t, err, jetstream.ErrMsgNotFound)
				continue
			}
			all.WriteString(message.Subject)
			require.NoError(t, http.Header(message.Header).Write(&all))
			all.Write(message.Data)
		}
		found["the stream "+stream.Config.Name] = all.Bytes()
	}
	for _, name := range []string{"the stream EVENTS", "the stream LEDGER"} {
		if _, is := found[name]; !is {
			require.Fail(t, name+" is missing", "%d streams", len(found))
		}
	}
	return found
}

// tables returns every row of a database as text.
func tables(t *testing.T, address string) []byte {
	t.Helper()
	db, err := pgx.Connect(t.Context(), address)
	require.NoError(t, err)
	defer func() { assert.NoError(t, db.Close(t.Context())) }()
	rows, err := db.Query(t.Context(), `SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`)
	require.NoError(t, err)
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	var all bytes.Buffer
	for _, name := range names {
		rows, err := db.Query(t.Context(), "SELECT r::text FROM "+name+" r")
		require.NoError(t, err)
		texts, err := pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err)
		all.WriteString(name + strings.Join(texts, "\n"))
	}
	return all.Bytes()
}
