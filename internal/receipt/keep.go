package receipt

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
)

// Why a report is not kept, or a replica not forgotten.
var (
	ErrName = errors.New("the name and the instance of a replica have letters, digits, _ and -, 64 at most")
	// ErrFull says that as many replicas are known as a subscriber can have.
	ErrFull = fmt.Errorf("a subscriber has at most %d replicas", MaxReplicas)
	// ErrUnknown says that there is no such replica, ErrReports that it has reported within the last seconds.
	ErrUnknown = errors.New("there is no such replica")
	ErrReports = errors.New("the replica still reports")
)

// Keep keeps a report of a replica of a subscriber, in the place of the one before. One that another report has overtaken counts for nothing, and
// neither does an end of an instance that another one has followed. A new name takes the place of the one that has
// ended, or was forgotten, for the longest time, if there are [MaxReplicas]. It fails with [ErrName], and with [ErrFull] if none has. Of
// replicas that begin at the same time there may be a few more.
func (r *Receipts) Keep(ctx context.Context, subscriber string, report feed.ProgressReport) error {
	if !feed.ValidSubscriber(subscriber) || !feed.ValidReplica(report.Replica) || !feed.ValidReplica(report.Instance) {
		return ErrName
	}
	told := false // the position, which is not told again if the record meets another one
	return r.change(ctx, subscriber, report.Replica, func(last *record) (*record, error) {
		switch {
		case last == nil:
			if err := r.makeRoom(ctx, subscriber); err != nil {
				return nil, err
			}
		case overtaken(last.Report, report):
			return nil, nil
		}
		var before events.Position
		if last != nil {
			before = last.Greatest
		}
		if !told && (last == nil || last.Report.Position != report.Position) {
			position := &nats.Msg{Subject: subject(subscriber, report.Replica, positions), Data: formatPosition(report.Position, before)}
			if _, err := r.js.PublishMsg(ctx, position); err != nil {
				return nil, fmt.Errorf("keep a report: %w", err)
			}
			told = true
		}
		return &record{Report: report, Greatest: max(before, report.Position)}, nil
	})
}

// overtaken reports whether a report says nothing more after the last one that is kept.
func overtaken(last, report feed.ProgressReport) bool {
	if last.Instance == report.Instance {
		return report.Number <= last.Number
	}
	return report.Ended
}

// change has decide return what is kept of a replica in the place of its last record, which is nil if there is none. Nil leaves that. Decide is
// called again if another record was kept meanwhile.
func (r *Receipts) change(ctx context.Context, subscriber, replica string, decide func(last *record) (*record, error)) error {
	for {
		last, sequence, err := r.last(ctx, subscriber, replica)
		if err != nil {
			return err
		}
		next, err := decide(last)
		if err != nil || next == nil {
			return err
		}
		if err := r.put(ctx, subscriber, *next, sequence); !isConflict(err) {
			return err
		}
	}
}

// put keeps a record in the place of the one with a sequence; 0: of none. If another one is there, that is a conflict.
func (r *Receipts) put(ctx context.Context, subscriber string, told record, sequence uint64) error {
	body, err := json.Marshal(told)
	if err != nil {
		return err
	}
	m := &nats.Msg{Subject: subject(subscriber, told.Report.Replica, lastReport), Data: body, Header: nats.Header{}}
	m.Header.Set(jetstream.MsgRollup, jetstream.MsgRollupSubject)
	if _, err := r.js.PublishMsg(ctx, m, jetstream.WithExpectLastSequencePerSubject(sequence)); err != nil {
		return fmt.Errorf("keep a report: %w", err)
	}
	if told.Report.Ended || !told.Forgotten.IsZero() {
		r.full.forget(subscriber)
	}
	return nil
}

// isConflict reports whether another record was kept meanwhile.
func isConflict(err error) bool {
	refused, is := errors.AsType[*jetstream.APIError](err)
	return is && (refused.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence || refused.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant)
}

// last returns the last record of a replica with its sequence in the stream; nil and 0 if there is none.
func (r *Receipts) last(ctx context.Context, subscriber, replica string) (*record, uint64, error) {
	m, err := r.stream.GetLastMsgForSubject(ctx, subject(subscriber, replica, lastReport))
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, fmt.Errorf("read a report: %w", err)
	}
	told, err := readRecord(m.Data, m.Time)
	if err != nil {
		return nil, 0, fmt.Errorf("read a report: %w", err)
	}
	return &told, m.Sequence, nil
}

// makeRoom drops a replica that has ended, if a subscriber has as many as it can have. It fails with [ErrFull].
func (r *Receipts) makeRoom(ctx context.Context, subscriber string) error {
	if r.full.has(subscriber) {
		return ErrFull
	}
	info, err := r.stream.Info(ctx, jetstream.WithSubjectFilter(subject(subscriber, "*", lastReport)))
	if err != nil {
		return fmt.Errorf("count the replicas of %s: %w", subscriber, err)
	}
	if len(info.State.Subjects) < MaxReplicas {
		return nil
	}
	all, err := r.list(ctx, subscriber)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(one Replica) bool { return one.State != Ended && one.State != Forgotten })
	if len(all) == 0 {
		r.full.note(subscriber)
		return ErrFull
	}
	oldest := slices.MinFunc(all, func(a, b Replica) int { return cmp.Compare(a.Heard.UnixNano(), b.Heard.UnixNano()) })
	return r.Drop(ctx, subscriber, oldest.Name)
}

// Forget notes that a replica is gone for good, and returns it. Receipts say so, and do not wait for it. If it reports again, it is there again. It
// fails with [ErrUnknown], and with [ErrReports] if it has reported within the last seconds.
func (r *Receipts) Forget(ctx context.Context, subscriber, replica string) (Replica, error) {
	if !feed.ValidSubscriber(subscriber) || !feed.ValidReplica(replica) {
		return Replica{}, ErrUnknown
	}
	info, err := r.stream.Info(ctx)
	if err != nil {
		return Replica{}, fmt.Errorf("read the reports of replicas: %w", err)
	}
	var forgotten Replica
	err = r.change(ctx, subscriber, replica, func(last *record) (*record, error) {
		if last == nil {
			return nil, ErrUnknown
		}
		forgotten = last.replica(subscriber, info.TimeStamp)
		if forgotten.State == Following {
			return nil, ErrReports
		}
		if forgotten.State == Forgotten {
			return nil, nil
		}
		last.Forgotten = info.TimeStamp.UTC().Truncate(time.Millisecond)
		forgotten = last.replica(subscriber, info.TimeStamp)
		return last, nil
	})
	return forgotten, err
}

// Drop drops everything that is known of a replica.
func (r *Receipts) Drop(ctx context.Context, subscriber, replica string) error {
	return r.purge(ctx, subject(subscriber, replica, "*"))
}

// DropAll drops everything that is known of the replicas of a subscriber.
func (r *Receipts) DropAll(ctx context.Context, subscriber string) error {
	return r.purge(ctx, subject(subscriber, "*", "*"))
}

func (r *Receipts) purge(ctx context.Context, subject string) error {
	defer r.full.forgetAll()
	if err := r.stream.Purge(ctx, jetstream.WithPurgeSubject(subject)); err != nil {
		return fmt.Errorf("drop the reports of replicas: %w", err)
	}
	return nil
}
