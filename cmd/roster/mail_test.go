package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/client"
)

// TestDevWritesMails has a server stop, and start again, with the mails of both times in its data directory, the second one in the language of the organization.
func TestDevWritesMails(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	mails := func() []string {
		files, err := filepath.Glob(filepath.Join(data, "mail", "acme", "*.eml"))
		require.NoError(t, err)
		return files
	}
	for n := 1; n <= 2; n++ {
		h := serve(t, data, "--dev", "--mail-locale", "de")
		if n == 1 {
			h.must("org", "create", "acme", "--owner", "ada")
		} else {
			_, said, code := h.roster("org", "locale", "acme", "fr", "--actor", "ada")
			assert.Equal(t, exitRefused, code)
			assert.Contains(t, said, `There are no mails in "fr"; there are those in de, en.`)
			h.must("org", "locale", "acme", "en", "--actor", "ada")
		}
		email := strings.Repeat("e", n) + "@example.org"
		h.must("invite", "send", email, "--org", "acme", "--actor", "ada")
		until(t, "the mail is written", func() bool { return len(mails()) == n })
		until(t, "that is noted", func() bool { return strings.Contains(h.must("mail", "status"), "waiting       0") })
		assert.Contains(t, h.must("mail", "dead-letters", "list"), "MAIL")
		assert.Contains(t, h.must("mail", "dead-letters", "retry"), "Tried again: 0 mails.")
		assert.Contains(t, h.must("mail", "dead-letters", "drop", "--all", "--yes"), "Dropped: 0 mails.")
		assert.Contains(t, h.must("mail", "dead-letters", "drop", "--mail", "x", "--yes"), "Dropped: 0 mails.")
		require.Zero(t, h.stop())
		text, err := os.ReadFile(mails()[n-1])
		require.NoError(t, err)
		assert.Contains(t, string(text), "To: <"+email+">")
		assert.Contains(t, string(text), "Content-Language: "+[]string{"de", "en"}[n-1])
	}
}

// TestServeReminds starts a server when a reminder has become due.
func TestServeReminds(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	h := serve(t, data)
	to, now := h.client(t), time.Now()
	before := client.OccurredAt(now.Add(-time.Hour))
	_, err := to.CreateOrganization(t.Context(), client.CreateOrganization{ID: "acme", Owner: "ada"}, before)
	require.NoError(t, err)
	_, err = to.AddMember(t.Context(), "acme", client.AddMember{User: "bob", Email: "bob@example.org", Until: now.Add(time.Hour)}, before)
	require.NoError(t, err)
	require.Zero(t, h.stop())
	serve(t, data, "--dev", "--remind", "1h30m")
	var text []byte
	until(t, "the mail is written", func() bool {
		files, err := filepath.Glob(filepath.Join(data, "mail", "acme", "*.eml"))
		if err == nil && len(files) == 1 {
			text, err = os.ReadFile(files[0])
		}
		return err == nil && len(text) > 0
	})
	assert.Contains(t, string(text), "Subject: Your access to acme ends soon")
}

func TestSettingsOfMail(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	open, templates := filepath.Join(dir, "password"), filepath.Join(dir, "templates")
	require.NoError(t, os.WriteFile(open, []byte("secret\n"), 0o644))
	require.NoError(t, os.Mkdir(templates, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(templates, "en.tmpl"), []byte("{{"), 0o600))
	complete := []string{"--smtp", "smtp://u@mail.example.org", "--mail-from", "a@example.org", "--public-url", "https://app.example.org"}
	for _, tc := range []struct {
		name  string
		flags []string
		says  string
	}{
		{"no sender", []string{"--smtp", "smtp://mail.example.org"}, "--mail-from"},
		{"no product", complete[:4], "--public-url"},
		{"a product without a scheme", append(complete[:5:5], "app.example.org"), `--public-url "app.example.org": the public URL is where`},
		{"a product without a scheme, in development", []string{"--dev", "--public-url", "app.example.org"}, "--public-url"},
		{"a sender that is no address", []string{"--dev", "--mail-from", "Acme"}, `--mail-from "Acme": the sender`},
		{"reminders twice at once", []string{"--dev", "--remind", "1d,24h"}, "names 1d twice"},
		{"a password for nobody", []string{"--smtp-password-file", open}, "name it with --smtp"},
		{"a user without a password", complete, "ROSTER_SMTP_PASSWORD"},
		{"a password that others can read", append([]string{"--smtp-password-file", open}, complete...), "make it private"},
		{"a password in the address", append([]string{"--smtp", "smtp://u:p@mail.example.org"}, complete[2:]...), "ROSTER_SMTP_PASSWORD"},
		{"a wrong template", []string{"--dev", "--mail-templates", templates}, "en.tmpl:1"},
		{"reminders of another kind", []string{"--dev", "--remind", "soon"}, "as in 7d,1d or 12h, or none"},
		{"a language that there is not", []string{"--dev", "--mail-locale", "tlh"}, "de, en"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			data := t.TempDir()
			_, said, code := roster(append([]string{"--data", data, "serve", "--listen", "127.0.0.1:0"}, tc.flags...)...)
			assert.Equal(t, exitError, code, said)
			assert.Contains(t, said, tc.says)
			assert.NoDirExists(t, filepath.Join(data, "postgres"))
		})
	}
}
