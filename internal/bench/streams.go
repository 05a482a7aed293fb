package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// followedPace is the number of events a second in the organization that is followed.
	followedPace = 10
	// askedPace is the number of commands a second whose time is measured.
	askedPace = 50
	// followersOf is one follower for so many people: 1,000 for 100,000.
	followersOf = 100
	// followerMemory is how many MB a follower may take.
	followerMemory = 0.15
)

// streams measures commands in one organization while many follow another one live, against
// the same commands while nobody follows, and how much memory the followers take. The server
// is a process of its own; the clients, on the same machine, take processor time as well.
func streams(ctx context.Context, s *setup) ([]Row, error) {
	server, err := s.serve(ctx, filepath.Join(s.dir, "data"))
	if err != nil {
		return nil, err
	}
	for _, org := range []string{"followed", "other"} {
		if err := server.succeed(ctx, http.MethodPost, "/v1/organizations", fmt.Sprintf(`{"id": %q, "owner": "ada"}`, org)); err != nil {
			return nil, err
		}
	}
	var added atomic.Int64
	add := func(ctx context.Context, org string) error {
		return server.succeed(ctx, http.MethodPost, "/v1/organizations/"+org+"/members", fmt.Sprintf(`{"user": "u%d"}`, added.Add(1)))
	}
	measured := func() (load, error) { return besidesEvents(ctx, s.Time, add) }
	alone, err := measured()
	if err != nil {
		return nil, err
	}
	before, _ := server.resident()
	var rows []Row
	var f followers
	s.cleanup(f.stop)
	for _, count := range []int{max(1, s.People/followersOf/5), max(2, s.People/followersOf)} {
		if err := f.grow(ctx, server, count); err != nil {
			return nil, err
		}
		beside, err := measured()
		if err != nil {
			return nil, err
		}
		what := fmt.Sprintf("others' commands beside %s followers", grouped(count))
		rows = append(rows,
			figure(what+", p50", beside.p50, "ms").against("no followers", alone.p50),
			figure(what+", p99", beside.p99, "ms").against("no followers", alone.p99).within(max(2*alone.p99, alone.p99+5)))
		if memory, _ := server.resident(); memory > 0 {
			rows = append(rows, figure("resident memory with "+grouped(count)+" followers", memory, "MB").
				against("none", before).within(before+max(50, float64(count)*followerMemory)))
		}
	}
	return rows, f.err()
}

// besidesEvents gives commands in one organization at a steady pace, and measures others that
// are given in turn in a second one.
func besidesEvents(ctx context.Context, length time.Duration, add func(ctx context.Context, org string) error) (load, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var working sync.WaitGroup
	working.Go(func() {
		beat := time.NewTicker(time.Second / followedPace)
		defer beat.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-beat.C:
				if err := add(ctx, "followed"); err != nil && ctx.Err() == nil {
					cancel(err)
				}
			}
		}
	})
	started := time.Now()
	var took []time.Duration
	for n := range int(length.Seconds()*askedPace) + 2 {
		time.Sleep(time.Until(started.Add(time.Duration(n) * time.Second / askedPace)))
		began := time.Now()
		if err := add(ctx, "other"); err != nil {
			cancel(err) // the first one counts
			break
		}
		took = append(took, time.Since(began))
	}
	found, err := summary(took, time.Since(started)), context.Cause(ctx)
	cancel(nil)
	working.Wait()
	return found, err
}

// followers are connections over which the events of an organization come.
type followers struct {
	reading sync.WaitGroup
	conns   []net.Conn
	stopped atomic.Bool
	lost    atomic.Int64
}

// grow opens streams until there are so many.
func (f *followers) grow(ctx context.Context, p *process, count int) error {
	for len(f.conns) < count {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", strings.TrimPrefix(p.HTTP, "http://"))
		if err != nil {
			return err
		}
		f.conns = append(f.conns, conn)
		fmt.Fprintf(conn, "GET /v1/organizations/followed/events HTTP/1.1\r\nHost: roster\r\nAccept: text/event-stream\r\nAuthorization: Bearer %s\r\n\r\n", p.Key)
		in := bufio.NewReaderSize(conn, 1<<10)
		answer, err := http.ReadResponse(in, nil)
		if err != nil {
			return err
		}
		if answer.StatusCode != http.StatusOK {
			return fmt.Errorf("a stream: %s", answer.Status)
		}
		f.reading.Go(func() {
			defer answer.Body.Close()
			_, _ = io.Copy(io.Discard, answer.Body) // until the connection ends
			if !f.stopped.Load() {
				f.lost.Add(1)
			}
		})
	}
	return nil
}

func (f *followers) stop() {
	f.stopped.Store(true)
	for _, conn := range f.conns {
		_ = conn.Close() // nothing is sent any more
	}
	f.reading.Wait()
}

// err fails if a stream has ended.
func (f *followers) err() error {
	if f.lost.Load() > 0 {
		return errors.New("a stream broke off")
	}
	return nil
}
