package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os/exec"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
)

// RepeatCommand is the name of the command of [Config].Program that calls [Repeat].
const RepeatCommand = "bench-repeat"

// Repetition is a request that is made again and again, whatever is answered.
type Repetition struct {
	// Address is the host and the port of the server.
	Address string `json:"address"`
	// Request is all that is sent: the head and the body.
	Request []byte `json:"request"`
	// Connections is how many requests are under way at a time, each on a connection of its own.
	Connections int `json:"connections"`
	// ReadFor is how long an answer is read before its connection is closed, in milliseconds;
	// zero is to its end.
	ReadFor int `json:"read_for"`
}

// Repeat reads a [Repetition] as a line of JSON, and makes its requests until the input ends. It
// writes a line when it has begun. It is to cost little besides what the server does.
func Repeat(ctx context.Context, in io.Reader, out io.Writer) error {
	var r Repetition
	lines := bufio.NewReader(in)
	line, err := lines.ReadBytes('\n')
	if err != nil {
		return err
	}
	if err := json.Unmarshal(line, &r); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	var repeating sync.WaitGroup
	for range r.Connections {
		repeating.Go(func() {
			for ctx.Err() == nil {
				_ = r.connect(ctx) // the server may have ended the connection
			}
		})
	}
	_, err = fmt.Fprintln(out, "begun")
	_, _ = io.Copy(io.Discard, lines)
	stop()
	repeating.Wait()
	return err
}

// connect makes requests on one connection, until it ends.
func (r Repetition) connect(ctx context.Context) error {
	connection, err := new(net.Dialer).DialContext(ctx, "tcp", r.Address)
	if err != nil {
		return err
	}
	defer connection.Close()
	defer context.AfterFunc(ctx, func() { _ = connection.Close() })()
	answers := bufio.NewReaderSize(connection, 64<<10)
	for ctx.Err() == nil {
		if r.ReadFor > 0 {
			if err := connection.SetDeadline(time.Now().Add(time.Duration(r.ReadFor) * time.Millisecond)); err != nil {
				return err
			}
		}
		if _, err := connection.Write(r.Request); err != nil {
			return err
		}
		answer, err := http.ReadResponse(answers, nil)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, answer.Body)
		if err := errors.Join(err, answer.Body.Close()); err != nil || answer.Close {
			return err
		}
	}
	return nil
}

// repeat makes a request again and again until stop is called. It does so in a process of its own,
// which leaves the processors to the others: how quickly a client sends is not what is measured.
func (s *setup) repeat(ctx context.Context, p *process, request worstRequest) (stop func() error, err error) {
	raw, err := p.raw(ctx, request)
	if err != nil {
		return nil, err
	}
	server, err := url.Parse(p.HTTP)
	if err != nil {
		return nil, err
	}
	r := Repetition{Address: server.Host, Request: raw, Connections: neighbourClients}
	if request.accept != "" {
		r.ReadFor = int(streamTime.Milliseconds())
	}
	text, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, s.Program, RepeatCommand) //nolint:gosec // it is this program
	if nice, err := exec.LookPath("nice"); err == nil {
		command = exec.CommandContext(ctx, nice, "-n", "19", s.Program, RepeatCommand) //nolint:gosec // it is this program
	}
	in, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	stop = func() error {
		_ = in.Close() // it ends then
		return command.Wait()
	}
	if _, err = in.Write(append(text, '\n')); err == nil {
		_, err = bufio.NewReader(out).ReadString('\n')
	}
	if err != nil {
		_ = stop()
		return nil, fmt.Errorf("the requests of a neighbour did not begin: %w", err)
	}
	return stop, nil
}
