package personaldata

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/mail"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/projections"
)

// Desk decides the commands that erase.
type Desk = bus.Desk[domain.Roster, domain.Command]

// Eraser erases people. Its methods may be called from many goroutines.
type Eraser struct {
	desk     *Desk
	ledger   *bus.Ledger
	keys     *keyring.Keyring
	database *projections.Database
	files    *mail.Directory
	// turn is held by the one erasure that runs: each makes the read models anew.
	turn chan struct{}
}

// NewEraser returns an Eraser. The files are those that mails were written to instead of sending them; nil for none.
func NewEraser(desk *Desk, ledger *bus.Ledger, keys *keyring.Keyring, database *projections.Database, files *mail.Directory) *Eraser {
	return &Eraser{desk, ledger, keys, database, files, make(chan struct{}, 1)}
}

// Request asks to erase a person.
type Request struct {
	User events.UserID
	// TransferTo is who takes over, by organization, as in [domain.RemoveMember].
	TransferTo map[events.OrganizationID]events.UserID
	// Template is what the commands have in common: who asks, and why.
	Template bus.Request[domain.Command]
	// DryRun says to do nothing.
	DryRun bool

	// retention says that the person is erased since they belong nowhere any more. If they belong somewhere again, they stay.
	retention bool
	// position is where the ledger ended when the erasure began.
	position events.Position
}

// ErrUnknown says that nothing is known of a person.
var ErrUnknown = errors.New("nothing is known of this person")

// RefusedError says that rules stand in the way, and that nothing was done.
type RefusedError struct{ Report }

func (e *RefusedError) Error() string {
	return "rules stand in the way in organizations of this person"
}

// Erase erases a person in all organizations. First it asks all of them, and does nothing if a rule stands in the way in one ([*RefusedError]).
// Then each records it, which ends the membership; then mails that were written to files are removed; then the keys are destroyed; then copies in the database are
// removed. What is interrupted is completed by [Eraser.Resume], or by the same call: each step does what is left to do. It fails with [ErrUnknown] if
// nobody knows the person.
//
// From the first record on, it goes on when ctx ends.
func (e *Eraser) Erase(ctx context.Context, r Request) (Report, error) {
	if r.DryRun {
		return e.dryRun(ctx, r)
	}
	select {
	case e.turn <- struct{}{}:
		defer func() { <-e.turn }()
	case <-ctx.Done():
		return Report{}, ctx.Err()
	}
	var report Report
	err := e.database.InTurn(ctx, func(ctx context.Context) error {
		r.position = e.desk.View().Position
		people, err := e.find(ctx, r)
		if err != nil {
			return err
		}
		person := people[0]
		switch {
		case len(person.found) == 0:
			return ErrUnknown
		case person.refused():
			return &RefusedError{person.Report}
		}
		err = e.erase(context.WithoutCancel(ctx), people)
		report = person.Report
		return err
	})
	if err != nil {
		return Report{}, err
	}
	return report, nil
}

// dryRun waits for no other erasure.
func (e *Eraser) dryRun(ctx context.Context, r Request) (Report, error) {
	people, err := e.find(ctx, r)
	if err != nil {
		return Report{}, err
	}
	person := people[0]
	if len(person.found) == 0 {
		return Report{}, ErrUnknown
	}
	began, err := e.database.Erasures(ctx, []events.UserID{r.User}, 1)
	if len(began) > 0 {
		person.Began, person.Done = began[0].Began, false
	}
	return person.Report, err
}

// person is somebody who is to be erased.
type person struct {
	Request
	Report

	found Found
	// since is the state from which on events may not be in found.
	since events.Checkpoint
}

// find looks for people, and asks their organizations.
func (e *Eraser) find(ctx context.Context, requests ...Request) ([]*person, error) {
	users := make([]events.UserID, len(requests))
	for i := range requests {
		users[i] = requests[i].User
	}
	since := e.desk.View().Checkpoint
	all, err := Find(ctx, e.ledger, e.keys, users...)
	if err != nil {
		return nil, fmt.Errorf("find what is known of a person: %w", err)
	}
	people := make([]*person, len(requests))
	for i, r := range requests {
		report, err := e.report(ctx, r, all[r.User])
		if err != nil {
			return nil, fmt.Errorf("find what is left of a person: %w", err)
		}
		people[i] = &person{r, report, all[r.User], since}
	}
	return people, nil
}

// erase erases people one after the other, and then removes the copies of all. It is noted in the database until that is done, so that
// [Eraser.Resume] goes on with what a crash interrupts.
func (e *Eraser) erase(ctx context.Context, people []*person) error {
	begun, users := make([]projections.Erasure, len(people)), make([]events.UserID, len(people))
	for i, p := range people {
		users[i] = p.User
		begun[i] = projections.Erasure{
			User: p.User, TransferTo: p.TransferTo, OnBehalfOf: p.Template.OnBehalfOf, Cause: p.Template.Cause, Retention: p.retention, Position: p.position,
		}
	}
	before, err := e.database.Erasures(ctx, users, len(users))
	if err == nil {
		err = e.database.BeginErasures(ctx, begun)
	}
	if err != nil {
		return fmt.Errorf("note that people are being erased: %w", err)
	}
	for _, p := range people {
		if err := e.destroy(ctx, p); err != nil {
			return err
		}
	}
	if err := e.destroyed(ctx, users, slices.ContainsFunc(before, keysWereLeft)); err != nil {
		return err
	}
	copies, err := e.removeCopies(ctx, users)
	if err != nil {
		return err
	}
	for _, p := range people {
		p.Tables, p.Left = copies.Tables, copies.Left
	}
	return nil
}

// maxRecords is how often organizations record one erasure at most. Somebody who is invited anew each time would hold up all other erasures otherwise; what comes after the
// last record is new, as it is after the erasure.
const maxRecords = 3

// destroy does all but remove copies.
func (e *Eraser) destroy(ctx context.Context, p *person) error {
	if e.returned(p) {
		return nil
	}
	orgs := slices.Collect(maps.Keys(p.found))
	for records := 1; len(orgs) > 0; records++ {
		if err := e.record(ctx, p, orgs); err != nil {
			return err
		}
		if records == maxRecords {
			break
		}
		var err error
		if orgs, err = e.findAgain(ctx, p); err != nil {
			return err
		}
	}
	if err := e.removeMails(p.found); err != nil {
		return err
	}
	return e.destroyKeys(ctx, p.User, p.found)
}

// removeMails removes the files of mails about the organizations that know a person: to them, or to others about them. As long as no key is destroyed, whoever goes on
// after a crash finds the same organizations.
func (e *Eraser) removeMails(found Found) error {
	if e.files == nil {
		return nil
	}
	if err := e.files.Remove(e.desk.View().Position, slices.Collect(maps.Keys(found))...); err != nil {
		return fmt.Errorf("remove mails that were written to files: %w", err)
	}
	return nil
}

// keysWereLeft reports whether an erasure was interrupted before all keys were destroyed.
func keysWereLeft(begun projections.Erasure) bool { return begun.Destroyed.IsZero() }

// destroyed notes that all but the copies is done: from then on, nothing is done to people who come back. An erasure that was interrupted before may have left keys in files that are
// not in the bucket any more.
func (e *Eraser) destroyed(ctx context.Context, users []events.UserID, interrupted bool) error {
	if interrupted {
		if err := e.keys.Rewrite(ctx); err != nil {
			return fmt.Errorf("remove keys that are destroyed from files: %w", err)
		}
	}
	if err := e.database.DestroyedErasures(ctx, users); err != nil {
		return fmt.Errorf("note that copies alone are left of people: %w", err)
	}
	return nil
}

// removeCopies removes what the database has of people whose keys are destroyed, which is the end of their erasures.
func (e *Eraser) removeCopies(ctx context.Context, users []events.UserID) (projections.Copies, error) {
	copies, err := e.database.RemoveCopies(ctx, e.ledger)
	if err != nil {
		return projections.Copies{}, fmt.Errorf("remove copies of texts from the database: %w", err)
	}
	return copies, e.database.EndErasures(ctx, users)
}

// returned reports whether somebody who is erased since they belonged nowhere belongs somewhere again.
func (e *Eraser) returned(p *person) bool {
	now := e.desk.Clock().Now()
	return p.retention && belongs(e.desk.View().State, maps.Keys(p.found), p.User, now)
}

// command returns the command to an organization.
func (r *Request) command(org events.OrganizationID, in *InOrganization) domain.ErasePerson {
	return domain.ErasePerson{
		Person: r.User, Invites: slices.Sorted(maps.Keys(in.Invites)), Again: in.Erased > 0 && in.Invited > in.Erased, TransferTo: r.TransferTo[org],
	}
}

// record has organizations record that the person is erased.
func (e *Eraser) record(ctx context.Context, p *person, orgs []events.OrganizationID) error {
	for i := range p.Organizations {
		of := &p.Organizations[i]
		if !of.Exists() || !slices.Contains(orgs, of.ID) {
			continue
		}
		command := p.Template
		command.Organization, command.Command, command.Actor = of.ID, p.command(of.ID, p.found[of.ID]), events.System
		if _, err := e.desk.Do(ctx, command); err != nil {
			return fmt.Errorf("erase the person in organization %q, and in those after it: %w", of.ID, err)
		}
		of.Erased, _ = e.desk.View().State.Organization(of.ID).Erased(p.User)
	}
	return nil
}

// destroyKeys destroys the keys of a person and of their invites.
func (e *Eraser) destroyKeys(ctx context.Context, user events.UserID, found Found) error {
	for org, in := range found {
		texts := slices.Collect(maps.Values(in.Texts))
		var owners []string
		for invite := range in.Invites {
			owners = append(owners, keyring.InvitePerson(invite))
		}
		owners = append(owners, string(user)) // last: as long as this key is there, something is left to do
		for _, owner := range owners {
			if err := e.keys.Forget(ctx, org, owner, texts...); err != nil {
				return fmt.Errorf("destroy the keys of a person in organization %q: %w", org, err)
			}
		}
	}
	return nil
}
