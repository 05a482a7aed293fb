package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// connections is the number of concurrent requests.
const connections = 16

// checkOverHTTP measures a check over HTTP against a handler that does nothing but read
// as many bytes and answer as many.
func checkOverHTTP(ctx context.Context, s *setup) ([]Row, error) {
	acme := organization{id: "acme", people: s.People, largeTeam: s.People}
	served, err := s.served(ctx, acme)
	if err != nil {
		return nil, err
	}
	questions, err := acme.randomQuestions(1 << 12)
	if err != nil {
		return nil, err
	}
	client := &checkClient{questions: questions, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections}}}
	defer client.client.CloseIdleConnections()
	address, err := s.listen(ctx, served.server)
	if err != nil {
		return nil, err
	}
	answer, err := client.ask(ctx, address)
	if err != nil {
		return nil, err
	}
	bare, err := s.listen(ctx, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			return // the client is gone
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answer)
	}))
	if err != nil {
		return nil, err
	}
	side := func(address string) func(context.Context) (load, error) {
		return func(ctx context.Context) (load, error) {
			return runLoad(ctx, connections, s.turn(), func(ctx context.Context) error {
				_, err := client.ask(ctx, address)
				return err
			})
		}
	}
	d, err := interleave(ctx, s.Rounds, side(address), side(bare))
	if err != nil {
		return nil, err
	}
	what, floor := fmt.Sprintf("check over HTTP, %d connections", connections), "a bare handler"
	return []Row{d.row(what, floor, "/s", rate).atLeast(0.6), d.row(what+", p50", floor, "ms", p50), d.row(what+", p99", floor, "ms", p99)}, nil
}

// listen serves on a free port of this machine and returns the address.
func (s *setup) listen(ctx context.Context, handler http.Handler) (string, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	s.run(ctx, func(ctx context.Context) error {
		defer context.AfterFunc(ctx, func() { _ = server.Close() })()
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	return "http://" + listener.Addr().String(), nil
}

// checkClient sends one question after the other.
type checkClient struct {
	client          *http.Client
	questions       [][]byte
	randomQuestions atomic.Uint64
}

func (a *checkClient) ask(ctx context.Context, address string) ([]byte, error) {
	body := a.questions[a.randomQuestions.Add(1)%uint64(len(a.questions))]
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address+"/v1/access:check", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	return send(a.client, request)
}

// send makes a request with the key and returns the answer, which must be 200 or 201.
func send(client *http.Client, request *http.Request) ([]byte, error) {
	request.Header.Set("Authorization", "Bearer "+key)
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK && response.StatusCode != http.StatusCreated {
		err = fmt.Errorf("%s: %s", response.Status, answer)
	}
	return answer, err
}
