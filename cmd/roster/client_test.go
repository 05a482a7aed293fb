package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
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
		`{"detail":"No.","errors":[{"index":0,"detail":"Too late."},{"location":"body.role","detail":"Unknown."}]}`))
	faulty := answering(t, problemOf(http.StatusInternalServerError, `{"detail":"It broke.","instance":"R1"}`))
	proxy := answering(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	nobody := httptest.NewServer(nil)
	nobody.Close()
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"refused":     {[]string{"--url", refused, "status"}, exitFailed, "No.\n  item 0: Too late.\n  body.role: Unknown."},
		"faulty":      {[]string{"--url", faulty, "status"}, exitFailed, "It broke. (request R1)"},
		"proxy":       {[]string{"--url", proxy, "status"}, exitFailed, "502 Bad Gateway"},
		"unreachable": {[]string{"--url", nobody.URL, "status"}, exitUnreachable, "is the server running"},
		"not served":  {[]string{"--data", t.TempDir(), "status"}, exitUnreachable, "roster serve"},
		"no command":  {nil, exitUsage, "expected one of"},
		"bad flag":    {[]string{"status", "--loud"}, exitUsage, "--loud"},
		"missing":     {[]string{"org", "create"}, exitUsage, "<id>"},
		"bad output":  {[]string{"status", "--output", "xml"}, exitUsage, "table"},
		"no file":     {[]string{"import", "nowhere.jsonl"}, exitUsage, "nowhere.jsonl"},
		"replicas":    {[]string{"serve", "--replicas", "3"}, exitUsage, "--replicas needs --nats"},
		"no data":     {[]string{"--data", t.TempDir() + "/none", "verify"}, exitFailed, "--data"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, said, code := roster(append([]string{"--key", "k"}, c.args...)...)
			if code != c.code || !strings.Contains(said, c.says) {
				t.Errorf("exit code %d, says %q", code, said)
			}
		})
	}
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
	if code != exitOK || !strings.Contains(said, "acme/1/0  organization.created.v1") {
		t.Errorf("exit code %d, says %q", code, said)
	}
	if len(keys) != 2 || keys[0] == "" || keys[0] != keys[1] {
		t.Errorf("idempotency keys are %q", keys)
	}
}

// TestSeesWhatItHasDone sends back the newest position that an answer carried.
func TestSeesWhatItHasDone(t *testing.T) {
	t.Parallel()
	var seen []string
	position := func(p string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			seen = append(seen, r.Header.Get("Roster-Min-Position"))
			w.Header().Set("Roster-Position", p)
			_, _ = w.Write([]byte(`{}`))
		}
	}
	c := &client{base: answering(t, position("7"), position("5"), position("9"))}
	for range 3 {
		if err := c.get(t.Context(), path("status"), nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Join(seen, ","); got != ",7,7" {
		t.Errorf("positions sent are %s", got)
	}
}

func TestPathsAreEscaped(t *testing.T) {
	t.Parallel()
	if got := (inOrg{"acme"}).at("projects", "a/b c?", "members"); got != "/v1/organizations/acme/projects/a%2Fb%20c%3F/members" {
		t.Error(got)
	}
}
