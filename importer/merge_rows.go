package importer

import (
	"fmt"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/internal/mailbox"
)

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
			email := mailbox.Key(p.Email)
			before := byUser[p.User]
			if !named {
				before = byEmail[email]
			}
			terms := imp.termsWithoutPlace(&p)
			switch {
			case p.LeftOut != "":
				imp.results[i].Result, imp.results[i].Detail = Skipped, p.LeftOut
			case p.Wrong != "":
				imp.results[i].Result, imp.results[i].Detail = Refused, p.Wrong
			case terms != "" && !imp.options.IgnoreEnds:
				imp.results[i].Result, imp.results[i].Detail, imp.results[i].Option = Refused, terms, "IgnoreEnds"
			case p.User == "" && p.Email == "":
				imp.results[i].Result, imp.results[i].Detail = Refused, "the row names neither a user nor an address"
			case before == nil:
				u := &personPlan{Person: p, rows: []int{i}}
				u.noteIgnored(terms)
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
				before.noteIgnored(terms)
			}
		}
	}
	slices.SortStableFunc(plans, func(x, y *personPlan) int { return x.rows[0] - y.rows[0] })
	return plans
}

// termsWithoutPlace names a start or an end in a row that the organization has no place for; empty if there
// is none. If they are to be ignored, it takes them out of the row.
func (imp *peopleImport) termsWithoutPlace(p *Person) (found string) {
	without := func(memberships []Membership, what string) []Membership {
		memberships = slices.Clone(memberships)
		for i, m := range memberships {
			if m.From.IsZero() && m.Until.IsZero() {
				continue
			}
			switch {
			case found != "":
			case m.Until.IsZero():
				found = fmt.Sprintf("%s has no start, and that of %q starts %s in the file", what, m.ID, timeText(m.From))
			default:
				found = fmt.Sprintf("%s has no end, and that of %q ends %s in the file", what, m.ID, timeText(m.Until))
			}
			if imp.options.IgnoreEnds {
				memberships[i].From, memberships[i].Until = time.Time{}, time.Time{}
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
