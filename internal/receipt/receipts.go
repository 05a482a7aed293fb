package receipt

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/events"
)

const (
	// StreamName is the name of the stream of reports.
	StreamName = "REPLICAS"
	// MaxReplicas is how many replicas of a subscriber can be known that have not ended.
	MaxReplicas = 128
	// maxAge is how long a report is kept, maxPositions how many positions of a replica. So nobody's reports push out those of others.
	maxAge       = 7 * 24 * time.Hour
	maxPositions = 20_000
	// maxReport is how large a report can be.
	maxReport = 16 << 10
	// silentAfter is after how long without a report a replica counts as unreachable. They report every five seconds.
	silentAfter = 15 * time.Second
	// maxSkew is by how much the clock of the NATS server may be behind the one that recorded an event.
	maxSkew = 5 * time.Minute
)

// Receipts keeps and reads the reports of replicas. Its methods may be called from many goroutines.
type Receipts struct {
	js     jetstream.JetStream
	stream jetstream.Stream
	full   full
}

// Open finds the stream of reports, or creates it. Replicas is on how many servers one that is created now is kept; zero means
// 1. It is no ledger: it may lose its newest reports in a power failure, and others follow. One with other subjects, which is of an older build, is made anew.
func Open(ctx context.Context, nc *nats.Conn, replicas int) (*Receipts, error) {
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, fmt.Errorf("open the reports of replicas: %w", err)
	}
	config := jetstream.StreamConfig{
		Name: StreamName, Description: "How far the replicas of other services have come.", Subjects: []string{subjectPrefix + ">"},
		Storage: jetstream.FileStorage, Discard: jetstream.DiscardOld, MaxAge: maxAge, MaxMsgsPerSubject: maxPositions, MaxMsgSize: 2 * maxReport,
		Replicas: max(replicas, 1), AllowRollup: true,
	}
	if config.Replicas == 1 {
		config.PersistMode = jetstream.AsyncPersistMode
	}
	stream, err := js.Stream(ctx, StreamName)
	if err == nil && !slices.Equal(stream.CachedInfo().Config.Subjects, config.Subjects) {
		if err = js.DeleteStream(ctx, StreamName); err == nil {
			err = jetstream.ErrStreamNotFound
		}
	}
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		stream, err = js.CreateStream(ctx, config)
	}
	if err != nil {
		return nil, fmt.Errorf("open the reports of replicas: %w", err)
	}
	return &Receipts{js: js, stream: stream}, nil
}

// State says how a replica is known to be.
type State string

// The states.
const (
	// Following says that the replica has reported within the last seconds.
	Following State = "following"
	// Unreachable says that it has not, and did not say that it ends.
	Unreachable State = "unreachable"
	// Ended says that it has said that it answers nothing any more.
	Ended State = "ended"
	// Revoked says that its subscriber may read the feed no more. It is for those who know the subscribers.
	Revoked State = "revoked"
	// Forgotten says that an operator has said so. It has not reported since.
	Forgotten State = "forgotten"
)

// Replica is a replica as its last report has it.
type Replica struct {
	Subscriber, Name string
	State            State
	// Position is that up to which it has applied everything.
	Position events.Position
	// Heard is when the report came.
	Heard time.Time
	// Forgotten is when an operator has said that it is gone; zero: never.
	Forgotten time.Time
	// Closed says that the replica claims to answer nothing once it has heard nothing for longer than Bound.
	Closed bool
	Bound  time.Duration
	// Organizations are those that it holds; none: all that its subscriber may read.
	Organizations []events.OrganizationID
}

// holds reports whether the replica has an organization that its subscriber may read.
func (r *Replica) holds(org events.OrganizationID) bool {
	return len(r.Organizations) == 0 || slices.Contains(r.Organizations, org)
}

// ID tells the replica apart from all others.
func (r Replica) ID() string { return r.Subscriber + "/" + r.Name }

// Replicas lists the replicas that have reported within a week, in the order of their ids.
func (r *Receipts) Replicas(ctx context.Context) ([]Replica, error) { return r.list(ctx, "*") }

// list lists the replicas of a subscriber; *: of all.
func (r *Receipts) list(ctx context.Context, subscriber string) ([]Replica, error) {
	info, err := r.stream.Info(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the reports of replicas: %w", err)
	}
	var all []Replica
	err = r.read(ctx, jetstream.ConsumerConfig{FilterSubject: subject(subscriber, "*", lastReport), DeliverPolicy: jetstream.DeliverLastPerSubjectPolicy}, func(m message) bool {
		told, err := readRecord(m.data, m.at)
		if err == nil {
			all = append(all, told.replica(m.subscriber, info.TimeStamp))
		}
		return true
	})
	slices.SortFunc(all, func(a, b Replica) int { return cmp.Compare(a.ID(), b.ID()) })
	return all, err
}

// Receipt says whether a replica has applied an event.
type Receipt struct {
	Replica

	// Applied is when the first report that is kept came that says that everything up to At, the event included, was applied; zero
	// if none has. The replica has applied it then, or before.
	Applied time.Time
	At      events.Position
	// Earlier says that an earlier report may have said so, too, which is not kept any more: the replica may have applied it long before.
	Earlier bool
}

// Of returns, for each replica that holds an organization and whose subscriber includes returns true for, whether it has applied
// what was recorded in the organization at a position. Done is
// when the last of them had; zero while one has not. One that ended before it did, or was forgotten, is left out of that.
func (r *Receipts) Of(ctx context.Context, org events.OrganizationID, position events.Position, recorded time.Time, includes func(subscriber string) bool) (found []Receipt, done time.Time, err error) {
	all, err := r.Replicas(ctx)
	if err != nil {
		return nil, time.Time{}, err
	}
	var subjects []string
	for _, one := range all {
		if !includes(one.Subscriber) || !one.holds(org) {
			continue
		}
		found = append(found, Receipt{Replica: one})
		if one.Position >= position {
			subjects = append(subjects, subject(one.Subscriber, one.Name, positions))
		}
	}
	if len(subjects) > 0 {
		err = r.readFirst(ctx, position, recorded, subjects, found)
	}
	for i := range found {
		one := &found[i]
		if one.Applied.IsZero() && one.Position >= position {
			one.Applied, one.At, one.Earlier = one.Heard, one.Position, true // it is there for so long that what it said first is gone
		}
		switch {
		case !one.Applied.IsZero() && one.Applied.After(done):
			done = one.Applied
		case one.Applied.IsZero() && one.State != Ended && one.State != Forgotten:
			return found, time.Time{}, err
		}
	}
	return found, done, err
}

// readFirst notes the first reports that are kept and have a position that was recorded at a time. Each of the subjects has one.
func (r *Receipts) readFirst(ctx context.Context, position events.Position, recorded time.Time, subjects []string, found []Receipt) error {
	wanted, since := len(subjects), recorded.Add(-maxSkew)
	return r.read(ctx, jetstream.ConsumerConfig{FilterSubjects: subjects, DeliverPolicy: jetstream.DeliverByStartTimePolicy, OptStartTime: &since}, func(m message) bool {
		i := slices.IndexFunc(found, func(f Receipt) bool { return f.Subscriber == m.subscriber && f.Name == m.name })
		if at, before, is := m.position(); is && i >= 0 && at >= position && found[i].Applied.IsZero() {
			forgot := before == 0 && m.at.Sub(recorded) > maxAge // the replica is new, or was silent for so long that nothing of it was kept
			found[i].Applied, found[i].At, found[i].Earlier = m.at, at, before >= position || forgot
			wanted--
		}
		return wanted > 0
	})
}

// read calls take with messages until it returns false, or until there are no more.
func (r *Receipts) read(ctx context.Context, config jetstream.ConsumerConfig, take func(message) bool) error {
	config.AckPolicy, config.MemoryStorage, config.Replicas, config.InactiveThreshold = jetstream.AckNonePolicy, true, 1, time.Minute
	consumer, err := r.stream.CreateConsumer(ctx, config)
	if err != nil {
		return fmt.Errorf("read the reports of replicas: %w", err)
	}
	defer r.stream.DeleteConsumer(context.WithoutCancel(ctx), consumer.CachedInfo().Name) //nolint:errcheck // it is gone a little later otherwise
	left := consumer.CachedInfo().NumPending
	if left == 0 {
		return nil
	}
	// The consumer is on one server. If that one stops, no heartbeat comes.
	messages, err := consumer.Messages(jetstream.PullExpiry(5*time.Second), jetstream.PullHeartbeat(2*time.Second))
	if err != nil {
		return fmt.Errorf("read the reports of replicas: %w", err)
	}
	defer messages.Stop()
	for ; left > 0; left-- {
		m, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			return fmt.Errorf("read the reports of replicas: %w", err)
		}
		about, err := m.Metadata()
		if err != nil {
			return err
		}
		if !take(parse(m.Subject(), m.Data(), about.Timestamp)) {
			return nil
		}
		if about.NumPending == 0 {
			return nil // some were dropped meanwhile
		}
	}
	return nil
}
