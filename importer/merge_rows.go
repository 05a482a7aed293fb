package importer

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// personPlan is what the rows of one person say, and what is to be done with them.
type personPlan struct {
	Person

	rows []int // their indexes

	// What is to be done, and what became of the person once it is.
	commands []map[string]any
	result   Result
	details  []string
	// missing are the commands that create what the person needs and is not there, by what
	// they create.
	missing map[string]map[string]any
}

// merge combines the rows of each person, in the order of the first ones. A row that
// contradicts one before it is refused.
func (imp *peopleImport) merge(rows []Person) []*personPlan {
	byUser, byEmail := map[string]*personPlan{}, map[string]*personPlan{}
	var plans []*personPlan
	for _, named := range []bool{true, false} { // those with a user first
		for i, p := range rows {
			if (p.User != "") != named {
				continue
			}
			imp.results[i] = RowResult{Line: p.Line, User: p.User, Email: p.Email, Result: NotDone}
			email := strings.ToLower(p.Email)
			before := byUser[p.User]
			if !named {
				before = byEmail[email]
			}
			ends := imp.endsWithoutPlace(&p)
			switch {
			case p.LeftOut != "":
				imp.results[i].Result, imp.results[i].Detail = Skipped, p.LeftOut
			case p.Wrong != "":
				imp.results[i].Result, imp.results[i].Detail = Refused, p.Wrong
			case ends != "" && !imp.options.IgnoreEnds:
				imp.results[i].Result, imp.results[i].Detail = Refused, ends+"; --ignore-ends imports it without the end"
			case p.User == "" && p.Email == "":
				imp.results[i].Result, imp.results[i].Detail = Refused, "the row names neither a user nor an address"
			case before == nil:
				u := &personPlan{Person: p, rows: []int{i}}
				u.noteIgnored(ends)
				plans = append(plans, u)
				if named {
					byUser[p.User] = u
				}
				if email != "" && byEmail[email] == nil {
					byEmail[email] = u
				}
			default:
				if field := before.add(p); field != "" {
					imp.results[i].Result, imp.results[i].Detail = Refused, fmt.Sprintf("line %d gives the same person another %s", before.Line, field)
					continue
				}
				before.rows = append(before.rows, i)
				before.noteIgnored(ends)
			}
		}
	}
	slices.SortStableFunc(plans, func(x, y *personPlan) int { return x.rows[0] - y.rows[0] })
	return plans
}

// endsWithoutPlace names an end in a row that the organization has no place for; empty if there
// is none. If ends are to be ignored, it takes them out of the row.
func (imp *peopleImport) endsWithoutPlace(p *Person) (found string) {
	without := func(memberships []Membership, what string) []Membership {
		memberships = slices.Clone(memberships)
		for i, m := range memberships {
			if m.Until.IsZero() {
				continue
			}
			if found == "" {
				found = fmt.Sprintf("%s has no end, and that of %q ends %s in the file", what, m.ID, endText(m.Until))
			}
			if imp.options.IgnoreEnds {
				memberships[i].Until = time.Time{}
			}
		}
		return memberships
	}
	p.Teams = without(p.Teams, "a membership of a team")
	if p.User == "" {
		p.Projects = without(p.Projects, "a project in an invite")
	}
	return found
}

// add adds what another row says of the person. If it contradicts, nothing is added, and the
// field is returned.
func (u *personPlan) add(p Person) string {
	texts := []struct {
		name       string
		mine, more *string
	}{
		{"name", &u.Name, &p.Name},
		{"login", &u.Login, &p.Login},
		{"address", &u.Email, &p.Email},
		{"external id", &u.ExternalID, &p.ExternalID},
		{"role", &u.Role, &p.Role},
	}
	for _, t := range texts {
		if *t.mine != "" && *t.more != "" && *t.mine != *t.more && (t.name != "address" || !strings.EqualFold(*t.mine, *t.more)) {
			return t.name
		}
	}
	if !u.Until.IsZero() && !p.Until.IsZero() && !u.Until.Equal(p.Until) {
		return "end"
	}
	for _, t := range texts {
		if *t.mine == "" {
			*t.mine = *t.more
		}
	}
	if u.Until.IsZero() {
		u.Until = p.Until
	}
	u.Teams, u.Projects = append(u.Teams, p.Teams...), append(u.Projects, p.Projects...)
	return ""
}

// note adds to what is to be known of a person beside the result.
func (u *personPlan) note(format string, args ...any) {
	u.details = append(u.details, fmt.Sprintf(format, args...))
}

// noteIgnored notes an end that is ignored; empty if there is none.
func (u *personPlan) noteIgnored(end string) {
	if end != "" {
		u.note("%s, which is ignored", end)
	}
}

// detail returns what is to be known, in one text.
func (u *personPlan) detail() string { return strings.Join(u.details, "; ") }
