package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/go-json-experiment/json"
)

// startTime bounds the start of a server process, which may have a ledger to load.
const startTime = 2 * time.Minute

// process is `roster serve` as a process of its own, with its private servers.
type process struct {
	command *exec.Cmd
	ended   chan struct{} // closed when it has ended
	key     string
	// The rest is what the process writes about itself into its data directory.
	HTTP     string `json:"http"`
	Database string `json:"database"`
}

// serve starts the program on a data directory and waits until it serves.
func (s *setup) serve(ctx context.Context, data string) (*process, error) {
	p := &process{command: exec.CommandContext(ctx, s.Program, "serve", "--data", data, "--listen", "127.0.0.1:0"), ended: make(chan struct{})} //nolint:gosec // it is this program
	p.command.Cancel = func() error { return p.command.Process.Signal(syscall.SIGTERM) }
	p.command.WaitDelay = stopTime
	var log bytes.Buffer
	p.command.Stderr = &log
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(p.ended)
		_ = p.command.Wait() // why it ended is in the log
	}()
	s.cleanup(p.stop)
	for deadline := time.Now().Add(startTime); ; time.Sleep(10 * time.Millisecond) {
		text, err := os.ReadFile(filepath.Join(data, "serve.json"))
		switch {
		case err == nil:
			key, err := os.ReadFile(filepath.Join(data, "root.key"))
			p.key = strings.TrimSpace(string(key))
			return p, errors.Join(err, json.Unmarshal(text, p))
		case !errors.Is(err, fs.ErrNotExist):
			return nil, err
		case time.Now().After(deadline):
			return nil, errors.New("the server did not start in time")
		}
		select {
		case <-p.ended:
			return nil, fmt.Errorf("the server ended at once: %s", log.String())
		default:
		}
	}
}

// stop ends the process and waits for that.
func (p *process) stop() {
	_ = p.command.Process.Signal(syscall.SIGTERM) // fails only if it has ended
	<-p.ended
}

// processAnswer is what the server answers a request.
type processAnswer struct {
	status   int
	position string
	text     []byte
}

// do sends a request with some headers, on behalf of the system unless these say otherwise.
func (p *process) do(ctx context.Context, method, path string, body []byte, header http.Header) (processAnswer, error) {
	request, err := http.NewRequestWithContext(ctx, method, p.HTTP+path, bytes.NewReader(body))
	if err != nil {
		return processAnswer{}, err
	}
	maps.Copy(request.Header, header)
	request.Header.Set("Authorization", "Bearer "+p.key)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return processAnswer{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return processAnswer{response.StatusCode, response.Header.Get("Roster-Position"), text}, err
}

// succeed sends a request on behalf of the system, which must succeed.
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
	own = proportional(p.command.Process.Pid)
	for _, child := range childrenOf(p.command.Process.Pid) {
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
