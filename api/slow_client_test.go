package api_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/api"
	"github.com/seed-2026d078/roster/internal/apitest"
)

// dial connects to a server.
func dial(t *testing.T, url string) net.Conn {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(url, "http://"))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, conn.Close()) })
	require.NoError(t, conn.SetDeadline(time.Now().Add(30*time.Second)))
	return conn
}

// impatient returns a server whose clients may take so long.
func impatient(h *apitest.Server, timeout time.Duration) *apitest.Server {
	return h.Configured(func(c *api.Config) { c.ClientTimeout = timeout })
}

// statusOf reads an answer to its end and returns its status.
func statusOf(t *testing.T, in *bufio.Reader) int {
	t.Helper()
	answer, err := http.ReadResponse(in, nil)
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, answer.Body)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	return answer.StatusCode
}

// TestSlowBodiesEnd sends a byte of a body now and then.
func TestSlowBodiesEnd(t *testing.T) {
	t.Parallel()
	h := impatient(apitest.Start(t), time.Second) // in which a busy machine answers, too
	key := "Authorization: Bearer " + h.Key + "\r\n"
	for name, test := range map[string]struct {
		sent   string
		status int
	}{
		"without a key":               {"POST /v1/organizations HTTP/1.1\r\n", http.StatusUnauthorized},
		"of a command":                {"POST /v1/organizations HTTP/1.1\r\n" + key, http.StatusBadRequest},
		"of an idempotent command":    {"POST /v1/organizations HTTP/1.1\r\nIdempotency-Key: k\r\n" + key, http.StatusBadRequest},
		"of a bulk":                   {"POST /v1/organizations/acme/commands HTTP/1.1\r\n" + key, http.StatusBadRequest},
		"of a check":                  {"POST /v1/access:check HTTP/1.1\r\n" + key, http.StatusBadRequest},
		"of a declaration":            {"PUT /v1/organizations/acme/config HTTP/1.1\r\n" + key, http.StatusBadRequest},
		"of a list, which takes none": {"GET /v1/organizations HTTP/1.1\r\n" + key, http.StatusOK},
		"of what needs no key":        {"GET /healthz HTTP/1.1\r\n", http.StatusOK},
		"where there is nothing":      {"POST /nothing HTTP/1.1\r\n" + key, http.StatusNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := dial(t, h.URL)
			_, err := fmt.Fprintf(conn, "%sHost: roster\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{", test.sent)
			require.NoError(t, err)
			go func() {
				for range time.Tick(20 * time.Millisecond) {
					if _, err := conn.Write([]byte(" ")); err != nil {
						return
					}
				}
			}()
			in := bufio.NewReader(conn)
			assert.Equal(t, test.status, statusOf(t, in))
			_, err = in.ReadByte()
			require.Error(t, err, "the connection goes on")
			assert.NotErrorIs(t, err, os.ErrDeadlineExceeded, "the connection goes on")
		})
	}
}

// TestBodiesMayTakeAsLongAsTheyAreLarge sends bodies more slowly than the deadline of a small
// one, and commands that take longer to answer than their body may take.
func TestBodiesMayTakeAsLongAsTheyAreLarge(t *testing.T) {
	t.Parallel()
	h := impatient(apitest.Start(t), 200*time.Millisecond)
	conn := dial(t, h.URL)
	in := bufio.NewReader(conn)
	for i := range 3 {
		body := fmt.Sprintf(`{"id": "acme%d", "scheme": "github", "owner": "ada"}`, i)
		body += strings.Repeat(" ", 128<<10)
		_, err := fmt.Fprintf(conn, "POST /v1/organizations HTTP/1.1\r\nHost: roster\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", h.Key, len(body))
		require.NoError(t, err)
		for part := range slices.Chunk([]byte(body), len(body)/4+1) {
			time.Sleep(100 * time.Millisecond)
			_, err := conn.Write(part)
			require.NoError(t, err)
		}
		assert.Equal(t, http.StatusCreated, statusOf(t, in))
		time.Sleep(300 * time.Millisecond) // longer than anybody may be waited for
	}
}

// TestThoseWhoDoNotReadAreLeft asks for much and reads none of it.
func TestThoseWhoDoNotReadAreLeft(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	var all []o
	for i := range 1000 {
		all = append(all, o{"type": "add_member", "user": fmt.Sprintf("u%04d", i), "name": strings.Repeat("name ", 40)})
	}
	h.As("").May("POST "+org+"/commands", o{"commands": all})
	server := httptest.NewServer(impatient(h, 200*time.Millisecond).API)
	t.Cleanup(server.Close)
	conn := dial(t, server.URL)
	require.NoError(t, conn.(*net.TCPConn).SetReadBuffer(1024))
	const lists = 200 // more than the system keeps
	go func() {
		for range lists {
			fmt.Fprintf(conn, "GET /v1/organizations/acme/members?limit=200 HTTP/1.1\r\nHost: roster\r\nAuthorization: Bearer %s\r\n\r\n", h.Key)
		}
	}()
	time.Sleep(time.Second)
	n, err := io.Copy(io.Discard, conn)
	require.NotErrorIs(t, err, os.ErrDeadlineExceeded, "the connection goes on")
	assert.Less(t, n, int64(lists*200*200), "all was sent")
}
