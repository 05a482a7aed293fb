package api_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/apitest"
)

func TestDocumentsNeedNoKey(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	for path, mediaType := range map[string]string{
		"/docs":                 "text/html; charset=utf-8",
		"/openapi.json":         "application/openapi+json",
		"/openapi.yaml":         "application/openapi+yaml",
		"/openapi-3.0.json":     "application/openapi+json",
		"/openapi-3.0.yaml":     "application/openapi+yaml",
		"/asyncapi.json":        "application/vnd.aai.asyncapi+json",
		"/schemas.json":         "application/schema+json",
		"/problems":             "application/json",
		"/problems/last_holder": "application/json",
	} {
		got := h.As("").Without("Authorization").Sees(path)
		assert.Equal(t, mediaType, got.Header.Get("Content-Type"), path)
		assert.NotEmpty(t, got.Body, path)
	}
	h.As("").Without("Authorization").Sees("/problems/last_holder").Has("code", "last_holder", "status", 409)
	h.As("").Without("Authorization").SeesNo("/problems/none", "no_such_problem")
	h.As("").Without("Authorization").SeesNo("/problems/../v1/organizations", "no_route")
}

func TestRootLeadsToTheDocs(t *testing.T) {
	t.Parallel()
	server := apitest.Start(t)
	got := server.As("").Without("Authorization").Sees("/")
	assert.Contains(t, got.Body, "<redoc")
	server.As("").Without("Authorization").Ask("GET /nothing").Refused(401, "no_key")
	assert.Equal(t, 204, server.As("").Without("Authorization").Ask("GET /favicon.ico").Status, "browsers ask for an icon")
}

// TestDocsStayOnTheServer holds the page to loading its own server's files alone.
func TestDocsStayOnTheServer(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	page := h.As("").Without("Authorization").Sees("/docs")
	policy := map[string]string{}
	for rule := range strings.SplitSeq(page.Header.Get("Content-Security-Policy"), "; ") {
		name, sources, _ := strings.Cut(rule, " ")
		policy[name] = sources
	}
	assert.Equal(t, "'none'", policy["default-src"])
	assert.Equal(t, "'self'", policy["script-src"])
	assert.Equal(t, "'self'", policy["connect-src"])
	for name, sources := range policy {
		assert.NotRegexp(t, `\*|https?:|//`, sources, name)
	}
	assert.NotRegexp(t, `(https?:)?//`, page.Body)

	script := regexp.MustCompile(`src="(/docs/[^"]+)"`).FindStringSubmatch(page.Body)
	require.NotNil(t, script)
	unpacked := h.As("").Without("Authorization").With("Accept-Encoding", "identity").Sees(script[1])
	assert.Empty(t, unpacked.Header.Get("Content-Encoding"))
	packed := h.As("").Without("Authorization").With("Accept-Encoding", "gzip").Sees(script[1])
	assert.Equal(t, "gzip", packed.Header.Get("Content-Encoding"))
	assert.Less(t, len(packed.Body), len(unpacked.Body)/2)
	assert.Contains(t, unpacked.Body, "redoc")
}
