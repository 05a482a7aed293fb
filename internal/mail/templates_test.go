package mail_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/mail"
)

var update = flag.Bool("update", false, "write the golden files")

func TestGolden(t *testing.T) {
	t.Parallel()
	templates, err := mail.ParseTemplates(nil, "en")
	require.NoError(t, err)
	want := map[string]bool{}
	for _, locale := range []string{"en", "de"} {
		for _, kind := range mail.Kinds() {
			subject, text, html, err := templates.Sample(locale, kind)
			require.NoError(t, err)
			assert.True(t, strings.HasPrefix(text, subject+"\n"), "the subject is the title")
			for ending, said := range map[string]string{".txt": text, ".html": html} {
				name := kind + "." + locale + ending
				want[name] = true
				golden(t, name, said)
			}
		}
	}
	files, err := os.ReadDir("testdata")
	require.NoError(t, err)
	for _, file := range files {
		assert.True(t, want[file.Name()], "%s is of no mail", file.Name())
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o750))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "write it with -update")
	assert.Equal(t, string(want), got, name)
}

func TestTemplatesAreReplaced(t *testing.T) {
	t.Parallel()
	own := func(name, text string) fstest.MapFS { return fstest.MapFS{name: {Data: []byte(text)}} }
	for _, tc := range []struct {
		name  string
		files fstest.MapFS
		err   string // a part of it; empty: they are taken
	}{
		{name: "another layout", files: own("layout.html", "<p>{{.Subject}}</p>")},
		{name: "a layout that cannot be read", files: own("layout.html", "{{.Subject"), err: "layout.html:1"},
		{name: "a layout that asks for what there is not", files: own("layout.txt", "{{.Sender}}"), err: "layout.txt:1"},
		{name: "a language that lacks a mail", files: own("fr.tmpl", `{{define "place"}}{{.Name}}{{end}}`), err: `fr.tmpl: it lacks the template "invitation.subject"`},
		{name: "words that ask for what there is not", files: own("de.tmpl", `{{define "invitation.subject"}}{{.Sender}}{{end}}`), err: "de.tmpl:1"},
		{name: "a file that is no template", files: own("read.me", ""), err: "read.me is no template"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			templates, err := mail.ParseTemplates(tc.files, "en")
			if tc.err != "" {
				require.ErrorContains(t, err, tc.err)
				return
			}
			require.NoError(t, err)
			_, _, html, err := templates.Sample("en", "invitation")
			require.NoError(t, err)
			assert.Equal(t, "<p>Ada invites you to Acme</p>", html)
		})
	}
	_, err := mail.ParseTemplates(nil, "fr")
	require.EqualError(t, err, `there are no templates for the locale "fr"; there are those for de, en`)
}

func TestClosestLanguage(t *testing.T) {
	t.Parallel()
	templates, err := mail.ParseTemplates(nil, "en")
	require.NoError(t, err)
	for wanted, got := range map[string]string{"de": "de", "de-AT": "de", "DE_at": "de", "fr": "en", "": "en"} {
		_, _, html, err := templates.Sample(wanted, "invitation")
		require.NoError(t, err)
		assert.Contains(t, html, `<html lang="`+got+`">`, wanted)
	}
}

// TestVariants holds what mails say of which the golden files show another variant.
func TestVariants(t *testing.T) {
	t.Parallel()
	templates, err := mail.ParseTemplates(nil, "en")
	require.NoError(t, err)
	fall := func(left string) func(*mail.Facts) {
		return func(f *mail.Facts) { f.By, f.After = "", left }
	}
	asked := func(minutes int) func(*mail.Facts) {
		return func(f *mail.Facts) { f.Elevation, f.Minutes = true, minutes }
	}
	inc := func(f *mail.Facts) { f.Organization, f.Role, f.From, f.Until, f.By = "Acme Inc.", "Jr.", nil, nil, "" }
	now := func(f *mail.Facts) { f.Project, f.From = "", nil }
	changed := func(f *mail.Facts) { f.Changed = true }
	later := func(f *mail.Facts) { f.Project, f.By = "", "" }
	for _, tc := range []struct {
		name, locale string
		kind         events.NoticeKind
		change       func(*mail.Facts)
		subject      string
		// text is a part of it.
		text string
	}{
		{"a role falls", "en", events.NoticeOfComingEnd, fall("Viewer"), "Your role on Site ends soon", "Your role on the project Site of Acme, Editor, ends on 2 March 2026, 09:30 UTC. From then on it is Viewer."},
		{"a role falls", "de", events.NoticeOfComingEnd, fall("Viewer"), "Ihre Rolle in Site endet bald", "Ihre Rolle im Projekt Site von Acme, Editor, endet am 2. März 2026, 09:30 Uhr (UTC). Danach ist sie Viewer."},
		{"permissions end", "en", events.NoticeOfComingEnd, fall("Editor"), "Some of your permissions on Site end soon", "Some of your permissions on the project Site of Acme end on 2 March 2026, 09:30 UTC. The role is still Editor from then on."},
		{"permissions end", "de", events.NoticeOfComingEnd, fall("Editor"), "Einige Ihrer Berechtigungen in Site enden bald", "Einige Ihrer Berechtigungen im Projekt Site von Acme enden am 2. März 2026, 09:30 Uhr (UTC). Die Rolle ist auch danach Editor."},
		{"added now", "en", events.NoticeOfAddition, now, "You are now in Acme", "Ada has added you to Acme. Your role is Editor."},
		{"added now", "de", events.NoticeOfAddition, now, "Sie gehören jetzt zu Acme", "Ada hat Sie Acme hinzugefügt. Ihre Rolle ist Editor."},
		{"added by nobody for later", "en", events.NoticeOfAddition, later, "You will be in Acme from 2 March 2026, 09:30 UTC", "You will be in Acme as Editor from 2 March 2026, 09:30 UTC."},
		{"added by nobody for later", "de", events.NoticeOfAddition, later, "Sie gehören ab 2. März 2026, 09:30 Uhr (UTC) zu Acme", "Sie gehören ab 2. März 2026, 09:30 Uhr (UTC) mit der Rolle Editor zu Acme."},
		{"started at once", "en", events.NoticeOfStartChange, now, "You are now in Acme", "Ada has changed when your access starts: you are now in Acme as Editor. Your access ends on 2 June 2026, 09:30 UTC. This mail replaces the earlier one."},
		{"started at once", "de", events.NoticeOfStartChange, now, "Sie gehören jetzt zu Acme", "Ada hat geändert, wann Ihr Zugriff beginnt: Sie gehören jetzt mit der Rolle Editor zu Acme. Ihr Zugriff endet am 2. Juni 2026, 09:30 Uhr (UTC). Diese Mail ersetzt die frühere."},
		{"an invitation that has changed", "en", events.NoticeOfInvitation, changed, "Your invitation to Acme has changed", "This mail replaces the earlier one. Ada invites you to join Acme as Editor."},
		{"an invitation that has changed", "de", events.NoticeOfInvitation, changed, "Ihre Einladung zu Acme hat sich geändert", "Diese Mail ersetzt die frühere. Ada lädt Sie ein, Acme mit der Rolle Editor beizutreten."},
		{"names that end in a full stop", "en", events.NoticeOfAddition, inc, "You are now on Site", "You were added to the project Site of Acme Inc. Your role is Jr. Open"},
		{"names that end in a full stop", "de", events.NoticeOfAddition, inc, "Sie gehören jetzt zu Site", "Sie wurden dem Projekt Site von Acme Inc. hinzugefügt. Ihre Rolle ist Jr. Site"},
		{"a name that ends in an ellipsis", "en", events.NoticeOfAcceptance, func(f *mail.Facts) { f.From, f.Role = nil, "Writer..." }, "Ada has joined Acme", "as Writer.... Open"},
		{"joined now", "de", events.NoticeOfAcceptance, now, "Ada ist Acme beigetreten", "gehört jetzt mit der Rolle Editor zu Acme."},
		{"an invitation without a start", "en", events.NoticeOfInvitation, now, "Ada invites you to Acme", "Your membership would end on 2 June 2026, 09:30 UTC."},
		{"an invitation without an end", "de", events.NoticeOfInvitation, func(f *mail.Facts) { f.Until = nil }, "Ada lädt Sie zu Acme ein", "Ihre Mitgliedschaft würde am 2. März 2026, 09:30 Uhr (UTC) beginnen."},
		{"for minutes", "en", events.NoticeOfRequest, asked(90), "Ada asks for the role Editor in Acme for a time", "It would last 90 minutes from its approval on."},
		{"for an hour", "de", events.NoticeOfRequest, asked(60), "Ada möchte die Rolle Editor in Acme auf Zeit", "Sie würde ab der Zusage 1 Stunde gelten."},
		{"for hours", "en", events.NoticeOfRequest, asked(240), "Ada asks for the role Editor in Acme for a time", "It would last 4 hours from its approval on."},
		{"for days", "de", events.NoticeOfRequest, asked(2 * 24 * 60), "Ada möchte die Rolle Editor in Acme auf Zeit", "Sie würde ab der Zusage 2 Tage gelten."},
	} {
		t.Run(tc.name+" in "+tc.locale, func(t *testing.T) {
			t.Parallel()
			subject, text, err := templates.Vary(tc.locale, tc.kind, tc.change)
			require.NoError(t, err)
			assert.Equal(t, tc.subject, subject)
			assert.Contains(t, strings.Join(strings.Fields(text), " "), tc.text)
		})
	}
}

func TestPausesGrow(t *testing.T) {
	t.Parallel()
	var all time.Duration
	for tries := 1; tries < mail.MaxTries; tries++ {
		pause := mail.PauseAfter(tries)
		assert.LessOrEqual(t, pause, 5*time.Hour)
		assert.GreaterOrEqual(t, pause, 22*time.Second)
		all += pause
	}
	assert.Greater(t, all, 36*time.Hour, "a server may be away for a day and a half")
}

// TestEveryKindIsWritten holds that there is a mail for every kind of notices that goes by mail, and for no other.
func TestEveryKindIsWritten(t *testing.T) {
	t.Parallel()
	var kinds []string
	for _, kind := range domain.NoticeKinds(events.MailChannel) {
		kinds = append(kinds, string(kind))
	}
	assert.ElementsMatch(t, kinds, mail.Kinds())
}
