package domain_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func TestBuiltInSchemes(t *testing.T) {
	t.Parallel()
	all, err := domain.BuiltInSchemes()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"agency", "campaign", "data-model", "github", "owner-member", "scoped"}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(all))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if all[domain.DefaultScheme] == nil {
		t.Error("the default scheme is missing")
	}
	for _, scheme := range all {
		answers(t, scheme)
	}
}

// TestBuiltInSchemesDecideEveryAction holds that each file says of every action who
// may take it, or why nobody but the system.
func TestBuiltInSchemesDecideEveryAction(t *testing.T) {
	t.Parallel()
	all, err := domain.BuiltInSchemes()
	if err != nil {
		t.Fatal(err)
	}
	for key, scheme := range all {
		text, err := os.ReadFile(filepath.Join("schemes", key+".yaml"))
		if err != nil {
			t.Fatal(err)
		}
		_, reasons, found := strings.Cut(string(text), "# For the system alone:\n")
		if !found {
			t.Fatalf("%s does not say what is for the system alone", key)
		}
		for _, action := range domain.Actions() {
			_, allowed := scheme.Allow[action]
			refused := regexp.MustCompile(`\b` + string(action) + `\b`).MatchString(reasons)
			if allowed == refused {
				t.Errorf("%s: %s is allowed: %v, for the system alone: %v", key, action, allowed, refused)
			}
		}
	}
}

// TestBuiltInSchemesLockNobodyOut holds that the highest role is always held, and that
// its holders can undo what they do.
func TestBuiltInSchemesLockNobodyOut(t *testing.T) {
	t.Parallel()
	all, err := domain.BuiltInSchemes()
	if err != nil {
		t.Fatal(err)
	}
	for key, scheme := range all {
		roles := scheme.OrganizationRoles()
		top := roles[len(roles)-1]
		highest := scheme.Scheme.OrganizationRoles[slices.IndexFunc(scheme.Scheme.OrganizationRoles, func(r events.Role) bool { return r.Key == top })]
		if highest.AtLeast < 1 {
			t.Errorf("%s: nobody has to hold %q", key, top)
		}
		for _, action := range []events.Action{domain.RestoringOrganization, domain.ChangingScheme, domain.TransferringOwnership} {
			if !slices.Contains(scheme.Allow[action].OrganizationRoles, top) {
				t.Errorf("%s: %q may not %s", key, top, action)
			}
		}
	}
}

func TestLoadSchemes(t *testing.T) {
	t.Parallel()
	mine := strings.Replace(tiny, "key: tiny", "key: mine", 1)
	all, err := domain.LoadSchemes(fstest.MapFS{
		"a.yaml": {Data: []byte(tiny)}, "b.yml": {Data: []byte(mine)}, "README.md": {Data: []byte("# Ours")},
		"old/c.yaml": {Data: []byte("key: [")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"mine", "tiny"}, slices.Sorted(maps.Keys(all))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := domain.LoadSchemes(os.DirFS(filepath.Join(t.TempDir(), "none"))); err == nil {
		t.Error("a folder that is not there has no schemes, and no error")
	}
}

// TestLoadSchemesSaysEverything holds that every problem of every file is told at once.
func TestLoadSchemesSaysEverything(t *testing.T) {
	t.Parallel()
	builtIn, err := domain.BuiltInSchemes()
	if err != nil {
		t.Fatal(err)
	}
	_, err = builtIn.With(fstest.MapFS{
		"a.yaml": {Data: []byte(tiny)},
		"b.yaml": {Data: []byte("# Ours.\n" + tiny)},
		"c.yaml": {Data: []byte(strings.Replace(tiny, "tiny", "github", 1))},
		"d.yml":  {Data: []byte(strings.Replace(tiny, "version: 1", "version: 0\ncolour: red", 1))},
	})
	want := strings.Join([]string{
		`b.yaml:2: key: a.yaml has the key "tiny" too; choose another for one of them`,
		`c.yaml:1: key: "github" is the key of a built-in scheme; choose another, such as "my-github"`,
		`d.yml:1: key: a.yaml has the key "tiny" too; choose another for one of them`,
		`d.yml:2: version: is 0; it is a whole number from 1 to 1000000`,
		`d.yml:3: colour: there is no "colour" here; there are allow, creator_protected, custom_roles, invite_days, key, label, ` +
			`organization_roles, overrides, permissions, project_creator, project_roles, projects_visible_to, public_link, ` +
			`role_notices, seats, teams, version`,
	}, "\n")
	if err == nil {
		t.Fatal("nothing was found")
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSchemesWith(t *testing.T) {
	t.Parallel()
	builtIn, err := domain.BuiltInSchemes()
	if err != nil {
		t.Fatal(err)
	}
	before := len(builtIn)
	all, err := builtIn.With(fstest.MapFS{"a.yaml": {Data: []byte(tiny)}})
	if err != nil {
		t.Fatal(err)
	}
	if all["tiny"] == nil || all["github"] != builtIn["github"] || len(builtIn) != before {
		t.Errorf("got %v, and %d built-in ones left of %d", slices.Sorted(maps.Keys(all)), len(builtIn), before)
	}
}

// TestParseBesideOthers holds what one file is told against what its folder is told.
func TestParseBesideOthers(t *testing.T) {
	t.Parallel()
	builtIn, err := domain.BuiltInSchemes()
	if err != nil {
		t.Fatal(err)
	}
	if scheme, err := builtIn.Parse("a.yaml", []byte(tiny)); err != nil || scheme.Key != "tiny" {
		t.Errorf("tiny is refused: %v", err)
	}
	taken := []byte(strings.Replace(tiny, "tiny", "github", 1))
	if _, err := domain.ParseScheme("a.yaml", taken); err != nil {
		t.Errorf("alone, github is refused: %v", err)
	}
	_, err = builtIn.Parse("a.yaml", taken)
	want := `a.yaml:1: key: "github" is the key of a built-in scheme; choose another, such as "my-github"`
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}
