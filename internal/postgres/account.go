package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// account is the operating system user that PostgreSQL runs as. The zero value is
// the user of this process. PostgreSQL refuses to run as root, so a process of root
// runs it as another user.
type account struct{ credential *syscall.Credential }

// accountFor returns the owner of the data directory. Where root owns it, or where
// there is none yet, it returns the user postgres, or else nobody.
func accountFor(data string) (account, error) {
	if os.Geteuid() != 0 {
		return account{}, nil
	}
	var info syscall.Stat_t
	if err := syscall.Stat(data, &info); err == nil && info.Uid != 0 {
		return account{&syscall.Credential{Uid: info.Uid, Gid: info.Gid}}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(found.Uid, 10, 32)
		if err != nil {
			return account{}, err
		}
		gid, err := strconv.ParseUint(found.Gid, 10, 32)
		if err != nil {
			return account{}, err
		}
		return account{&syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
	}
	return account{}, errors.New("PostgreSQL does not run as root, and there is no user postgres or nobody " +
		"to run it as: add one, or run as another user")
}

// command prepares a program to run as the account. Signals of the terminal do not
// reach it, and it does not see settings of PostgreSQL or of Roster in the environment.
func (a account) command(ctx context.Context, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, args...) //nolint:gosec // one of the programs of PostgreSQL that were found
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = shutdownTimeout
	cmd.Dir = "/"
	cmd.Env = slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return strings.HasPrefix(variable, "PG") || strings.HasPrefix(variable, "ROSTER_") || // which may be secret strings.HasPrefix(variable, "LANG") ||
			strings.HasPrefix(variable, "LC_")
	})
	cmd.Env = append(cmd.Env, "LC_ALL=C", "TZ=UTC")
	cmd.SysProcAttr = attributes(a.credential)
	return cmd
}

// commandOn prepares a program that works on the data directory. Another account
// gets the directory as an open file descriptor, so it needs no access to the
// directories above.
func (a account) commandOn(ctx context.Context, data, program string, args ...string) (*exec.Cmd, error) {
	if a.credential == nil || runtime.GOOS != "linux" {
		return a.command(ctx, program, append([]string{"-D", data}, args...)...), nil
	}
	dir, err := os.Open(data)
	if err != nil {
		return nil, err
	}
	cmd := a.command(ctx, program, append([]string{"-D", "/proc/self/fd/3"}, args...)...)
	cmd.ExtraFiles = []*os.File{dir} // the first is descriptor 3
	return cmd, nil
}

// takeOwnership makes the directory, with everything in it, private to the account.
func (a account) takeOwnership(dir string) error {
	if err := os.Chmod(dir, 0o700); err != nil {
		return fmt.Errorf("%s belongs to another user: run as that one: %w", dir, err)
	}
	var info syscall.Stat_t
	if err := syscall.Stat(dir, &info); err != nil {
		return err
	}
	if a.credential == nil || info.Uid == a.credential.Uid {
		return nil
	}
	uid, gid := int(a.credential.Uid), int(a.credential.Gid)
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	err = fs.WalkDir(root.FS(), ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return root.Lchown(path, uid, gid)
	})
	if err != nil {
		return fmt.Errorf("give away what is in %s: %w", dir, err)
	}
	return nil
}
