package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/seed-2026d078/roster/internal/phrase"
	"github.com/seed-2026d078/roster/keyring"
)

// keysCmd is what can be done with the keys to personal data.
type keysCmd struct {
	RotateMaster rotateMasterCmd `cmd:"" help:"Wrap the keys to personal data by another master key."`
}

// rotateMasterCmd wraps all keys by another master key.
type rotateMasterCmd struct {
	masterKeyFlags

	NATS                natsURL `name:"nats" placeholder:"URL" help:"NATS server that keeps the keys; without it that of the data directory."`
	NewMasterKeyFile    string  `type:"path" placeholder:"FILE" help:"File with the new master key."`
	NewMasterKeyCommand string  `placeholder:"CMD" help:"Command that prints the new master key."`
}

// newMasterKeyVariable is the variable of the environment with the new master key.
const newMasterKeyVariable = "ROSTER_NEW_MASTER_KEY"

// Help is printed with the command's flags.
func (rotateMasterCmd) Help() string {
	return `Stop every server first. The present master key comes from where serve has it. The new one comes from --new-master-key-file,
--new-master-key-command or ROSTER_NEW_MASTER_KEY. Without any of them a new one is made, which takes the place
of master.key in the data directory.

If it is interrupted, give the same command again. Keep both master keys until it has ended; then the former one opens
nothing but older backups. Once it is destroyed, these hold no name and no address that anybody can read.`
}

// Run wraps the keys and prints how many.
func (c *rotateMasterCmd) Run(ctx context.Context, sh *shell) (err error) {
	defer func() { err = explainFullDisk(sh.Data, err) }()
	source, err := c.source(sh.Data)
	if err != nil {
		return err
	}
	next, err := oneSource(c.NewMasterKeyFile, c.NewMasterKeyCommand, newMasterKeyVariable, "--new-master-key-file", "--new-master-key-command",
		masterKeySource{file: filepath.Join(sh.Data, newMasterKeyFile), own: true})
	if err != nil {
		return err
	}
	if next.own && !source.own {
		return fmt.Errorf("the present master key comes from %s, so say where the new one is: --new-master-key-file, --new-master-key-command or %s",
			source, newMasterKeyVariable)
	}
	s, err := openServers(sh, endpoints{NATS: string(c.NATS)})
	if err != nil {
		return err
	}
	defer s.close()
	if s.directory == nil {
		return &refusedError{fmt.Errorf("a server runs on %s: stop it, and every other node, then try again", s.dir)}
	}
	former, err := source.load(ctx)
	if err != nil {
		return err
	}
	broker, err := s.broker(keyring.StreamName)
	if err != nil {
		return err
	}
	defer broker.close()
	by, err := keyring.WrappedBy(ctx, broker.commands)
	switch {
	case errors.Is(err, keyring.ErrNoKeys):
		return &refusedError{fmt.Errorf("%w: start `roster serve` on its data, or bring back the newest copy", err)}
	case err == nil && by == "":
		return errNotWrapped
	case err != nil:
		return err
	case former.IsZero():
		return source.explain(&keyring.MasterKeyError{WrappedBy: by})
	}
	key, err := next.loadNew(ctx)
	if err != nil {
		return err
	}
	shown := newProgress(sh.err, "wrapping")
	count, err := keyring.RotateMasterKey(ctx, broker.commands, former, key, shown.keys)
	shown.finish()
	if errors.Is(err, keyring.ErrNotWrapped) {
		return errNotWrapped
	}
	if err != nil {
		return source.explain(err)
	}
	if next.own {
		if err := next.replace(source); err != nil {
			return err
		}
		next = source
	} else if source.own {
		fmt.Fprintf(sh.err, "Start every server with the new master key from now on, and move %s away.\n", source.file)
	}
	fmt.Fprintf(sh.out, "Wrapped by the new master key, %s, from %s: %s. The former one, %s, opens older backups, and nothing else.\n",
		key.ID(), next, phrase.Count(count, "entry", "entries"), former.ID())
	return nil
}

var errNotWrapped = &refusedError{fmt.Errorf("%w: `roster serve` wraps them when it starts", keyring.ErrNotWrapped)}

// loadNew returns the new master key. It makes the file in the data directory, unless it is there since the last time.
func (s masterKeySource) loadNew(ctx context.Context) (keyring.MasterKey, error) {
	key, err := s.load(ctx)
	if err == nil && key.IsZero() {
		return makeMasterKeyFile(s.file)
	}
	return key, err
}

// replace gives the file of the new master key the place of the former one.
func (s masterKeySource) replace(former masterKeySource) error {
	err := os.Rename(s.file, former.file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return errors.Join(err, syncDirectory(filepath.Dir(former.file)))
}

// keys shows how many keys are wrapped.
func (p *progress) keys(done, total int) {
	p.show(int64(done), int64(total), phrase.Count(done, "key", "keys"))
}
