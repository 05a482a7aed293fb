package bustest

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/url"
	"strconv"
	"sync"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/natsserver"
)

// Proxy stands between clients and a server, and loses what it is told to lose.
type Proxy struct {
	listener net.Listener
	server   string

	mu    sync.Mutex
	lose  func(payload []byte) bool
	conns map[net.Conn]struct{}
	work  sync.WaitGroup
}

// NewProxy starts a proxy in front of a server; it ends with the test.
func NewProxy(t testing.TB, s *natsserver.Server) *Proxy {
	t.Helper()
	server, err := url.Parse(s.URL())
	require.NoError(t, err)
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &Proxy{listener: listener, server: server.Host, conns: map[net.Conn]struct{}{}}
	p.work.Go(func() { p.accept(t.Context()) })
	t.Cleanup(func() {
		_ = listener.Close()
		p.Cut()
		p.work.Wait()
	})
	return p
}

// Connect connects through the proxy until the test ends.
func (p *Proxy) Connect(t testing.TB) *nats.Conn {
	t.Helper()
	return Dial(t, "nats://"+p.listener.Addr().String())
}

// Lose makes the proxy lose the messages to clients whose payload answers so;
// nil loses none.
func (p *Proxy) Lose(lose func(payload []byte) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lose = lose
}

// Cut ends all connections. Clients may connect again.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		_ = c.Close()
	}
}

func (p *Proxy) accept(ctx context.Context) {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := (&net.Dialer{}).DialContext(ctx, "tcp", p.server)
		if err != nil {
			_ = client.Close()
			continue
		}
		p.mu.Lock()
		p.conns[client], p.conns[server] = struct{}{}, struct{}{}
		p.mu.Unlock()
		p.work.Go(func() {
			_, _ = io.Copy(server, client)
			p.end(client, server)
		})
		p.work.Go(func() {
			p.deliver(client, server)
			p.end(client, server)
		})
	}
}

func (p *Proxy) end(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		_ = c.Close()
		delete(p.conns, c)
	}
}

// deliver passes on line by line, and messages with their payload.
func (p *Proxy) deliver(client io.Writer, server io.Reader) {
	from := bufio.NewReader(server)
	for {
		frame, err := from.ReadBytes('\n')
		if err != nil {
			return
		}
		if bytes.HasPrefix(frame, []byte("MSG ")) || bytes.HasPrefix(frame, []byte("HMSG ")) {
			fields := bytes.Fields(frame)
			size, err := strconv.Atoi(string(fields[len(fields)-1]))
			if err != nil {
				return
			}
			payload := make([]byte, size+len("\r\n"))
			if _, err := io.ReadFull(from, payload); err != nil {
				return
			}
			if p.loses(payload) {
				continue
			}
			frame = append(frame, payload...)
		}
		if _, err := client.Write(frame); err != nil {
			return
		}
	}
}

func (p *Proxy) loses(payload []byte) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lose != nil && p.lose(payload)
}
