package natsserver_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/natsserver"
)

// smallDisk returns a directory on a file system of its own. It skips the test where none can
// be mounted.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skip("no file system can be mounted here, which takes root:", err)
	}
	t.Cleanup(func() { assert.NoError(t, syscall.Unmount(dir, syscall.MNT_DETACH)) })
	return dir
}

// fill takes the rest of a disk, but for some bytes, and returns what gives it back.
func fill(t *testing.T, dir string, but uint64) (empty func()) {
	t.Helper()
	var disk syscall.Statfs_t
	assert.NoError(t, syscall.Statfs(dir, &disk))
	name := filepath.Join(dir, "fill")
	if err := os.WriteFile(name, make([]byte, disk.Bavail*uint64(disk.Bsize)-but), 0o600); !errors.Is(err, syscall.ENOSPC) {
		assert.NoError(t, err) // others may have taken a part of it meanwhile
	}
	return func() { require.NoError(t, os.Remove(name)) }
}

// TestServerGoesOnAfterAFullDisk fills the disk while others publish. What was acknowledged is
// there, reads go on, and so do writes when there is room.
func TestServerGoesOnAfterAFullDisk(t *testing.T) {
	t.Parallel()
	disk := smallDisk(t, "24m")
	server := start(t, natsserver.Config{Dir: filepath.Join(disk, "nats"), Port: -1, Token: "secret"})
	url := server.URL()
	js := streams(t, server)
	stream, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "KEPT", Subjects: []string{"kept"}})
	require.NoError(t, err)
	require.NoError(t, server.Writable())

	acknowledged := map[uint64]string{}
	publish := func() error {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		text := strconv.Itoa(len(acknowledged)) + string(bytes.Repeat([]byte{'x'}, 1000))
		ack, err := js.Publish(ctx, "kept", []byte(text))
		if err == nil {
			acknowledged[ack.Sequence] = text
		}
		return err
	}
	var filling sync.WaitGroup
	var empty func()
	filling.Go(func() { empty = fill(t, disk, 64<<10) })
	for publish() == nil { //nolint:revive // until the disk is full
	}
	filling.Wait()
	require.Greater(t, len(acknowledged), 10)
	for range 3 { // it stays so
		require.Error(t, publish())
		require.ErrorIs(t, server.Writable(), natsserver.ErrNoSpace)
	}
	check := func() {
		t.Helper()
		for sequence, want := range acknowledged {
			message, err := stream.GetMsg(t.Context(), sequence)
			require.NoError(t, err)
			require.Equal(t, want, string(message.Data))
		}
	}
	check()

	empty()
	require.Eventually(t, func() bool { return server.Writable() == nil }, 20*time.Second, 50*time.Millisecond)
	assert.Equal(t, url, server.URL())
	require.Eventually(t, func() bool { return publish() == nil }, time.Minute, 50*time.Millisecond)
	for range 100 {
		require.NoError(t, publish())
	}
	check()
}

//roster:fault a key is damaged while the disk is full | when there is room, nothing is dropped; commands answer 503 `not_writable`, and what only reads goes on
func TestDamageWhileTheDiskIsFullIsLeftAlone(t *testing.T) {
	t.Parallel()
	disk := smallDisk(t, "8m")
	server := start(t, natsserver.Config{Dir: filepath.Join(disk, "nats"), ReadFirst: []string{"KEPT"}})
	js := streams(t, server)
	stream, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "KEPT", Subjects: []string{"kept"}})
	require.NoError(t, err)
	_, err = js.Publish(t.Context(), "kept", []byte("first"))
	require.NoError(t, err)
	empty := fill(t, disk, 64<<10)
	require.Eventually(t, func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		_, _ = js.Publish(ctx, "kept", make([]byte, 8<<10))
		fault := server.Writable()
		return fault != nil && strings.Contains(fault.Error(), syscall.ENOSPC.Error())
	}, 20*time.Second, time.Millisecond, "NATS meets the end of the disk")
	block := filepath.Join(disk, "nats", "jetstream", "$G", "streams", "KEPT", "msgs", "1.blk")
	file, err := os.OpenFile(block, os.O_RDWR, 0)
	require.NoError(t, err)
	_, err = file.WriteAt([]byte("F"), 22+4) // the first letter of the first message
	require.NoError(t, err)
	require.NoError(t, file.Close())
	before, err := os.ReadFile(block)
	require.NoError(t, err)

	empty()
	require.Eventually(t, func() bool { return errors.Is(server.Writable(), natsserver.ErrDamaged) }, 20*time.Second, 50*time.Millisecond)
	time.Sleep(1500 * time.Millisecond) // it stays so
	require.ErrorIs(t, server.Writable(), natsserver.ErrDamaged)
	after, err := os.ReadFile(block)
	require.NoError(t, err)
	assert.True(t, bytes.Equal(before, after), "the file is another one")
	_, err = stream.Info(t.Context())
	assert.NoError(t, err, "a read")
}

func TestReserveIsKeptFree(t *testing.T) {
	t.Parallel()
	disk := smallDisk(t, "24m")
	server := start(t, natsserver.Config{Dir: filepath.Join(disk, "nats")})
	require.NoError(t, server.Writable())
	empty := fill(t, disk, 900<<10)
	require.ErrorIs(t, server.Writable(), natsserver.ErrNoSpace)
	empty()
	require.NoError(t, server.Writable())
}
