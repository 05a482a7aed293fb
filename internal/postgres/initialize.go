package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// dataVersion returns the major version of the PostgreSQL that made a data directory;
// 0 means that there is no data yet.
func dataVersion(data string) (int, error) {
	content, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	// Before version 10 the major version had two parts, as in 9.6.
	major, _, _ := strings.Cut(strings.TrimSpace(string(content)), ".")
	return strconv.Atoi(major)
}

// requireControlFile fails if the file is gone without which no PostgreSQL starts on the data.
func requireControlFile(data string) error {
	_, err := os.Stat(filepath.Join(data, "global", "pg_control"))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is damaged, its global/pg_control is gone: move the directory %s away; it is rebuilt from the ledger at the next start, "+
			"but for which notifications were shown and acknowledged", data, filepath.Dir(data))
	}
	return err
}

// initialize makes the data directory. It makes it under another name first, so that
// an interrupted start leaves no half-made directory behind.
func (c *Cluster) initialize(ctx context.Context) error {
	if others, err := os.ReadDir(c.data); err == nil && len(others) > 0 {
		return fmt.Errorf("%s holds something other than PostgreSQL's data, move it away", c.data)
	}
	c.log.InfoContext(ctx, "making a PostgreSQL cluster", "version", c.programs.major, "dir", c.data)
	incomplete := c.data + ".new"
	var err error
	// Text is sorted by bytes. Which characters are letters comes from a UTF-8
	// locale, whose name depends on the system.
	for _, ctype := range []string{"C.UTF-8", "en_US.UTF-8", "C"} {
		if err = os.RemoveAll(incomplete); err != nil {
			return err
		}
		if err = os.Mkdir(incomplete, 0o700); err != nil {
			return err
		}
		if err = c.account.takeOwnership(incomplete); err != nil {
			return err
		}
		if err = c.initdb(ctx, incomplete, ctype); err == nil {
			return moveIntoPlace(incomplete, c.data)
		}
		if ctx.Err() != nil {
			break
		}
	}
	return errors.Join(err, os.RemoveAll(incomplete))
}

// initdb fills dir. Nobody may connect yet: see admitOwner.
func (c *Cluster) initdb(ctx context.Context, dir, ctype string) error {
	args := []string{
		"--username=" + superuser, "--auth=reject", "--encoding=UTF8", "--data-checksums",
		"--locale-provider=libc", "--locale=C", "--lc-ctype=" + ctype, "--no-instructions",
	}
	if c.disposable {
		args = append(args, "--no-sync")
	}
	cmd, err := c.account.commandOn(ctx, dir, c.programs.path("initdb"), args...)
	if err != nil {
		return err
	}
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	program, err := startProcess(cmd)
	if err != nil {
		return err
	}
	<-program.done
	if program.err != nil {
		return fmt.Errorf("initdb: %w\n%s", errors.Join(program.err, ctx.Err()), lastLines(output.Bytes()))
	}
	return nil
}

// moveIntoPlace gives the finished directory its name and syncs the rename.
func moveIntoPlace(incomplete, data string) error {
	if err := os.Rename(incomplete, data); err != nil {
		return err
	}
	parent, err := os.Open(filepath.Dir(data))
	if err != nil {
		return err
	}
	return errors.Join(parent.Sync(), parent.Close())
}
