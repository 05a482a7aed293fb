package importer

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// preset says how a product's list of people is read.
type preset struct {
	columns map[string]string // from the names that columnName returns
	// find completes the format with what the headers say. Nil does nothing.
	find func(*Format, []string) error
	// adjust reads what columns alone do not say. Nil reads nothing more.
	adjust func(*Person, tableRow, Format) error
	// reads reports whether adjust reads a column. Nil is no column.
	reads func(f Format, column string) bool
}

var presets = map[string]preset{
	"": {},
	"entra": {
		columns: map[string]string{"id": "user", "userprincipalname": "login", "displayname": "name", "mail": "email"},
		adjust:  adjustEntra,
		reads:   readsOnly("accountenabled"),
	},
	"github": {
		columns: map[string]string{"github_com_login": "login", "github_com_name": "name"},
		find:    findGitHubOrganization,
		adjust:  adjustGitHub,
		reads:   func(f Format, column string) bool { return strings.HasPrefix(column, columnName(f.Organization)+"_") },
	},
	"gitlab": {
		columns: map[string]string{"name": "name", "username": "login", "email": "email"},
		adjust:  adjustGitLab,
		reads:   readsOnly("path", "type", "role", "membership_status", "access_expiration"),
	},
}

// Presets returns the names of the presets: entra for the users of Microsoft Entra, github
// for the people of a GitHub enterprise, gitlab for the memberships of GitLab.
func Presets() []string { return slices.Sorted(maps.Keys(presets))[1:] }

func readsOnly(columns ...string) func(Format, string) bool {
	return func(_ Format, column string) bool { return slices.Contains(columns, column) }
}

// adjustEntra leaves out who is disabled.
func adjustEntra(p *Person, row tableRow, _ Format) error {
	if strings.EqualFold(row.text("accountenabled"), "false") {
		p.LeftOut = "the account is disabled"
	}
	return nil
}

// findGitHubOrganization looks for the columns "ORG owner" and "ORG member". If the file has
// them for one organization alone, that is meant, whatever its name.
func findGitHubOrganization(f *Format, headers []string) error {
	var all []string
	for _, header := range headers {
		name := columnName(header)
		for _, role := range []string{"_owner", "_member"} {
			if org, found := strings.CutSuffix(name, role); found && !slices.Contains(all, org) {
				all = append(all, org)
			}
		}
	}
	switch {
	case slices.Contains(all, columnName(f.Organization)):
		f.Organization = columnName(f.Organization)
	case len(all) == 1:
		f.Organization = all[0]
	default:
		return &FormatError{"Organization", fmt.Sprintf("the file has no columns \"%[1]s owner\" and \"%[1]s member\": name the organization as the file does", f.Organization)}
	}
	return nil
}

// identify takes the login in lower case as the id, unless a column is named that has ids.
func (f Format) identify(p *Person) {
	if !slices.Contains(slices.Collect(maps.Values(f.Map)), "user") {
		p.User = strings.ToLower(p.Login)
	}
}

// adjustGitHub takes the login in lower case as the id, since GitHub does not tell case
// apart, and the role from the columns "ORG owner" and "ORG member".
func adjustGitHub(p *Person, row tableRow, f Format) error {
	f.identify(p)
	org := columnName(f.Organization)
	for _, role := range []string{"owner", "member"} {
		switch strings.ToLower(row.text(org + "_" + role)) {
		case "", "false", "no", "0":
			continue
		}
		p.Role = role
		return nil
	}
	p.LeftOut = "neither owner nor member of " + f.Organization
	return nil
}

// adjustGitLab takes the user name in lower case as the id, since GitLab does not tell case
// apart. A row is one membership: of the group at the top it is that of the organization, of
// a group below it of a team, of a project it is of the project. The path is the id.
func adjustGitLab(p *Person, row tableRow, f Format) error {
	f.identify(p)
	path, kind, role := row.text("path"), columnName(row.text("type")), row.text("role")
	if status := row.text("membership_status"); status != "" && !slices.Contains([]string{"approved", "active"}, strings.ToLower(status)) {
		p.LeftOut = "the membership is " + strings.ToLower(status)
		return nil
	}
	m := Membership{ID: path, Role: role}
	if end := row.text("access_expiration"); end != "" {
		var err error
		if m.Until, err = readTime(end); err != nil {
			return fmt.Errorf("Access expiration: %w", err) //nolint:staticcheck // the name of the column
		}
	}
	switch {
	case kind == "group" && !strings.Contains(path, "/"):
		p.Role, p.Until = m.Role, m.Until
	case kind == "group", kind == "subgroup", kind == "sub_group":
		p.Teams = []Membership{m}
	case kind == "project":
		p.Projects = []Membership{m}
	default:
		return fmt.Errorf("the type is %q: a group, a subgroup or a project was expected", row.text("type"))
	}
	return nil
}
