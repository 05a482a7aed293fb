package domain

import (
	"time"

	"github.com/seed-2026d078/roster/events"
)

// The commands that change when something starts. Schemes allow them with those that change the end.
const (
	changingMemberStart        events.Action = "change_member_start"
	changingProjectMemberStart events.Action = "change_project_member_start"
	changingAssignmentStart    events.Action = "change_assignment_start"
)

// termChange is what makes the term of something as it is declared.
type termChange struct {
	// DeclaredChange is that of the end.
	DeclaredChange
	// changingStart is the action of the other one.
	changingStart events.Action
	now           term
	// from and until are as declared.
	from, until *time.Time
	// start and end return the commands that change them.
	start, end func(time.Time) Command
}

// changeTerm changes when something starts and ends, in the order in which it always ends after it starts.
func (p *declarationPlan) changeTerm(c termChange) {
	now := c.now
	pending := now.pendingStart(p.org.at)
	from, until := startOf(valueOr(p.Declaration, c.from, pending), p.m), valueOr(p.Declaration, c.until, now.Until())
	changeEnd := func() {
		if !until.Equal(now.Until()) {
			c.From, c.To = endInWords(now.Until()), endInWords(until)
			p.applyOn(c.Project, c.end(until), c.DeclaredChange)
		}
	}
	endFirst := now.until != 0 && !from.Before(now.Until())
	if endFirst {
		changeEnd()
	}
	if !from.Equal(pending) {
		change := c.DeclaredChange
		change.Action, change.From, change.To = c.changingStart, startInWords(pending), startInWords(from)
		p.applyOn(c.Project, c.start(from), change)
	}
	if !endFirst {
		changeEnd()
	}
}

// startInWords writes a start as it is declared.
func startInWords(start time.Time) string {
	if start.IsZero() {
		return "at once"
	}
	return start.UTC().Format(time.RFC3339)
}

// endInWords writes an end as it is declared.
func endInWords(end time.Time) string {
	if end.IsZero() {
		return "never"
	}
	return end.UTC().Format(time.RFC3339)
}
