// Package tcpproxy puts a proxy between two parts of Roster that a test can cut, or
// pause.
//
//	proxy := tcpproxy.Start(t, "tcp", "127.0.0.1:4222")
//	connect(proxy.Address())
//	proxy.Cut()     // resets all connections, and refuses new ones
//	proxy.Restore() // all is as before
package tcpproxy

import (
	"context"
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// Proxy forwards connections to one address. It listens on the loopback interface.
type Proxy struct {
	network, target string
	listener        net.Listener

	mu      sync.Mutex
	cut     bool
	resumed chan struct{} // closed by Resume; nil unless it is paused
	conns   map[net.Conn]struct{}
}

// Start starts a proxy before an address of a network, such as tcp or unix, until the test ends.
func Start(t testing.TB, network, target string) *Proxy {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &Proxy{network: network, target: target, listener: listener, conns: map[net.Conn]struct{}{}}
	var serving sync.WaitGroup
	serving.Go(func() { p.serve(&serving) })
	t.Cleanup(func() {
		_ = listener.Close() // nothing else can close it
		p.Cut()
		p.Resume()
		serving.Wait()
	})
	return p
}

// Address is where the proxy listens.
func (p *Proxy) Address() string { return p.listener.Addr().String() }

// Cut resets all connections. New ones are closed at once until Restore.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cut = true
	for conn := range p.conns {
		if tcp, is := conn.(*net.TCPConn); is {
			_ = tcp.SetLinger(0) // the peer sees a reset, not an end
		}
		_ = conn.Close() // its own goroutine notices
	}
}

// Restore ends what Cut began.
func (p *Proxy) Restore() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cut = false
}

// Pause keeps all connections, and forwards nothing until Resume. Nothing is lost.
func (p *Proxy) Pause() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.resumed == nil {
		p.resumed = make(chan struct{})
	}
}

// Resume ends what Pause began.
func (p *Proxy) Resume() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.resumed != nil {
		close(p.resumed)
		p.resumed = nil
	}
}

func (p *Proxy) serve(serving *sync.WaitGroup) {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return // it was closed
		}
		serving.Go(func() { p.forward(client) })
	}
}

// forward forwards one connection in both directions until one end closes it.
func (p *Proxy) forward(client net.Conn) {
	defer client.Close()
	defer p.drop(client)
	if !p.keep(client) {
		return
	}
	server, err := new(net.Dialer).DialContext(context.Background(), p.network, p.target)
	if err != nil {
		return
	}
	defer server.Close()
	defer p.drop(server)
	if !p.keep(server) {
		return
	}
	var both sync.WaitGroup
	both.Go(func() { p.copy(server, client) })
	both.Go(func() { p.copy(client, server) })
	both.Wait()
}

// keep lets Cut find a connection. It returns false if the proxy is cut.
func (p *Proxy) keep(conn net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.conns[conn] = struct{}{}
	return !p.cut
}

func (p *Proxy) drop(conn net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, conn)
}

// copy forwards one direction, and ends both when it ends.
func (p *Proxy) copy(to, from net.Conn) {
	defer to.Close()
	defer from.Close()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		p.mu.Lock()
		resumed := p.resumed
		p.mu.Unlock()
		if resumed != nil {
			<-resumed
		}
		if n > 0 {
			if _, failed := to.Write(buffer[:n]); failed != nil {
				return
			}
		}
		if err != nil { // io.EOF, or it was cut
			return
		}
	}
}
