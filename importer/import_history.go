package importer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/client"
)

// maxBatch is the most commands that the server takes at once.
const maxBatch = 1000

// Options change how a trace is imported; the zero value is the usual way.
type Options struct {
	// Source names the history instead of the trace's own Source.
	Source string
	// Progress is called now and then with the lines that are done; Trace has how many
	// bytes they are. It must not block. Nil is never called.
	Progress func(lines int)
}

// Summary says what an import did and where its time went.
type Summary struct {
	Source string `json:"source"`
	// Lines were imported, Skipped were imported before.
	Lines   int `json:"lines"`
	Skipped int `json:"skipped"`
	// Commands are the batches that carried the lines.
	Commands      int `json:"commands"`
	Events        int `json:"events"`
	Organizations int `json:"organizations"`
	// Deleted are organizations of the history that were imported before and then deleted,
	// though the history does not delete them. What happened before their deletion cannot be
	// written again.
	Deleted []string `json:"deleted,omitempty"`
	// WithoutOwner are organizations of the history in which a role that must be held, such
	// as that of an owner, has too few holders now.
	WithoutOwner []string `json:"without_owner,omitempty"`
	// Spellings are those of users whose login is written in several ways that differ in
	// case. Each is one user.
	Spellings map[string][]string `json:"spellings,omitempty"`
	// Took is in seconds, as are Served, the part of it that the server needed, and
	// Visible, which passed after it until lists showed everything.
	Took    float64 `json:"took_seconds"`
	Served  float64 `json:"served_seconds"`
	Visible float64 `json:"visible_seconds"`
}

// Import gives a server every line of a trace that it does not have yet, and returns when
// lists show them. After an error the summary says what was imported until then. The
// error is a [*LineError] where a line is to blame.
func Import(ctx context.Context, c *client.Client, t *Trace, o Options) (Summary, error) {
	i := &historyImport{
		client: c, teams: teamNames{}, changed: map[string]bool{}, spellings: spellings{}, last: map[string]string{},
		summary: Summary{Source: cmp.Or(o.Source, t.Source)},
	}
	began := time.Now()
	err := i.all(ctx, t, o.Progress)
	i.summary.Took = time.Since(began).Seconds()
	i.summary.Organizations = len(i.changed)
	i.summary.Spellings = i.spellings.several()
	if err == nil {
		err = i.findDeleted(ctx)
	}
	if err == nil && i.summary.Commands > 0 {
		began = time.Now()
		err = i.waitForLists(ctx)
		i.summary.Visible = time.Since(began).Seconds()
	}
	if err == nil {
		err = i.findWithoutOwner(ctx)
	}
	return i.summary, err
}

// historyImport is one import on its way. Lines go to the server in batches: one for each commit
// and organization, or more where it is long.
type historyImport struct {
	client  *client.Client
	summary Summary

	teams   teamNames
	batch   []item
	changed map[string]bool // organizations
	// last is the last op of each organization that was imported before.
	last      map[string]string
	spellings spellings
}

// item is a line on its way to the server.
type item struct {
	line
	command
}

func (i *historyImport) all(ctx context.Context, t *Trace, progress func(int)) error {
	if err := t.validate(); err != nil {
		return err
	}
	known, err := i.client.GetImport(ctx, i.summary.Source)
	if err != nil {
		return err
	}
	for l, err := range t.lines() {
		if err != nil {
			return cmp.Or(i.send(ctx), err) // the file changed since it was validated
		}
		if !i.fits(l) {
			if err := i.send(ctx); err != nil {
				return err
			}
			if progress != nil {
				progress(i.summary.Lines + i.summary.Skipped)
			}
		}
		i.spellings.note(l)
		c, err := translate(l, i.teams)
		if err != nil {
			return cmp.Or(i.send(ctx), error(&LineError{l.number, err, true}))
		}
		if l.Seq <= uint64(known.Organizations[l.Org]) { //nolint:gosec // it counts lines
			i.summary.Skipped++
			i.last[l.Org] = l.Op
			continue
		}
		i.batch = append(i.batch, item{l, c})
	}
	return i.send(ctx)
}

// findDeleted looks for organizations that are no longer there.
func (i *historyImport) findDeleted(ctx context.Context) error {
	for _, org := range slices.Sorted(maps.Keys(i.last)) {
		if i.changed[org] || i.last[org] == "org_removed" {
			continue
		}
		_, err := i.client.GetOrganization(ctx, org, client.GetOrganizationQuery{})
		problem, ok := errors.AsType[*client.Problem](err)
		switch {
		case ok && problem.Status == http.StatusNotFound:
			i.summary.Deleted = append(i.summary.Deleted, org)
		case err != nil:
			return fmt.Errorf("look for organizations that were deleted: %w", err)
		}
	}
	return nil
}

// findWithoutOwner looks for organizations that the history has left without an owner.
func (i *historyImport) findWithoutOwner(ctx context.Context) error {
	for org, err := range i.client.ListOrganizations(ctx, client.ListOrganizationsQuery{WithoutOwner: true}) {
		if err != nil {
			return fmt.Errorf("look for organizations without an owner: %w", err)
		}
		if _, before := i.last[org.ID]; before || i.changed[org.ID] {
			i.summary.WithoutOwner = append(i.summary.WithoutOwner, org.ID)
		}
	}
	return nil
}

// fits reports whether a line can go into the batch that is being filled.
func (i *historyImport) fits(l line) bool {
	if len(i.batch) == 0 {
		return true
	}
	first := i.batch[0]
	return len(i.batch) < maxBatch && l.Org == first.Org && l.Commit == first.Commit && l.Time.Equal(first.Time)
}

// send gives the server the batch. Where it refuses a line, those before it are sent
// alone.
func (i *historyImport) send(ctx context.Context) error {
	if len(i.batch) == 0 {
		return nil
	}
	err := i.sendLines(ctx, i.batch)
	if index, reason, refused := refusedItem(err); refused && index < len(i.batch) {
		err = &LineError{i.batch[index].number, reason, true}
		if index > 0 {
			err = cmp.Or(i.sendLines(ctx, i.batch[:index]), err)
		}
	}
	i.batch = i.batch[:0]
	return err
}

func (i *historyImport) sendLines(ctx context.Context, lines []item) error {
	first, last := lines[0], lines[len(lines)-1]
	commands := make([]command, len(lines))
	for n, each := range lines {
		commands[n] = each.command
	}
	arguments := map[string]any{
		"org": first.Org, "commands": commands,
		"import": map[string]any{"source": i.summary.Source, "through": last.Seq},
	}
	var receipt client.Receipt
	began := time.Now()
	err := i.client.Call(ctx, "run_commands", arguments, &receipt, client.OccurredAt(first.Time), client.Cause("commit "+first.Commit))
	i.summary.Served += time.Since(began).Seconds()
	if err != nil {
		return aboutLines(lines, err)
	}
	i.summary.Lines += len(lines)
	i.summary.Commands++
	i.summary.Events += len(receipt.Events)
	i.changed[first.Org] = true
	return nil
}

// refusedItem returns the index of the first command of a batch that was refused, and why.
func refusedItem(err error) (int, error, bool) {
	p, ok := errors.AsType[*client.Problem](err)
	if !ok || len(p.Items) == 0 || p.Items[0].Index == nil {
		return 0, nil, false
	}
	return *p.Items[0].Index, errors.New(p.Items[0].Detail), true
}

// aboutLines adds to a refusal that names no command which lines it is about.
func aboutLines(lines []item, err error) error {
	_, _, named := refusedItem(err)
	refused, ok := errors.AsType[*client.Problem](err)
	if named || !ok || refused.Status >= http.StatusInternalServerError {
		return err
	}
	return fmt.Errorf("lines %d to %d: %w", lines[0].number, lines[len(lines)-1].number, err)
}

// waitForLists returns once the lists show everything that was imported.
func (i *historyImport) waitForLists(ctx context.Context) error {
	for _, err := range i.client.ListOrganizations(ctx, client.ListOrganizationsQuery{}, client.PageSize(1)) {
		if err != nil {
			return fmt.Errorf("everything is imported, but lists do not show it yet: %w", err)
		}
		break
	}
	return nil
}
