package api

import (
	"bytes"
	"log"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAnswerKeepsItsFirstStatus sets another one, as is done where a client is gone.
func TestAnswerKeepsItsFirstStatus(t *testing.T) {
	t.Parallel()
	var logged bytes.Buffer
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		c := newConnection(w, &Config{ClientTimeout: clientTimeout}, func() {})
		c.WriteHeader(http.StatusAccepted)
		c.WriteHeader(499)
		assert.Equal(t, http.StatusAccepted, c.code())
	}))
	server.Config.ErrorLog = log.New(&logged, "", 0)
	server.Start()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, http.NoBody)
	require.NoError(t, err)
	answer, err := server.Client().Do(request)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	assert.Equal(t, http.StatusAccepted, answer.StatusCode)
	server.Close()
	assert.Empty(t, logged.String())
}
