package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

func TestSchemeConformance(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	here, err := locate(h.data)
	require.NoError(t, err)
	try := []string{"scheme", "conformance", "--server", here.HTTP, "--scheme", "github"}
	out := h.must(try...)
	for _, part := range []string{"SCHEME", "github  a_child_team_inherits", "kept", "Teams nest; a child", "promises, 0 broken"} {
		assert.Contains(t, out, part)
	}
	assert.Contains(t, h.must(append(try, "--markdown")...), "| scheme | case | result | time | rule |\n| --- |", "no table in Markdown")
	var told []row
	require.NoError(t, json.Unmarshal([]byte(h.must(append(try, "--output", "json")...)), &told))
	require.NotEmpty(t, told)
	assert.EqualValues(t, true, told[0]["kept"])
	assert.NotContains(t, h.must("org", "list"), "conformance-", "organizations are left behind")
	_, said, code := h.roster("scheme", "conformance", "--scheme", "none")
	assert.Equal(t, exitRefused, code, "exit code")
	assert.Contains(t, said, "nothing is promised")
}

// TestPatient has a server that takes the second of two equal requests.
func TestPatient(t *testing.T) {
	t.Parallel()
	var came []string
	busy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if came = append(came, string(body)); len(came) == 1 {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusTooManyRequests)
		}
	}))
	defer busy.Close()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, busy.URL, strings.NewReader("{}"))
	require.NoError(t, err)
	answer, err := (&http.Client{Transport: patient{}}).Do(request)
	require.NoError(t, err)
	defer answer.Body.Close()
	assert.Equal(t, http.StatusOK, answer.StatusCode)
	assert.Equal(t, []string{"{}", "{}"}, came)
}

// TestSchemeConformanceServesItself lets a key that is wrong break every promise.
func TestSchemeConformanceServesItself(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	here, err := locate(h.data)
	require.NoError(t, err)
	out, _, code := roster("--key", "wrong", "scheme", "conformance", "--server", here.HTTP, "--scheme", "github")
	assert.Equal(t, exitRefused, code, "exit code")
	assert.Contains(t, out, "BROKEN")
	assert.Contains(t, out, "401")
	out, said, code := roster("scheme", "conformance", "--scheme", "github")
	assert.Equal(t, exitOK, code, out+said)
}
