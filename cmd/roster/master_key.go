package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/seed-2026d078/roster/keyring"
)

// masterKeyFlags say where the master key comes from: a file, the environment or a command, and without any of them the
// file in the data directory.
type masterKeyFlags struct {
	MasterKeyFile    string `env:"ROSTER_MASTER_KEY_FILE" type:"path" placeholder:"FILE" help:"File with the master key, which wraps the keys to personal data: 32 bytes in base64 or hexadecimal, readable by its owner only. Without it ROSTER_MASTER_KEY holds the key, else master.key in the data directory, which the first start makes."`
	MasterKeyCommand string `env:"ROSTER_MASTER_KEY_COMMAND" placeholder:"CMD" help:"Command for the shell that prints the master key, such as one that asks a KMS, within 30 s."`
}

const (
	masterKeyVariable = "ROSTER_MASTER_KEY"
	masterKeyFile     = "master.key"
	newMasterKeyFile  = "master.key.new"
)

// masterKeySource is where a master key comes from. Exactly one of its fields is set.
type masterKeySource struct {
	file    string
	command string
	text    string // of the variable
	// variable is the name of the environment variable.
	variable string
	// own says that the file is the one in the data directory, which is made where there is none.
	own bool
}

// source returns the only source that the flags and the environment name, else the file in the data directory.
func (f masterKeyFlags) source(data string) (masterKeySource, error) {
	return oneSource(f.MasterKeyFile, f.MasterKeyCommand, masterKeyVariable, "--master-key-file", "--master-key-command",
		masterKeySource{file: filepath.Join(data, masterKeyFile), own: true})
}

// oneSource returns the only source that is named, else the other one.
func oneSource(file, command, variable, fileFlag, commandFlag string, other masterKeySource) (masterKeySource, error) {
	var named []string
	found := other
	if file != "" {
		named, found = append(named, fileFlag), masterKeySource{file: file}
	}
	if command != "" {
		named, found = append(named, commandFlag), masterKeySource{command: command}
	}
	if text, set := os.LookupEnv(variable); set {
		named, found = append(named, variable), masterKeySource{text: text, variable: variable}
	}
	if len(named) > 1 {
		return masterKeySource{}, fmt.Errorf("%s name a master key each: leave all but one out", strings.Join(named, " and "))
	}
	return found, nil
}

// String says where the master key comes from.
func (s masterKeySource) String() string {
	switch {
	case s.file != "":
		return "the file " + s.file
	case s.command != "":
		return "the command of --master-key-command" // its arguments may be secret
	}
	return s.variable
}

// load returns the master key; none if the file in the data directory is not there.
func (s masterKeySource) load(ctx context.Context) (keyring.MasterKey, error) {
	text := s.text
	var err error
	switch {
	case s.file != "":
		text, err = readMasterKeyFile(s.file)
		if s.own && errors.Is(err, fs.ErrNotExist) {
			return keyring.MasterKey{}, nil
		}
	case s.command != "":
		text, err = runMasterKeyCommand(ctx, s.command)
	}
	if err != nil {
		return keyring.MasterKey{}, err
	}
	key, err := keyring.ParseMasterKey(text)
	if err != nil {
		return keyring.MasterKey{}, fmt.Errorf("the master key of %s: %w", s, err)
	}
	return key, nil
}

// readMasterKeyFile reads a file that its owner alone may read.
func readMasterKeyFile(name string) (string, error) {
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("the file of the master key is not there: bring it back; for a new server, make one "+
			"that only its owner can read (umask 077; openssl rand -base64 32 >%s): %w", name, err)
	}
	if err != nil {
		return "", err
	}
	const others = 0o077
	if mode := info.Mode().Perm(); info.Mode().IsRegular() && mode&others != 0 {
		return "", fmt.Errorf("others can read the master key in %s (its mode is %v), which opens all personal data: make it private (chmod 600 %s), "+
			"and if somebody may have read it, replace it with `roster keys rotate-master`", name, mode, name)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return "", fmt.Errorf("read the master key: %w", err)
	}
	return string(text), nil
}

// makeMasterKeyFile makes a file with a new master key, which must not be there yet.
func makeMasterKeyFile(name string) (keyring.MasterKey, error) {
	if _, err := os.Lstat(name); !errors.Is(err, fs.ErrNotExist) {
		return keyring.MasterKey{}, fmt.Errorf("%s is there already (%w)", name, err)
	}
	key, text := keyring.NewMasterKey()
	return key, write(name, text+"\n")
}

// masterKey is a master key and where it comes from.
type masterKey struct {
	masterKeySource

	key keyring.MasterKey // zero if the file in the data directory is not there
}

// masterKey returns the master key that the flags and the environment name, else that of the data directory.
func (f masterKeyFlags) masterKey(ctx context.Context, data string) (m masterKey, err error) {
	if m.masterKeySource, err = f.source(data); err == nil {
		m.key, err = m.load(ctx)
	}
	return m, err
}

// complete makes the file in the data directory if there is none and nothing is wrapped yet. It logs which master key is used.
func (m *masterKey) complete(ctx context.Context, wrappedBy string, log *slog.Logger) error {
	if m.key.IsZero() {
		if wrappedBy != "" {
			return m.explain(&keyring.MasterKeyError{WrappedBy: wrappedBy})
		}
		var err error
		if m.key, err = makeMasterKeyFile(m.file); err != nil {
			return err
		}
		log.InfoContext(ctx, "a master key is made; whoever loses it loses all names and addresses: keep a copy, apart from those of the data", "file", m.file)
	}
	log.InfoContext(ctx, "the keys to personal data are wrapped by a master key", "id", m.key.ID(), "from", m.masterKeySource)
	return nil
}

// explain says of an error about the master key what to do. Every other error stays as it is.
func (s masterKeySource) explain(err error) error {
	wrong, is := errors.AsType[*keyring.MasterKeyError](err)
	if !is {
		return err
	}
	switch {
	case wrong.Replaces != "":
		return &refusedError{fmt.Errorf("%w: a change of the master key was interrupted; complete it with `roster keys rotate-master`, with the same keys as before", wrong)}
	case wrong.Given == "":
		return &refusedError{fmt.Errorf("%w: bring back %s, or say with --master-key-file, --master-key-command or %s where it is. "+
			"Of several nodes, all need the same one. Nobody can read the names and addresses without it", wrong, s.file, masterKeyVariable)}
	}
	return &refusedError{fmt.Errorf("%w (%s): bring back the right one. Of several nodes, all need the same one: copy it from a node that works. "+
		"If `roster keys rotate-master` was interrupted, repeat it", wrong, s)}
}
