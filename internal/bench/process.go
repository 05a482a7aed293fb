package bench

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/seed-2026d078/roster/internal/serverprocess"
)

// process is `roster serve` as a process of its own, with its private servers.
type process struct{ *serverprocess.Process }

// serve starts the program on a data directory until the end of the measurement, or until it is stopped.
func (s *setup) serve(ctx context.Context, data string, flags ...string) (*process, error) {
	server, err := serverprocess.Start(ctx, s.Program, data, flags...)
	if err != nil {
		return nil, err
	}
	s.cleanup(server.Stop)
	return &process{server}, nil
}

// processAnswer is what the server answers a request.
type processAnswer struct {
	status   int
	position string
	text     []byte
}

// request returns a request with some headers, as the system unless these say otherwise.
func (p *process) request(ctx context.Context, method, path string, body []byte, header http.Header) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, method, p.HTTP+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	maps.Copy(request.Header, header)
	request.Header.Set("Authorization", "Bearer "+p.Key)
	request.Header.Set("Content-Type", "application/json")
	return request, nil
}

// do sends a request and reads the answer.
func (p *process) do(ctx context.Context, method, path string, body []byte, header http.Header) (processAnswer, error) {
	request, err := p.request(ctx, method, path, body, header)
	if err != nil {
		return processAnswer{}, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return processAnswer{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return processAnswer{response.StatusCode, response.Header.Get("Roster-Position"), text}, err
}

// succeed sends a request as the system, which must succeed.
func (p *process) succeed(ctx context.Context, method, path, body string) error {
	answer, err := p.do(ctx, method, path, []byte(body), nil)
	if err == nil && answer.status >= http.StatusMultipleChoices {
		err = fmt.Errorf("%d: %s", answer.status, answer.text)
	}
	return err
}

// resident returns the resident memory of the process, in MB, and that of its
// descendants, which are those of the private Postgres. Memory that several of them
// share counts once. It is zero on systems other than Linux.
func (p *process) resident() (own, descendants float64) {
	own = proportional(p.PID)
	for _, child := range childrenOf(p.PID) {
		descendants += proportionalTree(child)
	}
	return own, descendants
}

func proportionalTree(pid int) float64 {
	sum := proportional(pid)
	for _, child := range childrenOf(pid) {
		sum += proportionalTree(child)
	}
	return sum
}

// childrenOf returns the processes that a process has started.
func childrenOf(pid int) (children []int) {
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid)) // the pattern is well formed
	for _, name := range threads {
		text, _ := os.ReadFile(name) // it has ended meanwhile
		for field := range strings.FieldsSeq(string(text)) {
			child, err := strconv.Atoi(field)
			if err == nil {
				children = append(children, child)
			}
		}
	}
	return children
}

// proportional returns the resident memory of one process, in MB. What it shares with
// others is divided among them.
func proportional(pid int) float64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid)) // it has ended meanwhile
	for line := range strings.Lines(string(text)) {
		if size, found := strings.CutPrefix(line, "Pss:"); found {
			kilobytes, _ := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(size), "kB")), 64)
			return kilobytes * 1024 / 1e6
		}
	}
	return 0
}
