package bus

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/events"
)

// StreamName is the name of the ledger's stream.
const StreamName = "LEDGER"

const subject = "roster.ledger"

// openStream finds the stream or, if there is none, creates it where that is allowed.
func openStream(ctx context.Context, js jetstream.JetStream, cfg OpenConfig) (jetstream.Stream, error) {
	stream, err := js.Stream(ctx, StreamName)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		if cfg.Existing {
			return nil, ErrNoLedger
		}
		stream, err = js.CreateStream(ctx, settings(max(cfg.Replicas, 1)))
	}
	if err != nil {
		return nil, err
	}
	info := stream.CachedInfo()
	if err := compare(info.Config, settings(info.Config.Replicas)); err != nil {
		return nil, err
	}
	return stream, complete(info.State)
}

// settings returns those of a ledger: nothing in it is changed, expires or is
// removed.
func settings(replicas int) jetstream.StreamConfig {
	return jetstream.StreamConfig{
		Name:              StreamName,
		Description:       "The ledger of Roster: one message per commit.",
		Subjects:          []string{subject},
		Storage:           jetstream.FileStorage,
		Retention:         jetstream.LimitsPolicy,
		Discard:           jetstream.DiscardNew,
		MaxMsgs:           -1,
		MaxBytes:          -1,
		MaxMsgsPerSubject: -1,
		MaxMsgSize:        -1,
		Replicas:          replicas,
		DenyDelete:        true,
		DenyPurge:         true,
		AllowDirect:       true,
	}
}

// compare fails for the first setting of an existing stream that could change, drop
// or hide a commit.
func compare(got, want jetstream.StreamConfig) error {
	for _, s := range []struct {
		name      string
		got, want any
	}{
		{"subjects", fmt.Sprint(got.Subjects), fmt.Sprint(want.Subjects)},
		{"storage", got.Storage, want.Storage},
		{"retention", got.Retention, want.Retention},
		{"max_msgs", got.MaxMsgs, want.MaxMsgs},
		{"max_bytes", got.MaxBytes, want.MaxBytes},
		{"max_age", got.MaxAge, want.MaxAge},
		{"max_msgs_per_subject", got.MaxMsgsPerSubject, want.MaxMsgsPerSubject},
		{"max_msg_size", got.MaxMsgSize, want.MaxMsgSize},
		{"first_seq", max(got.FirstSeq, 1), max(want.FirstSeq, 1)},
		{"no_ack", got.NoAck, want.NoAck},
		{"sealed", got.Sealed, want.Sealed},
		{"mirror", got.Mirror != nil, want.Mirror != nil},
		{"sources", len(got.Sources), len(want.Sources)},
		{"subject_transform", got.SubjectTransform != nil, want.SubjectTransform != nil},
		{"deny_delete", got.DenyDelete, want.DenyDelete},
		{"deny_purge", got.DenyPurge, want.DenyPurge},
		{"allow_rollup_hdrs", got.AllowRollup, want.AllowRollup},
		{"allow_direct", got.AllowDirect, want.AllowDirect},
		{"allow_msg_ttl", got.AllowMsgTTL, want.AllowMsgTTL},
		{"allow_msg_counter", got.AllowMsgCounter, want.AllowMsgCounter},
		{"allow_msg_schedules", got.AllowMsgSchedules, want.AllowMsgSchedules},
		{"persist_mode", got.PersistMode, want.PersistMode},
	} {
		if s.got != s.want {
			return &SettingError{Stream: StreamName, Setting: s.name, Want: fmt.Sprint(s.want), Got: fmt.Sprint(s.got)}
		}
	}
	return nil
}

// complete fails if the server reports that messages are missing. The server does
// not notice everything; [Ledger.Verify] does.
func complete(state jetstream.StreamState) error {
	const restore = "the server has lost commits from here on; bring back the newest copy of the ledger"
	switch {
	case state.Lost != nil && len(state.Lost.Msgs) > 0:
		return &BrokenError{Position: events.Position(slices.Min(state.Lost.Msgs)), Reason: restore}
	case state.FirstSeq > 1:
		return &BrokenError{Position: 1, Reason: restore}
	case state.NumDeleted > 0:
		return &BrokenError{Position: events.Position(state.Msgs), Reason: fmt.Sprintf("%d commits before the end are missing; bring back the newest copy of the ledger", state.NumDeleted)}
	}
	return nil
}
