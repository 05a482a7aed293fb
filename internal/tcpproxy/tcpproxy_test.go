package tcpproxy_test

import (
	"bufio"
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/tcpproxy"
)

// echo answers each line with the same line until the test ends.
func echo(t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, listener.Close()) })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				_, _ = io.Copy(conn, conn) // until it is cut
			}()
		}
	}()
	return listener.Addr().String()
}

func start(t *testing.T) *tcpproxy.Proxy {
	t.Helper()
	p, err := tcpproxy.Start("tcp", echo(t))
	require.NoError(t, err)
	t.Cleanup(p.Stop)
	return p
}

func dial(t *testing.T, p *tcpproxy.Proxy) net.Conn {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", p.Address())
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() }) // it may have been cut
	return conn
}

// ask sends a line and returns what comes back.
func ask(conn net.Conn) (string, error) {
	if _, err := conn.Write([]byte("ada\n")); err != nil {
		return "", err
	}
	return bufio.NewReader(conn).ReadString('\n')
}

func TestCut(t *testing.T) {
	t.Parallel()
	p := start(t)
	conn := dial(t, p)
	said, err := ask(conn)
	require.NoError(t, err)
	assert.Equal(t, "ada\n", said)

	p.Cut()
	_, err = ask(conn)
	require.Error(t, err, "a connection that was cut")
	_, err = ask(dial(t, p))
	require.Error(t, err, "a connection while it is cut")

	p.Restore()
	_, err = ask(dial(t, p))
	require.NoError(t, err)
}

func TestPause(t *testing.T) {
	t.Parallel()
	p := start(t)
	conn := dial(t, p)
	p.Pause()
	const paused = 50 * time.Millisecond
	time.AfterFunc(paused, p.Resume)
	began := time.Now()
	said, err := ask(conn)
	require.NoError(t, err)
	assert.Equal(t, "ada\n", said, "nothing is lost")
	assert.GreaterOrEqual(t, time.Since(began), paused)
}

// TestDelay sends several lines at once: each is late, but not one after the other.
func TestDelay(t *testing.T) {
	t.Parallel()
	p := start(t)
	conn := dial(t, p)
	const delay, lines = 100 * time.Millisecond, 10
	p.Delay(delay)
	began := time.Now()
	go func() {
		for range lines {
			_, _ = conn.Write([]byte("ada\n")) // the reader notices
			time.Sleep(time.Millisecond)
		}
	}()
	reader := bufio.NewReader(conn)
	for range lines {
		_, err := reader.ReadString('\n')
		require.NoError(t, err)
	}
	took := time.Since(began)
	assert.GreaterOrEqual(t, took, 2*delay, "there and back")
	assert.Less(t, took, lines*delay, "not one after the other")
}
