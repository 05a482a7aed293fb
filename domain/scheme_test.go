package domain_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/seed-2026d078/roster/domain"
)

const tiny = `key: tiny
version: 1
organization_roles: [{key: owner, rank: 1}]
project_roles: [{key: editor, rank: 1}]
projects_visible_to: members
allow: {}
`

func TestBuiltInSchemes(t *testing.T) {
	t.Parallel()
	all, err := domain.BuiltInSchemes()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"owner-member", "github"} {
		if all[key] == nil {
			t.Errorf("%s is missing", key)
		}
	}
	if all[domain.DefaultScheme] == nil {
		t.Error("the default scheme is missing")
	}
}

func TestParseSchemeRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, old, broken, says string }{
		{"an unknown field", "version: 1", "version: 1\ncolour: red", `unknown field "colour"`},
		{"no key", "key: tiny", "key: ''", "has a key"},
		{"no version", "version: 1", "version: 0", "version of 1"},
		{"no roles", "[{key: owner, rank: 1}]", "[]", "organization_roles: there is no role"},
		{"a key twice", "[{key: editor, rank: 1}]", "[{key: editor, rank: 1}, {key: editor, rank: 2}]", `"editor" stands twice`},
		{"two defaults", "[{key: editor, rank: 1}]", "[{key: a, rank: 1, default: true}, {key: b, rank: 2, default: true}]", "more than one role is the default"},
		{"a reach that is no role", "{key: owner, rank: 1}", "{key: owner, rank: 1, all_projects: king}", `no role "king"`},
		{"an unknown creator", "version: 1", "version: 1\nproject_creator: king", `project_creator: there is no role "king"`},
		{"an unknown hand", "{key: owner, rank: 1}", "{key: owner, rank: 1, handed_out_by: [king]}", `handed_out_by: there is no role "king"`},
		{"an unknown permission", "{key: editor, rank: 1}", "{key: editor, rank: 1, levels: {fly: full}}", `no permission "fly"`},
		{"an unknown action", "allow: {}", "allow: {fly: {self: true}}", `allow.fly: there is no such action`},
		{"an unknown role in a rule", "allow: {}", "allow: {add_member: {organization_roles: [king]}}", `no role "king"`},
		{"an unknown visibility", "visible_to: members", "visible_to: all", `projects_visible_to is "all"`},
		{"negative days", "version: 1", "version: 1\ninvite_days: -1", "invite_days is -1"},
		{"no YAML", "key: tiny", "key: [", "["},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(tiny, tc.old, tc.broken, 1)
			if text == tiny {
				t.Fatalf("nothing to break: %q", tc.old)
			}
			_, err := domain.ParseScheme([]byte(text))
			if err == nil || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("got %v, want it to say %q", err, tc.says)
			}
		})
	}
	if _, err := domain.ParseScheme([]byte(tiny)); err != nil {
		t.Errorf("the whole one is refused: %v", err)
	}
}

func TestLoadSchemesNamesTheFile(t *testing.T) {
	t.Parallel()
	_, err := domain.LoadSchemes(fstest.MapFS{
		"a.yaml": {Data: []byte(tiny)}, "b.yaml": {Data: []byte(tiny)},
	})
	if err == nil || !strings.Contains(err.Error(), "b.yaml") {
		t.Errorf("two files with one key: %v", err)
	}
	_, err = domain.LoadSchemes(fstest.MapFS{"c.yaml": {Data: []byte(tiny + "colour: red\n")}})
	if err == nil || !strings.Contains(err.Error(), "c.yaml") || !strings.Contains(err.Error(), "7") {
		t.Errorf("a broken file: %v", err)
	}
}

func FuzzParseScheme(f *testing.F) {
	f.Add([]byte(tiny))
	f.Add([]byte("allow: {x: {self: 1}}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		scheme, err := domain.ParseScheme(text)
		if (scheme == nil) == (err == nil) {
			t.Errorf("%v, %v", scheme, err)
		}
	})
}

func TestRejections(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range domain.Rejections() {
		if r.Code == "" || r.Detail == "" || r.Kind < domain.NotFound || r.Kind > domain.Meaningless {
			t.Errorf("%+v says too little", r)
		}
		if seen[r.Code] {
			t.Errorf("%s stands for two rejections", r.Code)
		}
		seen[r.Code] = true
	}
}

// TestRejectionsAreListed holds the list against the variables in the source.
func TestRejectionsAreListed(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("rejection.go")
	if err != nil {
		t.Fatal(err)
	}
	if declared := strings.Count(string(source), "= &Rejection{"); declared != len(domain.Rejections()) {
		t.Errorf("%d rejections are declared, %d listed", declared, len(domain.Rejections()))
	}
}
