package relay

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
)

// beats are the sequences of the heartbeats that the stream has: the newest one, and those before it that are still to be deleted.
//
// A heartbeat does not replace the one before by Nats-Rollup: nats-server 2.15 then takes the one before for acknowledged, with all before it,
// in each durable consumer that has acknowledged nothing of the stream yet (consumer.purge), and forgets what it would have to deliver again.
type beats []uint64

const (
	// deleteTries is how often a relay tries to delete a heartbeat.
	deleteTries = 4
	// maxDeletion is how long the deletion of earlier heartbeats may take before the next one is left out. It is a part of the second by which a replica
	// may be wrong about Roster's time.
	maxDeletion = 200 * time.Millisecond
)

// findBeats notes the heartbeats that another relay has left. A server that does not have the last one yet may have answered, so that one counts in any case.
func (t *term) findBeats(ctx context.Context) error {
	t.beats = nil
	if t.replacesBeats() {
		return nil
	}
	for from := uint64(1); ; {
		m, err := t.stream.GetMsg(ctx, from, jetstream.WithGetMsgSubject(feed.HeartbeatSubject))
		switch {
		case errors.Is(err, jetstream.ErrMsgNotFound):
			if last := t.sequence; last > t.previous && from <= last {
				t.beats = append(t.beats, last)
			}
			return nil
		case err != nil:
			return fmt.Errorf("find the heartbeats of %s: %w", feed.StreamName, err)
		}
		t.beats, from = append(t.beats, m.Sequence), m.Sequence+1
	}
}

// beat publishes a heartbeat. Of those before, only the newest one is in the stream then: so nobody reads a heartbeat once there is
// the second one after it, which package retention needs.
//
// Unless it must be published, it is left out where the server took long to delete those before. A heartbeat that comes late would mislead replicas: they learn
// what time it is for Roster from when heartbeats come. The next one has nothing to delete, so it is not late.
func (t *term) beat(ctx context.Context, by string, must bool) error {
	now := time.Now() // what comes in while the server deletes is not published yet
	if err := t.deleteBeats(ctx); err != nil {
		return err
	}
	if !must && time.Since(now) > maxDeletion {
		return nil
	}
	complete, since := t.queue.place()
	return t.publishBeat(ctx, by, complete, since, now)
}

func (t *term) publishBeat(ctx context.Context, by string, complete events.Checkpoint, since uint64, now time.Time) error {
	m, err := t.heartbeat(by, complete, since, now.UTC())
	if err != nil {
		return err
	}
	if err := t.publish(ctx, m, true); err != nil {
		return err
	}
	if !t.replacesBeats() {
		t.beats = append(t.beats, t.sequence)
	}
	return nil
}

// deleteBeats deletes all heartbeats but the newest one, once that is in the stream for certain.
func (t *term) deleteBeats(ctx context.Context) error {
	if len(t.beats) < 2 {
		return nil
	}
	if err := t.drain(ctx); err != nil {
		return err
	}
	for len(t.beats) > 1 {
		if err := t.deleteBeat(ctx, t.beats[0]); err != nil {
			return fmt.Errorf("delete a heartbeat of %s: %w", feed.StreamName, err)
		}
		t.beats = t.beats[1:]
	}
	return nil
}

// deleteBeat deletes a heartbeat. While a cluster chooses a leader, a request can get no answer, so there are several. It sends none while the
// connection is lost: it would come when there may be another message at the sequence.
func (t *term) deleteBeat(ctx context.Context, sequence uint64) (err error) {
	for range deleteTries {
		if !t.nc.IsConnected() {
			return nats.ErrDisconnected
		}
		asking, cancel := context.WithTimeout(ctx, ackWait/deleteTries)
		if err = t.stream.DeleteMsg(asking, sequence); err != nil {
			if _, missing := t.stream.GetMsg(asking, sequence); errors.Is(missing, jetstream.ErrMsgNotFound) { // it was deleted, or dropped
				err = nil
			}
		}
		cancel()
		if err == nil || ctx.Err() != nil {
			return err
		}
	}
	return err
}

// replacesBeats reports whether a heartbeat replaces the one before after all: a stream that an earlier program has made lets nobody delete
// messages, and cannot be changed so that it does.
func (t *term) replacesBeats() bool { return t.stream.CachedInfo().Config.DenyDelete }

// heartbeat makes a heartbeat that says up to where everything that was there at a time is in the stream.
func (t *term) heartbeat(by string, complete events.Checkpoint, since uint64, now time.Time) (*nats.Msg, error) {
	beat := feed.Heartbeat{Position: complete.Position, At: now}
	if kept := t.kept.Load(); kept != nil {
		beat.Dropped, beat.Checked = kept.dropped, kept.checked
	}
	data, err := json.Marshal(beat)
	if err != nil {
		return nil, err
	}
	h := nats.Header{
		feed.SpecVersion: {"1.0"}, feed.ID: {"heartbeat/" + rand.Text()}, feed.Source: {"/v1"}, feed.Type: {string(feed.HeartbeatType)}, feed.Time: {formatTime(now)},
		feed.DataSchema: {feed.SchemaPrefix + string(feed.HeartbeatType)}, feed.ContentType: {"application/json"},
		feed.Position: {number(uint64(complete.Position))}, feed.Complete: {number(uint64(complete.Position))}, sinceHeader: {number(since)}, hash: {complete.Hash.String()}, previousHeader: {number(t.previous)},
		feed.Epoch: {t.epoch},
	}
	if t.replacesBeats() {
		h[jetstream.MsgRollup] = []string{jetstream.MsgRollupSubject}
	}
	if by != "" {
		h[node] = []string{by}
	}
	return &nats.Msg{Subject: feed.HeartbeatSubject, Header: h, Data: data}, nil
}
