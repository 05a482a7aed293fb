// Package tcpproxy puts a proxy between two parts of Roster that can cut, pause or delay what
// goes between them.
//
//	proxy, err := tcpproxy.Start("tcp", "127.0.0.1:4222")
//	...
//	defer proxy.Stop()
//	connect(proxy.Address())
//	proxy.Cut()     // resets all connections, and refuses new ones
//	proxy.Restore() // all is as before
package tcpproxy

import (
	"context"
	"net"
	"sync"
	"time"
)

// Proxy forwards connections to one address. It listens on the loopback interface. Its methods may
// be called from many goroutines.
type Proxy struct {
	network, target string
	listener        net.Listener
	serving         sync.WaitGroup

	mu      sync.Mutex
	cut     bool
	delay   time.Duration
	resumed chan struct{} // closed by Resume; nil unless it is paused
	conns   map[net.Conn]struct{}
}

// Start starts a proxy before an address of a network, such as tcp or unix. The caller stops it.
func Start(network, target string) (*Proxy, error) {
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Proxy{network: network, target: target, listener: listener, conns: map[net.Conn]struct{}{}}
	p.serving.Go(p.serve)
	return p, nil
}

// Stop resets all connections, and returns when nothing is left of the proxy.
func (p *Proxy) Stop() {
	_ = p.listener.Close() // nothing else closes it
	p.Cut()
	p.Resume()
	p.serving.Wait()
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

// Delay makes everything arrive that much later, in either direction; zero ends it. What is
// on its way already is not affected.
func (p *Proxy) Delay(by time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.delay = by
}

func (p *Proxy) serve() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return // it was closed
		}
		p.serving.Go(func() { p.forward(client) })
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

// chunk is what was read at once, and when it may arrive.
type chunk struct {
	data []byte
	due  time.Time
}

// underWay is how many chunks of one direction may be on their way at once.
const underWay = 64

// copy forwards one direction, and ends both when it ends.
func (p *Proxy) copy(to, from net.Conn) {
	chunks := make(chan chunk, underWay)
	var writing sync.WaitGroup
	writing.Go(func() { p.write(to, from, chunks) })
	defer writing.Wait()
	defer close(chunks)
	for {
		buffer := make([]byte, 32<<10)
		n, err := from.Read(buffer)
		p.mu.Lock()
		due := time.Now().Add(p.delay)
		p.mu.Unlock()
		if n > 0 {
			chunks <- chunk{buffer[:n], due}
		}
		if err != nil { // io.EOF, or it was cut
			return
		}
	}
}

// write writes chunks when they are due. It closes both ends after the last one, or when it cannot write.
func (p *Proxy) write(to, from net.Conn, chunks <-chan chunk) {
	defer to.Close()
	defer from.Close()
	failed := false
	for c := range chunks {
		if failed {
			continue // until the reader notices
		}
		time.Sleep(time.Until(c.due))
		p.mu.Lock()
		resumed := p.resumed
		p.mu.Unlock()
		if resumed != nil {
			<-resumed
		}
		if _, err := to.Write(c.data); err != nil {
			failed = true
			_ = from.Close() // so that the reader ends
		}
	}
}
