package main

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// answering serves the given answers in turn, the last one for ever.
func answering(t *testing.T, answers ...http.HandlerFunc) string {
	t.Helper()
	var asked atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answers[min(int(asked.Add(1)), len(answers))-1](w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func problemOf(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func TestExitCodes(t *testing.T) {
	t.Parallel()
	refused := answering(t, problemOf(http.StatusConflict,
		`{"detail":"No.","errors":[{"index":0,"detail":"Too late."},{"index":1,"about":"eve@","detail":"No address."},{"location":"body.role","detail":"Unknown."}]}`))
	malformed := answering(t, problemOf(http.StatusBadRequest, `{"detail":"What?"}`))
	faulty := answering(t, problemOf(http.StatusInternalServerError, `{"detail":"It broke.","instance":"R1"}`))
	proxy := answering(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	locked := answering(t, problemOf(http.StatusUnauthorized, `{"detail":"Send the root key: Authorization: Bearer KEY."}`))
	nameless := answering(t, problemOf(http.StatusNotFound, `{"code":"no_subscriber","detail":"There is no subscriber with this name; see /v1/subscribers."}`))
	nobody := httptest.NewServer(nil)
	nobody.Close()
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"refused":     {[]string{"--url", refused, "status"}, exitRefused, "No.\n  item 0: Too late.\n  eve@: No address.\n  body.role: Unknown."},
		"faulty":      {[]string{"--url", faulty, "status"}, exitError, "It broke. (request R1)"},
		"proxy":       {[]string{"--url", proxy, "status"}, exitError, "502 Bad Gateway"},
		"wrong key":   {[]string{"--url", locked, "status"}, exitError, "the server knows another key"},
		"no http":     {[]string{"--url", "127.0.0.1:18080", "status"}, exitError, `"127.0.0.1:18080" lacks http:// or https://`},
		"unreachable": {[]string{"--url", nobody.URL, "status"}, exitUnreachable, "is the server running"},
		"no replicas": {[]string{"--url", nobody.URL, "replicas"}, exitUnreachable, "the server at " + nobody.URL + " cannot be reached: dial"},
		"no such one": {[]string{"--url", nameless, "subscriber", "revoke", "sessions", "--yes"}, exitRefused, "with this name: see `roster subscriber list`."},
		"not served":  {[]string{"--data", t.TempDir(), "status"}, exitUnreachable, "roster serve"},
		"no command":  {nil, exitError, "expected one of"},
		"bad flag":    {[]string{"status", "--loud"}, exitError, "--loud"},
		"missing":     {[]string{"org", "create"}, exitError, "<id>"},
		"bad output":  {[]string{"status", "--output", "xml"}, exitError, "table"},
		"no file":     {[]string{"import", "nowhere.jsonl"}, exitError, "nowhere.jsonl"},
		"replicas":    {[]string{"serve", "--replicas", "3"}, exitError, "--replicas needs --nats"},
		"dry import":  {[]string{"import", "import_test.go", "--dry-run"}, exitError, "--dry-run is for commands that change an organization"},
		"dry notice":  {[]string{"notifications", "ack", "ada", "n1", "--dry-run"}, exitError, "--dry-run is for"},
		"dry list":    {[]string{"org", "list", "--dry-run"}, exitError, "--dry-run is for"},
		"dry show":    {[]string{"project", "show", "p", "--org", "acme", "--dry-run"}, exitError, "--dry-run is for"},
		"dry opening": {[]string{"project", "link", "open", "p", "t", "--org", "acme", "--dry-run"}, exitError, "--dry-run is for"},
		"dry server":  {[]string{"verify", "--dry-run"}, exitError, "--dry-run is for"},
		"bad past":    {[]string{"export", "access", "--at", "tomorrow"}, exitError, "write it as 2026-12-31T18:00:00Z, as 2026-12-31, today or yesterday"},
		"no end":      {[]string{"member", "end", "ada", "--org", "acme"}, exitError, "--until"},
		"bad end":     {[]string{"member", "end", "ada", "--until", "soon", "--org", "acme"}, exitError, "soon"},
		"bad level":   {[]string{"member", "levels", "ada", "--level", "people", "--org", "acme"}, exitError, "people"},
		"no scheme":   {[]string{"scheme", "validate", "nowhere.yaml"}, exitError, "nowhere.yaml"},
		"no actor":    {[]string{"--actor", "", "status"}, exitError, "names nobody"},
		"no org":      {[]string{"replay", "--org", ""}, exitError, "names no organization"},
		"no place":    {[]string{"check", "ada", "members", "--org", "acme"}, exitError, "name either a project, or --scope organization"},
		"two places":  {[]string{"check", "ada", "members", "p", "--scope", "organization", "--org", "acme"}, exitError, "name either a project"},
		"no answer":   {[]string{"--url", refused, "check", "ada", "members", "p", "--org", "acme"}, exitError, "No."},
		"no server":   {[]string{"--url", nobody.URL, "check", "ada", "members", "p", "--org", "acme"}, exitUnreachable, "is the server running"},
		"no data":     {[]string{"--data", t.TempDir() + "/none", "verify"}, exitError, "--data"},
		"malformed":   {[]string{"--url", malformed, "status"}, exitError, "What?"},
		"bad scheme":  {[]string{"scheme", "diff", "agency", "testdata/drafts/broken.yaml"}, exitRefused, "broken.yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, said, code := roster(append([]string{"--key", "k"}, c.args...)...)
			assert.Equal(t, c.code, code, "exit code")
			assert.Contains(t, said, c.says)
		})
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	said, _, code := roster("version")
	assert.Zero(t, code, "exit code")
	assert.Equal(t, version()+"\n", said)
	assert.NotEmpty(t, version())
	said, _, code = roster("--version")
	assert.Zero(t, code, "exit code")
	assert.Equal(t, version()+"\n", said)
	said, _, _ = roster("version", "--output", "json")
	assert.Contains(t, said, `"version": "`+version()+`"`)
}

// TestRepeatsUnderOneKey lets the server be out of reach of its ledger for a while.
func TestRepeatsUnderOneKey(t *testing.T) {
	t.Parallel()
	var keys []string
	note := func(answer http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			keys = append(keys, r.Header.Get("Idempotency-Key"))
			answer(w, r)
		}
	}
	url := answering(t,
		note(problemOf(http.StatusServiceUnavailable, `{"detail":"Later."}`)),
		note(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"id":"acme","position":7,"version":1,"changed":true,"events":[{"id":"acme/1/0","type":"organization.created.v1"}]}`))
		}))
	said, _, code := roster("--url", url, "--key", "k", "org", "create", "acme")
	assert.Zero(t, code, "exit code")
	assert.Contains(t, said, "acme/1/0  organization.created.v1")
	require.Len(t, keys, 2, "idempotency keys")
	assert.NotEmpty(t, keys[0], "idempotency keys")
	assert.Equal(t, keys[1], keys[0], "idempotency keys")
}
