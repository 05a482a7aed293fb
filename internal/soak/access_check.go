package soak

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/events"
)

// tolerance is how much more time than its bound a replica may take, since the clock by which it knows the age of news is
// that of Roster, which it knows by when heartbeats come.
const tolerance = time.Second

// maxBroken is how many of the same kind of faults are told.
const maxBroken = 10

// findings collects what was broken.
type findings struct {
	broken []string
	kinds  map[string]int
}

// add notes something broken, of a kind. It tells the first of each kind.
func (f *findings) add(kind, format string, arguments ...any) {
	if f.kinds == nil {
		f.kinds = map[string]int{}
	}
	if f.kinds[kind]++; f.kinds[kind] <= maxBroken {
		f.broken = append(f.broken, kind+": "+fmt.Sprintf(format, arguments...))
	}
}

// eachLine decodes each line of a file that a part has written.
func eachLine[T any](name string, take func(T)) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var line T
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		take(line)
	}
	return lines.Err()
}

// heard is how far a reader has come in an organization.
type heard struct {
	version events.Version
	index   int // of the next message
}

// checkNotes compares what a reader has noted with the history: every message at least once, in order, and within a process
// once.
func checkNotes(f *findings, who, file string, history map[events.OrganizationID]*organizationHistory) error {
	newest, process, pid := map[events.OrganizationID]heard{}, map[events.OrganizationID]heard{}, 0
	told := map[events.OrganizationID]map[personOnProject]struct{}{} // of the command that is under way
	err := eachLine(file, func(n noted) {
		if n.Process != pid {
			pid = n.Process
			clear(process)
		}
		o := history[n.Organization]
		if o == nil {
			f.add(who, "it was told of the organization %s, which it does not read", n.Organization)
			return
		}
		if wrong := o.compare(&n); wrong != "" {
			f.add(who, "message %d of version %d of %s, %s: %s", n.Index, n.Version, n.Organization, n.ID, wrong)
		}
		at := heard{n.Version, n.Index + 1}
		if last := process[n.Organization]; n.Version < last.version || n.Version == last.version && n.Index < last.index {
			f.add(who, "the process %d handled message %d of version %d of %s after message %d of version %d", pid, n.Index, n.Version, n.Organization, last.index-1, last.version)
		}
		process[n.Organization] = at
		last := newest[n.Organization]
		switch {
		case n.Version < last.version || n.Version == last.version && n.Index < last.index:
			return // again
		case n.Version == last.version && n.Index == last.index:
		case n.Version == last.version+1 && n.Index == 0 && (last.version == 0 || last.index == o.entries[last.version-1].count()):
			told[n.Organization] = map[personOnProject]struct{}{}
		default:
			f.add(who, "message %d of version %d of %s follows message %d of version %d", n.Index, n.Version, n.Organization, last.index-1, last.version)
		}
		newest[n.Organization] = at
		if n.change == (change{}) {
			return
		}
		pair := personOnProject{n.User, n.Project}
		if _, twice := told[n.Organization][pair]; twice {
			f.add(who, "version %d of %s tells twice of %s on %s", n.Version, n.Organization, n.User, n.Project)
		}
		told[n.Organization][pair] = struct{}{}
	})
	for org, o := range history {
		last := newest[org]
		if want := (heard{events.Version(len(o.entries)), o.entries[len(o.entries)-1].count()}); last != want {
			f.add(who, "of %s it was told up to message %d of version %d, and there is message %d of version %d", org, last.index-1, last.version, want.index-1, want.version)
		}
	}
	return err
}

// checkTables compares the tables of a reader with the history: the access is that after the last command, and each message
// was applied once.
func checkTables(ctx context.Context, f *findings, who string, conn *pgx.Conn, history map[events.OrganizationID]*organizationHistory) error {
	rows, err := conn.Query(ctx, "SELECT organization, person, project, level FROM access")
	if err != nil {
		return err
	}
	has := map[events.OrganizationID]map[personOnProject]string{}
	var org, person, project, level string
	_, err = pgx.ForEachRow(rows, []any{&org, &person, &project, &level}, func() error {
		id := events.OrganizationID(org)
		if has[id] == nil {
			has[id] = map[personOnProject]string{}
		}
		has[id][personOnProject{events.UserID(person), events.ProjectID(project)}] = level
		return nil
	})
	if err := errors.Join(err, rows.Err()); err != nil {
		return err
	}
	messages := 0
	for org, o := range history {
		messages += o.messages()
		for pair, want := range o.access {
			if got := has[org][pair]; got != want {
				f.add(who, "in %s %s has on %s %q, and should have %q", org, pair.user, pair.project, got, want)
			}
		}
		for pair, got := range has[org] {
			if _, has := o.access[pair]; !has {
				f.add(who, "in %s %s has on %s %q, and should have nothing", org, pair.user, pair.project, got)
			}
		}
	}
	var applied, more int
	if err := conn.QueryRow(ctx, "SELECT count(*), count(*) FILTER (WHERE times <> 1) FROM applied").Scan(&applied, &more); err != nil {
		return err
	}
	if applied != messages || more > 0 {
		f.add(who, "%d messages were applied, %d of them more than once, and there are %d", applied, more, messages)
	}
	return nil
}

// silence is a time in which NATS, or every node, was not there, so that no news came.
type silence struct{ from, to time.Time }

// checkAnswers compares the answers of a replica with the history. Each is that of a version which the replica had, no yes is given
// for longer than the bound after somebody was told that it is not so any more, and none while there was no news for longer.
func checkAnswers(f *findings, who, file string, history *accessHistory, answered map[string]time.Time, silences []silence) error {
	numbers := map[events.OrganizationID]int{}
	for i, org := range loadedOrganizations() {
		numbers[org] = i
	}
	return eachLine(file, func(a answers) {
		o := history.of[a.Organization]
		switch {
		case a.Yes == "":
			return
		case a.From < 1 || a.From > a.To || int(a.To) > len(o.entries): //nolint:gosec // it is small
			f.add(who, "it has the versions %d to %d of %s, and there are %d", a.From, a.To, a.Organization, len(o.entries))
			return
		}
		oldest := a.Asked.Add(-bound - tolerance)
		if int(a.To) < len(o.entries) { //nolint:gosec // it is small
			if next, known := answered[o.entries[a.To].key]; known && next.Before(oldest) {
				f.add(who, "at %s it answers from version %d of %s, though version %d was answered at %s", a.Asked, a.To, a.Organization, a.To+1, next)
			}
		}
		for _, s := range silences {
			if s.from.Before(oldest) && a.Asked.Before(s.to) {
				f.add(who, "at %s it answers, though nobody could tell it anything from %s to %s", a.Asked, s.from, s.to)
			}
		}
		for i, q := range questions(numbers[a.Organization]) {
			if wrong := o.judge(q, a, a.Yes[i] == '1', oldest); wrong != "" {
				f.add(who, "at %s, with version %d to %d of %s: may %s on %s: %s", a.Asked, a.From, a.To, a.Organization, q.user, q.project, wrong)
			}
		}
	})
}

// judge returns what is wrong with an answer; empty if nothing is.
func (o *organizationHistory) judge(q question, a answers, yes bool, oldest time.Time) string {
	could := func(is bool, at time.Time) bool {
		for v := a.From; v <= a.To; v++ {
			org := o.entries[v-1].after
			if allowed, err := org.At(at).Allows(q.user, q.project, q.permission, "view"); err == nil && allowed == is {
				return true
			}
		}
		return false
	}
	switch {
	case yes && !could(true, oldest):
		return "yes, which no version says"
	case !yes && !could(false, a.Asked.Add(tolerance)):
		return "no, which no version says"
	}
	return ""
}
