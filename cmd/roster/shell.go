package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// shell is what every command has at hand: the flags that all share, and where to
// write.
type shell struct {
	URL    serverURL `env:"ROSTER_URL" help:"Server to talk to, as http://127.0.0.1:8080; without it the one that runs on the data directory."`
	Key    string    `env:"ROSTER_KEY" help:"Key to show; without it the data directory's root key."`
	Data   string    `default:".roster" env:"ROSTER_DATA" placeholder:"DIR" help:"Data directory of a server on this machine; without it .roster."`
	Actor  string    `env:"ROSTER_ACTOR" placeholder:"USER" help:"User on whose behalf to act, under their rights; without it the system."`
	DryRun bool      `help:"With a command that changes an organization: only tell who would gain, lose or change what."`
	Output string    `default:"table" enum:"table,json" help:"How to print: table or json."`

	out, err io.Writer
}

// errNotDry says that a command has nothing to rehearse.
var errNotDry = errors.New("--dry-run is for commands that change an organization")

// client finds the server and its key, for a command that only asks.
func (sh *shell) client() (*client, error) {
	if sh.DryRun {
		return nil, errNotDry
	}
	return sh.connect()
}

// connect finds the server and its key.
func (sh *shell) connect() (*client, error) {
	c := &client{base: string(sh.URL), key: sh.Key, actor: sh.Actor}
	if c.base == "" {
		w, err := locate(sh.Data)
		if errors.Is(err, errNotServed) {
			return nil, &unreachableError{fmt.Errorf("%w: start one with `roster serve`, or name it with --url", err)}
		}
		if err != nil {
			return nil, err
		}
		c.base = w.HTTP
	}
	if c.key == "" {
		key, err := readKey(sh.Data)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no root key in %s: set ROSTER_KEY or --key, or name the data directory with --data", sh.Data)
		}
		if err != nil {
			return nil, err
		}
		c.key = key
	}
	return c, nil
}

// terminal tells whether a person watches what is written.
func terminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
