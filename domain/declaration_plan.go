package domain

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// declarationPlan turns a declaration into commands, in steps. Each step looks at the state after
// those before it, so that it sees what their commands brought along. First comes what gives,
// then what takes: so the last holder of a role can be replaced, and who makes the declaration
// keeps their rights to the end.
type declarationPlan struct {
	Declaration

	// before is the state that the declaration finds, org that after the commands so far.
	before, org Organization
	m           events.Moment
	// transient owns the states between two commands.
	transient *champ.Transient

	// teamIDs are those of the declared teams, in their order.
	teamIDs []events.TeamID
	// teamByName finds those ids by the names as declared, in folded case.
	teamByName map[string]events.TeamID
	// parentsFirst are the indexes of the declared teams, each after that of its parent.
	parentsFirst []int
	// ownTeams are those by which who makes the declaration may have something.
	ownTeams map[events.TeamID]bool
	// leaving are the members that the declaration does not name.
	leaving map[events.UserID]bool
	// archiving are the events that archive projects, also those that were restored to be
	// changed. They are decided before who makes the declaration is taken off a project: an
	// archived one cannot be changed, so it is archived after that, without a right to it.
	archiving map[events.ProjectID][]events.Event
	// declaredProjects are those that have an entry of their own, staffed those of them whose
	// people are declared.
	declaredProjects, staffed map[events.ProjectID]bool

	// tried counts the commands that were tried.
	tried   int
	changes []DeclaredChange
	events  []events.Event
	refused []RefusedChange
}

func newDeclarationPlan(c Declaration, org Organization, m events.Moment) *declarationPlan {
	org.declaring = true
	return &declarationPlan{
		Declaration: c, before: org, org: org, m: m, transient: new(champ.Transient), archiving: map[events.ProjectID][]events.Event{},
	}
}

// run takes the steps until one is refused something.
func (p *declarationPlan) run() (*declarationPlan, error) {
	for _, step := range []func(){
		p.matchTeams, p.findLeaving, p.renameOrganization, p.openProjects, p.addMembers, p.arrangeTeams, p.fillTeams, p.fillProjects,
		p.clearOthers, p.closeProjects, p.clearOwn, p.archiveProjects, p.removeMembers, p.countSeats,
	} {
		step()
		switch {
		case !p.org.spend(0):
			return nil, p.org.budget.err()
		case p.tried > MaxDeclared:
			return nil, errDeclaredTooMuch(p.tried, "changes or more")
		case p.refused != nil:
			return nil, &DeclarationError{p.refused}
		}
	}
	return p, nil
}

// apply decides a command and goes on in the state after it. A command that changes nothing is
// no change.
func (p *declarationPlan) apply(c Command, change DeclaredChange, path ...any) {
	if p.tried++; p.tried > MaxDeclared {
		return // run refuses all of it
	}
	if len(path) > 0 {
		change.Path = pointer(path...)
	}
	if !p.org.spend(stepsOfItem) {
		return // decide refuses all of it
	}
	happened, err := c.Decide(p.org, p.m)
	if err != nil {
		p.refused = append(p.refused, RefusedChange{change, change.inDeclaration(err)})
		return
	}
	p.accept(happened, change)
}

// accept goes on in the state after some events.
func (p *declarationPlan) accept(happened []events.Event, change DeclaredChange) {
	if len(happened) == 0 {
		return
	}
	p.org = p.org.evolveAll(p.transient, p.m, len(p.events), happened)
	p.events = append(p.events, happened...)
	p.changes = append(p.changes, change)
}

// inDeclaration adds to a refusal what to declare, where the advice of the command is another
// command.
func (c DeclaredChange) inDeclaration(err error) error {
	var refused *Rejection
	switch {
	case c.Project == "" || !errors.As(err, &refused):
	case errors.Is(err, ErrLastHolder):
		return ErrLastHolder.Because("%s In a declaration, name somebody else there with the role, without an end: archived projects keep their holders, too.", refused.Detail)
	case errors.Is(err, ErrProtected):
		return ErrProtected.Because("%s In a declaration, name them there with the role that they have, or leave out who is on the project.", refused.Detail)
	}
	return err
}

// applyOn is apply for a command that changes a project. A project that is archived, and stays so,
// is restored for it.
func (p *declarationPlan) applyOn(id events.ProjectID, c Command, change DeclaredChange, path ...any) {
	if project := p.org.projects.At(id); project != nil && project.Archived {
		p.apply(RestoreProject{Project: id}, DeclaredChange{Action: RestoringProject, Project: id, Path: change.Path}, path...)
		p.decideArchiving(id, change.Path)
	}
	p.apply(c, change, path...)
}

// decideArchiving decides the archiving of a project that is not archived now.
func (p *declarationPlan) decideArchiving(id events.ProjectID, path string) {
	happened, err := ArchiveProject{Project: id}.Decide(p.org, p.m)
	if err != nil {
		p.refused = append(p.refused, RefusedChange{DeclaredChange{Action: ArchivingProject, Project: id, Path: path}, err})
	}
	p.archiving[id] = happened
}

// pointer returns a JSON Pointer. No part of it needs an escape.
func pointer(path ...any) string {
	var text []byte
	for _, part := range path {
		text = fmt.Append(text, "/", part)
	}
	return string(text)
}

// present returns a membership that has not ended; nil if there is none.
func (p *declarationPlan) present(id events.UserID) *Member {
	if member := p.org.members.At(id); member != nil && !member.ended(p.org.at) {
		return member
	}
	return nil
}

// findLeaving finds the members that the declaration does not name.
func (p *declarationPlan) findLeaving() {
	p.leaving = map[events.UserID]bool{}
	if p.Members == nil {
		return
	}
	for id := range p.org.Members() {
		p.leaving[id] = p.present(id) != nil
	}
	for _, declared := range p.Members {
		p.leaving[declared.Member] = false
	}
}

func (p *declarationPlan) renameOrganization() {
	if p.Name != "" && p.Name != p.org.name {
		p.apply(RenameOrganization{To: p.Name}, DeclaredChange{Action: RenamingOrganization, From: p.org.name, To: p.Name}, "name")
	}
}

// addMembers adds members, and changes those who get a role that ranks no lower.
func (p *declarationPlan) addMembers() {
	for i, declared := range p.Members {
		role, err := p.org.scheme.organization.orDefault(declared.Role)
		if err != nil {
			p.refused = append(p.refused, RefusedChange{DeclaredChange{Action: AddingMember, Member: declared.Member, Path: pointer("members", i)}, err})
			continue
		}
		member := p.org.members.At(declared.Member)
		switch {
		case member == nil:
			p.apply(AddMember{
				Member: declared.Member, Role: role, PersonalData: PersonalData{Login: declared.Login}, Levels: declared.Levels,
				From: valueOr(p.Declaration, declared.From, time.Time{}), Until: valueOr(p.Declaration, declared.Until, time.Time{}),
			}, DeclaredChange{Action: AddingMember, Member: declared.Member, To: string(role)}, "members", i)
		case p.present(declared.Member) == nil:
			p.addAgain(i, declared)
			p.changeMember(i, declared, role)
		case p.org.scheme.organization.rank(role) >= p.org.scheme.organization.rank(member.Role):
			p.changeMember(i, declared, role)
		}
	}
}

// changeMember makes a member as declared, except that it suspends nobody.
func (p *declarationPlan) changeMember(i int, declared DeclaredMember, role events.RoleKey) {
	member := p.org.members.At(declared.Member)
	if member.Role != role {
		p.apply(ChangeMemberRole{Member: declared.Member, To: role},
			DeclaredChange{Action: ChangingMemberRole, Member: declared.Member, From: string(member.Role), To: string(role)}, "members", i)
	}
	if member = p.org.members.At(declared.Member); !maps.Equal(member.Levels(), valueOr(p.Declaration, orNil(declared.Levels), member.Levels())) {
		p.apply(ChangeMemberLevels{Member: declared.Member, To: declared.Levels},
			DeclaredChange{Action: ChangingMemberLevels, Member: declared.Member, From: formatLevels(member.Levels()), To: formatLevels(declared.Levels)}, "members", i)
	}
	p.changeTerm(termChange{
		DeclaredChange{Action: ChangingMemberEnd, Member: declared.Member, Path: pointer("members", i)},
		changingMemberStart, member.term, declared.From, declared.Until,
		func(from time.Time) Command { return ChangeMemberStart{declared.Member, from} },
		func(until time.Time) Command { return ChangeMemberEnd{Member: declared.Member, Until: until} },
	})
	if _, deactivated := member.Deactivated(); deactivated && !valueOr(p.Declaration, declared.Deactivated, deactivated) {
		p.apply(ReactivateMember{Member: declared.Member}, DeclaredChange{Action: ReactivatingMember, Member: declared.Member}, "members", i)
	}
}

// addAgain lets a membership that has ended begin again.
func (p *declarationPlan) addAgain(i int, declared DeclaredMember) {
	from, until := valueOr(p.Declaration, declared.From, time.Time{}), valueOr(p.Declaration, declared.Until, time.Time{})
	member := p.org.members.At(declared.Member)
	change := DeclaredChange{Action: ChangingMemberEnd, Member: declared.Member, From: endInWords(member.Until()), To: endInWords(until)}
	if startOf(from, p.m).IsZero() {
		p.apply(ChangeMemberEnd{Member: declared.Member, Until: until}, change, "members", i)
		return
	}
	change.Action, change.From, change.To = AddingMember, "", string(member.Role)
	p.apply(AddMember{Member: declared.Member, Role: member.Role, From: from, Until: until}, change, "members", i)
}

// removeMembers lowers roles, suspends, and removes who is not declared.
func (p *declarationPlan) removeMembers() {
	p.lowerMembers(p.others)
	p.remove(p.others)
	p.lowerMembers(p.own)
	p.remove(p.own)
}

func (p *declarationPlan) lowerMembers(picks func(events.UserID) bool) {
	for i, declared := range p.Members {
		if !picks(declared.Member) || p.org.members.At(declared.Member) == nil {
			continue
		}
		role, _ := p.org.scheme.organization.orDefault(declared.Role) // addMembers would have refused it
		p.changeMember(i, declared, role)
		_, deactivated := p.org.members.At(declared.Member).Deactivated()
		if !deactivated && valueOr(p.Declaration, declared.Deactivated, deactivated) {
			p.apply(DeactivateMember{Member: declared.Member}, DeclaredChange{Action: DeactivatingMember, Member: declared.Member}, "members", i)
		}
	}
}

// others and own pick people: who makes the declaration comes last, so that they keep the
// rights that all of it needs.
func (p *declarationPlan) others(user events.UserID) bool { return user != p.m.Actor }
func (p *declarationPlan) own(user events.UserID) bool    { return user == p.m.Actor }

// clearOthers takes from projects, and from teams, what is not declared, but for what gives who
// makes the declaration their rights.
func (p *declarationPlan) clearOthers() {
	p.ownTeams = p.findOwnTeams()
	p.clearProjects(p.others)
	p.unassignTeams(false)
	p.clearTeams(p.others)
}

// clearOwn takes the rest, and removes teams. Everybody may leave, so their teams are taken off
// projects first.
func (p *declarationPlan) clearOwn() {
	p.unassignTeams(true)
	p.clearProjects(p.own)
	p.clearTeams(p.own)
	p.removeTeams()
}

// countSeats fails if people take a seat who had none, and there are too few for all. It counts
// at the end: seats that are freed by the declaration are there for those whom it adds.
func (p *declarationPlan) countSeats() {
	added := 0
	for _, declared := range p.Members {
		if p.org.active(declared.Member) != nil && p.before.active(declared.Member) == nil {
			added++
		}
	}
	limit, taken := p.org.Seats()
	if added > 0 && limit > 0 && taken > limit {
		p.refused = append(p.refused, RefusedChange{DeclaredChange{Path: pointer("members")}, ErrNoSeat.Because(
			"Seats free: %d, with those that the declaration frees; it asks for: %d. Declare fewer members, or get more seats.", max(limit-taken+added, 0), added)})
	}
}

// remove removes those of the members who are not declared whom a function picks.
func (p *declarationPlan) remove(picks func(events.UserID) bool) {
	removed := slices.DeleteFunc(slices.Collect(maps.Keys(p.leaving)), func(id events.UserID) bool { return !p.leaving[id] || !picks(id) })
	slices.Sort(removed)
	for _, id := range removed {
		change := DeclaredChange{Action: RemovingMember, Member: id, From: string(p.org.members.At(id).Role)}
		delete(p.leaving, id)
		to, err := p.successor(id)
		if err == nil {
			err = p.refuseTransfer(id, to)
		}
		if err != nil {
			p.refused = append(p.refused, RefusedChange{change, err})
			continue
		}
		p.apply(RemoveMember{Member: id, TransferTo: to}, change)
	}
}

// refuseLeaving refuses somebody in a team or on a project whom the declaration does not name
// as a member. It reports whether it did.
func (p *declarationPlan) refuseLeaving(id events.UserID, change DeclaredChange) bool {
	if p.leaving[id] {
		p.refused = append(p.refused, RefusedChange{change, ErrNotInOrganization.Because("%q is not among the declared members; add them there, or leave them out here.", id)})
	}
	return p.leaving[id]
}

// orNil returns nil for levels that are not declared.
func orNil(levels events.Levels) *events.Levels {
	if levels == nil {
		return nil
	}
	return &levels
}
