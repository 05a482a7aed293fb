package postgres

import (
	"errors"
	"fmt"
	"os"
	"os/user"
)

// The files by which a server decides who may connect, and as whom.
const (
	admissionFile = "pg_hba.conf"
	usersFile     = "pg_ident.conf"
)

// admitOwner lets processes of this process's user connect, and no others: the server asks the
// kernel who is at the other end of the socket. Where root runs the server as another user,
// processes of that user get no answer. It is done at each start, so clusters that were made to
// let in everybody no longer do.
func (c *Cluster) admitOwner() error {
	owner, err := user.Current()
	if err != nil {
		return err
	}
	data, err := os.OpenRoot(c.data)
	if err != nil {
		return err
	}
	defer data.Close()
	return errors.Join(
		c.replace(data, admissionFile, "local all "+superuser+" peer map="+superuser+"\n"),
		c.replace(data, usersFile, fmt.Sprintf("%s %q %s\n", superuser, owner.Username, superuser)),
	)
}

// replace writes a file of the data directory for the server to read. A start that is cut off
// leaves the old one, or the new one whole.
func (c *Cluster) replace(data *os.Root, name, text string) error {
	incomplete := name + ".new"
	if err := data.Remove(incomplete); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := data.WriteFile(incomplete, []byte(text), 0o600); err != nil {
		return err
	}
	if c.account.credential != nil {
		if err := data.Lchown(incomplete, int(c.account.credential.Uid), int(c.account.credential.Gid)); err != nil {
			return err
		}
	}
	return data.Rename(incomplete, name)
}
