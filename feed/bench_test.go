package feed_test

import (
	"context"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
)

// BenchmarkSubscribe reads the whole stream, with a bare consumer and through this package, in turns. The ratio is that of the rates.
func BenchmarkSubscribe(b *testing.B) {
	r := start(b)
	const organizations, people, projects = 8, 100, 20
	for i := range organizations {
		org := events.OrganizationID("o" + strconv.Itoa(i))
		r.create(org, people)
		r.Do(org, domain.CreateTeam{Team: "t", Name: "T"})
		var joins domain.Batch
		for n := range people {
			joins = append(joins, domain.AddTeamMember{Team: "t", Member: events.UserID("u" + strconv.Itoa(n))})
		}
		r.Do(org, joins)
		for n := range projects {
			r.project(org, n)
			r.Do(org, domain.AssignTeam{Team: "t", Project: events.ProjectID("p" + strconv.Itoa(n)), Role: "read"})
		}
	}
	stream, err := r.js.Stream(b.Context(), feed.StreamName)
	require.NoError(b, err)
	require.Eventually(b, func() bool {
		info, err := stream.Info(b.Context())
		return err == nil && info.State.Msgs > organizations*people*projects
	}, limit, 10*time.Millisecond)
	r.Stop() // there are no heartbeats any more
	info, err := stream.Info(b.Context())
	require.NoError(b, err)
	messages := int64(info.State.Msgs) - 1
	r.Server = r.StartAnother()
	for _, mode := range []string{"durable", "ephemeral"} {
		b.Run(mode, func(b *testing.B) {
			var bare, through time.Duration
			for b.Loop() {
				bare += r.readBare(b, mode, messages)
				through += r.readThrough(b, mode, messages)
			}
			rate := func(d time.Duration) float64 { return float64(messages) * float64(b.N) / d.Seconds() }
			b.ReportMetric(rate(bare), "bare/s")
			b.ReportMetric(rate(through), "through/s")
			b.ReportMetric(rate(through)/rate(bare), "ratio")
		})
	}
}

// readBare reads messages with a consumer of the client library, and acknowledges them if it is durable.
func (r *roster) readBare(b *testing.B, mode string, messages int64) time.Duration {
	b.Helper()
	config := jetstream.ConsumerConfig{Name: "bare", AckPolicy: jetstream.AckExplicitPolicy, MaxAckPending: 1000, FilterSubjects: []string{feed.SubjectPrefix + ">", feed.HeartbeatSubject}}
	if mode == "ephemeral" {
		config.AckPolicy, config.MaxAckPending, config.MemoryStorage = jetstream.AckNonePolicy, 0, true
	}
	began := time.Now()
	consumer, err := r.js.CreateConsumer(b.Context(), feed.StreamName, config)
	require.NoError(b, err)
	all, err := consumer.Messages()
	require.NoError(b, err)
	for range messages {
		m, err := all.Next(jetstream.NextContext(b.Context()))
		require.NoError(b, err)
		if mode == "durable" {
			require.NoError(b, m.Ack())
		}
	}
	took := time.Since(began)
	all.Stop()
	require.NoError(b, r.js.DeleteConsumer(b.Context(), feed.StreamName, "bare"))
	return took
}

// readThrough reads messages with this package.
func (r *roster) readThrough(b *testing.B, mode string, messages int64) time.Duration {
	b.Helper()
	nc := r.Subscriber(mode)
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	var left atomic.Int64
	left.Store(messages)
	began := time.Now()
	var took time.Duration
	err := feed.Subscribe(ctx, nc, feed.Options{Subscriber: mode, Ephemeral: mode == "ephemeral", Restart: true, Start: beginning()}, func(context.Context, *feed.Message) error {
		if left.Add(-1) == 0 {
			took = time.Since(began)
			cancel()
		}
		return nil
	})
	require.NoError(b, err)
	return took
}
