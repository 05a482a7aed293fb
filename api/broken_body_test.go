package api_test

import (
	"bufio"
	"bytes"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/api"
	"github.com/seed-2026d078/roster/internal/apitest"
)

// TestBrokenOffBodiesAreNoFaults announces bodies and does not send them to their end.
func TestBrokenOffBodiesAreNoFaults(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	var log bytes.Buffer
	h = h.Configured(func(c *api.Config) { c.Metrics, c.Log = nil, slog.New(slog.NewTextHandler(&log, nil)) })
	for _, sent := range []string{
		"POST /v1/access:check HTTP/1.1\r\n",
		"POST /v1/organizations HTTP/1.1\r\n",
		"POST /v1/organizations HTTP/1.1\r\nIdempotency-Key: k\r\n",
		"POST /v1/organizations/acme/commands HTTP/1.1\r\n",
		"DELETE /v1/organizations/acme HTTP/1.1\r\n",
	} {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(h.URL, "http://"))
		require.NoError(t, err)
		_, err = fmt.Fprintf(conn, "%sHost: roster\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"id\":", sent, h.Key)
		require.NoError(t, err)
		require.NoError(t, conn.(*net.TCPConn).CloseWrite())
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		require.NoError(t, err, sent)
		assert.Equal(t, http.StatusBadRequest, answer.StatusCode, sent)
		require.NoError(t, answer.Body.Close())
		require.NoError(t, conn.Close())
	}
	assert.Empty(t, log.String(), "a fault was logged")
}
