package api_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// withoutKey asks as somebody who has no key.
func (h *testServer) withoutKey(headers ...string) ask {
	a := h.as("", headers...)
	a.header.Del("Authorization")
	return a
}

func TestDocumentsNeedNoKey(t *testing.T) {
	t.Parallel()
	h := startServer(t)
	for path, mediaType := range map[string]string{
		"/docs":                 "text/html; charset=utf-8",
		"/openapi.json":         "application/openapi+json",
		"/openapi.yaml":         "application/openapi+yaml",
		"/openapi-3.0.json":     "application/openapi+json",
		"/openapi-3.0.yaml":     "application/openapi+yaml",
		"/problems":             "application/json",
		"/problems/last_holder": "application/json",
	} {
		got := h.withoutKey().do("GET "+path, nil).ok()
		assert.Equal(t, mediaType, got.header.Get("Content-Type"), path)
		assert.NotEmpty(t, got.body, path)
	}
	h.withoutKey().do("GET /problems/last_holder", nil).ok().has("code", "last_holder", "status", 409)
	h.withoutKey().do("GET /problems/none", nil).refused(404, "no_such_problem")
	h.withoutKey().do("GET /problems/../v1/organizations", nil).refused(404, "no_route")
}

func TestRootLeadsToTheDocs(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	got := server.withoutKey().do("GET /", nil).ok()
	assert.Contains(t, string(got.body), "<redoc")
	server.withoutKey().do("GET /nothing", nil).refused(401, "no_key")
}

// TestDocsStayOnTheServer holds the page to loading its own server's files alone.
func TestDocsStayOnTheServer(t *testing.T) {
	t.Parallel()
	h := startServer(t)
	page := h.withoutKey().do("GET /docs", nil).ok()
	policy := map[string]string{}
	for rule := range strings.SplitSeq(page.header.Get("Content-Security-Policy"), "; ") {
		name, sources, _ := strings.Cut(rule, " ")
		policy[name] = sources
	}
	assert.Equal(t, "'none'", policy["default-src"])
	assert.Equal(t, "'self'", policy["script-src"])
	assert.Equal(t, "'self'", policy["connect-src"])
	for name, sources := range policy {
		assert.NotRegexp(t, `\*|https?:|//`, sources, name)
	}
	assert.NotRegexp(t, `(https?:)?//`, string(page.body))

	script := regexp.MustCompile(`src="(/docs/[^"]+)"`).FindSubmatch(page.body)
	require.NotNil(t, script)
	unpacked := h.withoutKey("Accept-Encoding", "identity").do("GET "+string(script[1]), nil).ok()
	assert.Empty(t, unpacked.header.Get("Content-Encoding"))
	packed := h.withoutKey("Accept-Encoding", "gzip").do("GET "+string(script[1]), nil).ok()
	assert.Equal(t, "gzip", packed.header.Get("Content-Encoding"))
	assert.Less(t, len(packed.body), len(unpacked.body)/2)
	assert.Contains(t, string(unpacked.body), "redoc")
}
