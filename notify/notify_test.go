package notify_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/notify"
	"github.com/seed-2026d078/roster/scheme"
)

// shelf is a channel that keeps notices where a test can look at them, and fails
// as often as it is told to.
type shelf struct {
	mu       sync.Mutex
	at       events.Checkpoint
	notices  []domain.Notice
	failures int
	// failAfter counts down to one more failure; 0 has none.
	failAfter int
	// most is how many notices came at once.
	most    int
	reached map[events.Position]chan struct{}
}

var errFull = errors.New("the shelf is full")

func (s *shelf) Checkpoint(context.Context) (events.Checkpoint, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at, nil
}

func (s *shelf) Deliver(_ context.Context, through events.Checkpoint, notices []domain.Notice) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failures > 0 {
		s.failures--
		return errFull
	}
	if s.failAfter > 0 {
		if s.failAfter--; s.failAfter == 0 {
			return errFull
		}
	}
	s.most = max(s.most, len(notices))
	s.at, s.notices = through, append(s.notices, notices...)
	for position, reached := range s.reached {
		if position <= through.Position {
			close(reached)
			delete(s.reached, position)
		}
	}
	return nil
}

// wait returns once everything up to a position is on the shelf.
func (s *shelf) wait(t *testing.T, position events.Position) {
	t.Helper()
	s.mu.Lock()
	done := make(chan struct{})
	if s.at.Position >= position {
		close(done)
	} else {
		if s.reached == nil {
			s.reached = map[events.Position]chan struct{}{}
		}
		s.reached[position] = done
	}
	s.mu.Unlock()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		require.Fail(t, "not delivered", "position %d", position)
	}
}

func (s *shelf) told() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var lines []string
	for _, n := range s.notices {
		if n.Kind == events.NoticeOfRoleChange {
			lines = append(lines, fmt.Sprintf("%s %s/%s: %s to %s", n.User, n.Organization, n.Project, n.From, n.To))
		} else {
			lines = append(lines, fmt.Sprintf("%s %s/%s: %s", n.User, n.Organization, n.Project, n.Kind))
		}
	}
	return lines
}

// record appends one commit for each list of events.
func record(t *testing.T, ledger *bus.Ledger, commits ...[]events.Event) events.Checkpoint {
	t.Helper()
	end, err := ledger.End(t.Context())
	require.NoError(t, err)
	for _, happened := range commits {
		now := events.Instant(time.Now())
		end, err = ledger.Append(t.Context(), end, events.Commit{At: now, Entries: []events.Entry{{
			Organization: "acme", Version: events.Version(end.Position + 1), At: now, Actor: "ada", Events: happened,
		}}})
		require.NoError(t, err)
	}
	return end
}

// run delivers what the ledger of a desk holds in the background. Stop ends it.
func run(t *testing.T, ledger *bus.Ledger, channel notify.Channel) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	desk, err := bus.NewDesk[domain.Roster, domain.Command](ctx, ledger, domain.Roster{}, bus.DeskConfig{})
	require.NoError(t, err)
	ended := make(chan error, 1)
	go func() { _ = desk.Run(ctx) }()
	go func() { ended <- notify.Run(ctx, desk.Follower(), channel, slog.New(slog.DiscardHandler)) }()
	stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	t.Cleanup(func() { _ = stop() })
	return stop
}

func story(t *testing.T) [][]events.Event {
	t.Helper()
	schemes, err := scheme.BuiltIn()
	require.NoError(t, err)
	return [][]events.Event{
		{events.OrganizationCreated{Name: "Acme", Scheme: schemes["github"].Scheme}, events.MemberJoined{Member: "ada", Role: "admin"}},
		{events.MemberJoined{Member: "bob", Role: "member"}, events.ProjectCreated{Project: "p", Name: "p"}},
		{events.TeamCreated{Team: "core", Name: "core"}, events.TeamMemberAdded{Team: "core", Member: "bob", Role: "member"}},
		{events.TeamAssigned{Team: "core", Project: "p", Role: "read"}},
	}
}

func TestRunTellsEachPersonOnce(t *testing.T) {
	t.Parallel()
	ledger := bustest.Ledger(t)
	var in shelf
	record(t, ledger, story(t)...)
	stop := run(t, ledger, &in)
	end := record(t, ledger, []events.Event{events.AssignmentChanged{Team: "core", Project: "p", From: "read", To: "write"}})
	in.wait(t, end.Position)
	require.NoError(t, stop())

	// A new run goes on from the channel's place.
	stop = run(t, ledger, &in)
	end = record(t, ledger, []events.Event{events.RoleChanged{Member: "bob", From: "member", To: "admin"}})
	in.wait(t, end.Position)
	require.NoError(t, stop())
	want := []string{"bob acme/: added", "bob acme/p: read to write", "bob acme/: member to admin", "bob acme/p: write to admin"}
	assert.Empty(t, cmp.Diff(want, in.told()), "(-want +got)")
}

// TestNoticesAreOfTheTimeOfTheCommand has a clock that was ahead record what was judged before the end
// of a membership: an organization's time never runs backwards.
func TestNoticesAreOfTheTimeOfTheCommand(t *testing.T) {
	t.Parallel()
	ledger := bustest.Ledger(t)
	now := events.Instant(time.Now())
	schemes, err := scheme.BuiltIn()
	require.NoError(t, err)
	var end events.Checkpoint
	for i, happened := range [][]events.Event{
		{
			events.OrganizationCreated{Name: "Acme", Scheme: schemes["github"].Scheme},
			events.MemberJoined{Member: "ada", Role: "admin"},
			events.MemberJoined{Member: "bob", Role: "member", Until: now.AddDate(0, 1, 0)},
		},
		{events.RoleChanged{Member: "bob", From: "member", To: "admin"}},
	} {
		end, err = ledger.Append(t.Context(), end, events.Commit{At: now, Entries: []events.Entry{{
			Organization: "acme", Version: events.Version(i + 1), At: now.AddDate(1, 0, 0), Actor: "ada", Events: happened,
		}}})
		require.NoError(t, err)
	}
	var in shelf
	stop := run(t, ledger, &in)
	in.wait(t, end.Position)
	require.NoError(t, stop())
	assert.Equal(t, []string{"bob acme/: member to admin"}, in.told())
}

// TestImportsTellNobody imports a change, then makes one.
func TestImportsTellNobody(t *testing.T) {
	t.Parallel()
	ledger := bustest.Ledger(t)
	var in shelf
	record(t, ledger, story(t)...)
	run(t, ledger, &in)
	end := record(t, ledger,
		[]events.Event{
			events.AssignmentChanged{Team: "core", Project: "p", From: "read", To: "write"},
			events.RoleChanged{Member: "bob", From: "member", To: "admin"},
			events.HistoryImported{Source: "elsewhere", Through: 2},
		},
		[]events.Event{events.RoleChanged{Member: "bob", From: "admin", To: "member"}},
	)
	in.wait(t, end.Position)
	want := []string{"bob acme/: added", "bob acme/: admin to member", "bob acme/p: admin to write"}
	assert.Empty(t, cmp.Diff(want, in.told()), "(-want +got)")
}

func TestRunTriesAgain(t *testing.T) {
	t.Parallel()
	ledger := bustest.Ledger(t)
	in := shelf{failures: 1}
	run(t, ledger, &in)
	end := record(t, ledger, append(story(t), []events.Event{events.AssignmentChanged{Team: "core", Project: "p", From: "read", To: "write"}})...)
	in.wait(t, end.Position)
	assert.Empty(t, cmp.Diff([]string{"bob acme/: added", "bob acme/p: read to write"}, in.told()), "(-want +got)")
}

// TestManyNoticesComeInParts changes what a large team reaches, and fails in the
// middle of it.
func TestManyNoticesComeInParts(t *testing.T) {
	t.Parallel()
	const people = 2500
	crowd := []events.Event{events.TeamCreated{Team: "all", Name: "all"}}
	for i := range people {
		user := events.UserID(fmt.Sprint("user", i))
		crowd = append(crowd, events.MemberJoined{Member: user, Role: "member"}, events.TeamMemberAdded{Team: "all", Member: user, Role: "member"})
	}
	crowd = append(crowd, events.TeamAssigned{Team: "all", Project: "p", Role: "read"})
	ledger := bustest.Ledger(t)
	var in shelf
	run(t, ledger, &in)
	in.wait(t, record(t, ledger, append(story(t), crowd)...).Position)
	in.mu.Lock()
	in.most, in.failAfter, in.notices = 0, 2, nil
	in.mu.Unlock()
	in.wait(t, record(t, ledger, []events.Event{events.AssignmentChanged{Team: "all", Project: "p", From: "read", To: "write"}}).Position)
	told := map[string]bool{}
	for _, n := range in.notices {
		told[n.ID] = true
	}
	require.Len(t, told, people, "notices")
	assert.LessOrEqual(t, in.most, 1000, "notices at once")
}

// TestNoticesAreTheSameAgain holds that a channel which lost its place is handed
// the same ids.
func TestNoticesAreTheSameAgain(t *testing.T) {
	t.Parallel()
	ledger := bustest.Ledger(t)
	end := record(t, ledger, append(story(t), []events.Event{events.RoleChanged{Member: "bob", From: "member", To: "admin"}})...)
	var first, second shelf
	for _, in := range []*shelf{&first, &second} {
		run(t, ledger, in)
		in.wait(t, end.Position)
	}
	require.NotEmpty(t, first.notices)
	assert.Equal(t, first.notices, second.notices)
}

func TestRunStopsAtAnUnknownEvent(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	ledger := bustest.Open(t, nc)
	end := record(t, ledger, story(t)...)
	desk, err := bus.NewDesk[domain.Roster, domain.Command](t.Context(), ledger, domain.Roster{}, bus.DeskConfig{})
	require.NoError(t, err)
	message, err := events.Encode(events.Commit{ID: "newer", Previous: end.Hash, At: time.Now().UTC(), Entries: []events.Entry{{
		Organization: "acme", Version: 5, At: time.Now().UTC(), Events: events.Facts{events.MemberRemoved{Member: "bob"}},
	}}})
	require.NoError(t, err)
	newer := strings.Replace(string(message), "membership.removed.v1", "membership.removed.v9", 1)
	_, err = nc.Request("roster.ledger", []byte(newer), 5*time.Second)
	require.NoError(t, err)
	go func() { _ = desk.Run(t.Context()) }()
	err = notify.Run(t.Context(), desk.Follower(), &shelf{}, slog.New(slog.DiscardHandler))
	var unknown *events.UnknownTypeError
	require.ErrorAs(t, err, &unknown)
	assert.EqualValues(t, "membership.removed.v9", unknown.Type)
}
