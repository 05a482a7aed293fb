package mail

import (
	"bytes"
	"cmp"
	"embed"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"text/template"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

//go:embed templates
var embedded embed.FS

const (
	layoutHTML = "layout.html"
	layoutText = "layout.txt"
	// localeSuffix ends the name of a file that has the words of one locale.
	localeSuffix = ".tmpl"
)

// Templates turn what is to be said into mails.
type Templates struct {
	html     *htmltemplate.Template
	text     *template.Template
	locales  map[string]*template.Template
	fallback string // the locale of people whose own is unknown
}

// ParseTemplates reads the templates. Files of a directory replace those of the same name, and add locales, such as fr.tmpl; nil has
// none. It tries every template, and fails with all that is wrong, and if there is no locale of the name of fallback.
func ParseTemplates(replaced fs.FS, fallback string) (*Templates, error) {
	files, err := templateFiles(replaced)
	if err != nil {
		return nil, err
	}
	t := &Templates{locales: map[string]*template.Template{}, fallback: fallback}
	if t.html, err = htmltemplate.New(layoutHTML).Parse(files[layoutHTML]); err != nil {
		return nil, err
	}
	if t.text, err = template.New(layoutText).Funcs(layoutFuncs).Parse(files[layoutText]); err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if locale, is := strings.CutSuffix(name, localeSuffix); is {
			if t.locales[locale], err = template.New(name).Funcs(localeFuncs).Option("missingkey=error").Parse(files[name]); err != nil {
				return nil, err
			}
		}
	}
	if t.locales[fallback] == nil {
		return nil, fmt.Errorf("there are no templates for the locale %q; there are those for %s", fallback, strings.Join(t.Locales(), ", "))
	}
	return t, t.try()
}

// templateFiles returns the templates by the names of their files.
func templateFiles(replaced fs.FS) (map[string]string, error) {
	standard, err := fs.Sub(embedded, "templates")
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	for _, from := range []fs.FS{standard, replaced} {
		if from == nil {
			continue
		}
		entries, err := fs.ReadDir(from, ".")
		if err != nil {
			return nil, err
		}
		for _, entry := range entries {
			name := entry.Name()
			if name != layoutHTML && name != layoutText && path.Ext(name) != localeSuffix {
				return nil, fmt.Errorf("%s is no template: those are %s, %s and, for each locale, a file such as en%s", name, layoutHTML, layoutText, localeSuffix)
			}
			text, err := fs.ReadFile(from, name)
			if err != nil {
				return nil, err
			}
			files[name] = string(text)
		}
	}
	return files, nil
}

// try renders every kind of mail in every locale.
func (t *Templates) try() error {
	var wrong []error
	for _, locale := range t.Locales() {
		for _, c := range composers {
			for _, f := range []facts{{Kind: c.kind}, sample(c.kind)} {
				if _, err := t.render(f, locale); err != nil {
					wrong = append(wrong, err)
					break
				}
			}
		}
	}
	return errors.Join(wrong...)
}

// sample is a mail that has everything.
func sample(kind events.NoticeKind) facts {
	at := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	until := at.AddDate(0, 3, 0)
	f := facts{Kind: kind, Organization: "Acme", By: "Ada", Role: "Editor", HighestRole: "Owner", Link: "https://app.example.org"}
	if !domain.ForOutsiders(kind) {
		f.Unsubscribe = f.Link + "/unsubscribe/token"
	}
	switch kind { //nolint:exhaustive // the others say no more
	case events.NoticeOfInvitation, events.NoticeOfInvitationReminder:
		f.Places, f.Message, f.Expires, f.From, f.Until, f.Link = []place{{"Site", "Editor"}}, "Welcome", &at, &at, &until, f.Link+"/invite#token"
	case events.NoticeOfComingEnd:
		f.Project, f.Until = "Site", &at
	case events.NoticeOfRoleChange:
		f.Project, f.Before = "Site", "Viewer"
	case events.NoticeOfAcceptance:
		f.From = &at
	case events.NoticeOfAddition, events.NoticeOfStartChange:
		f.Project, f.From, f.Until = "Site", &at, &until
	case events.NoticeOfApproval:
		f.Project, f.Until = "Site", &until
	case events.NoticeOfRemoval, events.NoticeOfExpiry:
		f.Project = "Site"
	case events.NoticeOfRequest:
		f.Message, f.Expires, f.Until = "To write for it", &at, &at
	case events.NoticeOfDenial:
		f.Message = "From May on"
	}
	return f
}

// facts are what a mail says. Times and texts that are unknown, or not there, are nil or empty.
type facts struct {
	Kind events.NoticeKind
	// Organization is its name.
	Organization string
	// By is the name of who did it; of a coming end, the name of whose access ends, unless it is one's own.
	By string
	// Project is its name, if it is about one.
	Project string
	// Role is what the role is called that somebody has, or is offered; Before the one that they had; After the one that they have
	// once Role has ended, the same if permissions alone end.
	Role, Before, After string
	// Places are the projects and teams of an invitation.
	Places []place
	// Message is what the sender of an invitation says, why somebody asks for access, or why it was denied.
	Message string
	// HighestRole is what the highest role in the organization is called.
	HighestRole string
	// Changed says that an invitation offers something else than in an earlier mail.
	Changed bool
	// Elevation says that a request is for a higher role for a time, Minutes how long that is to last from its approval on; 0 if
	// Until says it.
	Elevation bool
	Minutes   int
	// Expires is when an invitation, or a request, ends; From is when access starts, if that is later, Until when it ends.
	Expires, From, Until *time.Time
	Link                 string
	// Unsubscribe is where mails of this kind are switched off; empty if they cannot be.
	Unsubscribe string
}

// place is a project or a team, and what the role there is called.
type place struct{ Name, Role string }

// page is what the layouts show.
type page struct {
	Locale, Subject, Organization string
	Paragraphs, Items             []string
	Quote, Action, Link           string
	Notes                         []string
	// Unsubscribe is what the link to UnsubscribeURL is called.
	Unsubscribe, UnsubscribeURL string
}

// rendered is a mail in words.
type rendered struct{ locale, subject, text, html string }

// render writes a mail in the first of the locales that there is, or that comes close to one that there is.
func (t *Templates) render(f facts, locales ...string) (rendered, error) {
	locale := t.closest(locales...)
	words := t.locales[locale]
	p := page{Locale: locale, Organization: f.Organization, Quote: f.Message, Link: f.Link, UnsubscribeURL: f.Unsubscribe}
	say := func(name string, data any) (said string, err error) {
		part := words.Lookup(name)
		if part == nil {
			return "", fmt.Errorf("%s%s: it lacks the template %q", locale, localeSuffix, name)
		}
		var out strings.Builder
		err = part.Execute(&out, data)
		return out.String(), err
	}
	var failed []error
	part := func(name string, data any) string {
		said, err := say(name, data)
		failed = append(failed, err)
		return said
	}
	p.Subject = line(part(string(f.Kind)+".subject", f))
	p.Paragraphs = paragraphs(part(string(f.Kind)+".text", f))
	p.Action = line(part(string(f.Kind)+".action", f))
	p.Notes = paragraphs(part(string(f.Kind)+".note", f))
	p.Unsubscribe = line(part("unsubscribe", f))
	for _, at := range f.Places {
		p.Items = append(p.Items, line(part("place", at)))
	}
	var text, html bytes.Buffer
	failed = append(failed, t.text.Execute(&text, p), t.html.Execute(&html, p))
	return rendered{locale, p.Subject, strings.TrimSpace(text.String()) + "\n", html.String()}, cmp.Or(failed...)
}

// closest returns the first locale that there is of those that are wanted, by itself or by its language; the fallback if there is none.
func (t *Templates) closest(wanted ...string) string {
	for _, one := range wanted {
		for _, locale := range []string{one, languageOf(one)} {
			if t.locales[locale] != nil {
				return locale
			}
		}
	}
	return t.fallback
}

// languageOf returns the language of a locale, in lower case.
func languageOf(locale string) string {
	language, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(locale), "_", "-"), "-")
	return language
}

// Has reports whether there are templates for a locale, or for its language.
func (t *Templates) Has(locale string) bool {
	return t.locales[locale] != nil || t.locales[languageOf(locale)] != nil
}

// Locales returns the locales for which there are templates, in order.
func (t *Templates) Locales() []string { return slices.Sorted(maps.Keys(t.locales)) }
