package importer

import (
	"fmt"
	"slices"
	"strings"
)

// personPlan is what the rows of one person say, and what is to be done with them.
type personPlan struct {
	Person

	rows []int // their indexes

	// What is to be done, and what became of the person once it is.
	commands []map[string]any
	result   Result
	detail   string
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
			switch {
			case p.LeftOut != "":
				imp.results[i].Result, imp.results[i].Detail = Skipped, p.LeftOut
			case p.User == "" && p.Email == "":
				imp.results[i].Result, imp.results[i].Detail = Refused, "the row names neither a user nor an address"
			case before == nil:
				u := &personPlan{Person: p, rows: []int{i}}
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
			}
		}
	}
	slices.SortStableFunc(plans, func(x, y *personPlan) int { return x.rows[0] - y.rows[0] })
	return plans
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
