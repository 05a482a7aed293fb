package natsserver_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/natsserver"
)

// several returns a directory with a stream that has a message on each subject.
func several(t *testing.T, subjects ...string) natsserver.Config {
	t.Helper()
	cfg := natsserver.Config{Dir: filepath.Join(t.TempDir(), "nats"), Unsynced: true}
	server := start(t, cfg)
	nc, err := server.Connect()
	require.NoError(t, err)
	require.NoError(t, publish(t.Context(), nc, subjects...))
	nc.Close()
	server.Shutdown()
	return cfg
}

// publish makes the stream and publishes a message on each subject.
func publish(ctx context.Context, nc *nats.Conn, subjects ...string) error {
	js, err := jetstream.New(nc)
	if err == nil {
		_, err = js.CreateStream(ctx, jetstream.StreamConfig{Name: "KEPT", Subjects: []string{"kept.>"}})
	}
	for _, subject := range subjects {
		if err == nil {
			_, err = js.Publish(ctx, subject, []byte(subject))
		}
	}
	return err
}

// salvaged returns the subjects that can be read, and whether there is damage.
func salvaged(t *testing.T, dir string) (subjects []string, damaged bool) {
	t.Helper()
	found, damage, err := natsserver.Salvage(dir, "KEPT")
	require.NoError(t, err)
	for _, message := range found {
		assert.Equal(t, message.Subject, string(message.Data))
		subjects = append(subjects, message.Subject)
	}
	return subjects, damage != nil
}

func TestSalvagePassesOverDamage(t *testing.T) {
	t.Parallel()
	const record = 22 + 2*len("kept.1") + 8 // bytes
	all := []string{"kept.1", "kept.2", "kept.3", "kept.4"}
	for name, row := range map[string]struct {
		damage  func(block []byte) []byte
		damaged bool
		found   []string
	}{
		"nothing":             {damage: func(b []byte) []byte { return b }, found: all},
		"a bit of the first":  {damage: func(b []byte) []byte { b[25] ^= 1; return b }, damaged: true, found: all[1:]},
		"a bit of the last":   {damage: func(b []byte) []byte { b[len(b)-10] ^= 1; return b }, damaged: true, found: all[:3]},
		"two records":         {damage: func(b []byte) []byte { b[25] ^= 1; b[2*record+25] ^= 1; return b }, damaged: true, found: []string{"kept.2", "kept.4"}},
		"a length":            {damage: func(b []byte) []byte { b[record+2] ^= 1; return b }, damaged: true, found: []string{"kept.1", "kept.3", "kept.4"}},
		"bytes that are gone": {damage: func(b []byte) []byte { return append(b[:record:record], b[record+5:]...) }, damaged: true, found: []string{"kept.1", "kept.3", "kept.4"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := several(t, all...).Dir
			file := filepath.Join(dir, "jetstream", "$G", "streams", "KEPT", "msgs", "1.blk")
			block, err := os.ReadFile(file)
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(file, row.damage(block), 0o600))
			before := contents(t, dir)
			found, damaged := salvaged(t, dir)
			assert.Equal(t, row.found, found)
			assert.Equal(t, row.damaged, damaged)
			assert.Equal(t, before, contents(t, dir), "the files")
		})
	}
}

func TestSalvageReturnsTheNewestThatIsThere(t *testing.T) {
	t.Parallel()
	cfg := several(t, "kept.1", "kept.2", "kept.3", "kept.2", "kept.4")
	server := start(t, cfg)
	stream, err := streams(t, server).Stream(t.Context(), "KEPT")
	require.NoError(t, err)
	require.NoError(t, stream.DeleteMsg(t.Context(), 1))
	require.NoError(t, stream.SecureDeleteMsg(t.Context(), 3))
	server.Shutdown()
	found, _, err := natsserver.Salvage(cfg.Dir, "KEPT")
	require.NoError(t, err)
	assert.Equal(t, []natsserver.Message{
		{Sequence: 4, Subject: "kept.2", Data: []byte("kept.2")}, {Sequence: 5, Subject: "kept.4", Data: []byte("kept.4")},
	}, found)
}

// TestReplaceCanBeRepeated leaves a directory as a Replace leaves it that was cut off.
func TestReplaceCanBeRepeated(t *testing.T) {
	t.Parallel()
	for name, cut := range map[string]func(t *testing.T, dir, stream string){
		"before": func(*testing.T, string, string) {},
		"while the new stream is made": func(t *testing.T, dir, _ string) {
			t.Helper()
			require.NoError(t, os.CopyFS(filepath.Join(dir, "replacement", "jetstream"), os.DirFS(filepath.Join(dir, "jetstream"))))
		},
		"when the old stream is out of the way": func(t *testing.T, dir, stream string) {
			t.Helper()
			require.NoError(t, os.Rename(stream, filepath.Join(dir, "replaced-KEPT")))
		},
		"when the new stream is in its place": func(t *testing.T, dir, stream string) {
			t.Helper()
			require.NoError(t, os.CopyFS(filepath.Join(dir, "replaced-KEPT"), os.DirFS(stream)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := several(t, "kept.old")
			cut(t, cfg.Dir, filepath.Join(cfg.Dir, "jetstream", "$G", "streams", "KEPT"))
			found, _ := salvaged(t, cfg.Dir)
			assert.Equal(t, []string{"kept.old"}, found)

			kept, err := natsserver.Replace(cfg.Dir, "KEPT", func(nc *nats.Conn) error { return publish(t.Context(), nc, "kept.new") })
			require.NoError(t, err)
			found, damaged := salvaged(t, cfg.Dir)
			assert.Equal(t, []string{"kept.new"}, found)
			assert.False(t, damaged)
			assert.FileExists(t, filepath.Join(kept, "msgs", "1.blk"))
			assert.NoDirExists(t, filepath.Join(cfg.Dir, "replacement"))
			assert.NoDirExists(t, filepath.Join(cfg.Dir, "replaced-KEPT"))
			stream, err := streams(t, start(t, cfg)).Stream(t.Context(), "KEPT")
			require.NoError(t, err)
			_, err = stream.GetLastMsgForSubject(t.Context(), "kept.new")
			require.NoError(t, err)
		})
	}
}

func TestReplaceThatFailsChangesNothing(t *testing.T) {
	t.Parallel()
	cfg := several(t, "kept.old")
	stream := filepath.Join(cfg.Dir, "jetstream")
	before := contents(t, stream)
	failed := errors.New("failed")
	_, err := natsserver.Replace(cfg.Dir, "KEPT", func(*nats.Conn) error { return failed })
	require.ErrorIs(t, err, failed)
	assert.Equal(t, before, contents(t, stream))
}
