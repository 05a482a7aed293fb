package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/seed-2026d078/roster/client"
	"github.com/seed-2026d078/roster/internal/subscriber"
	"github.com/seed-2026d078/roster/natsserver"
)

// subscriberCmd is about other services that read the feed.
type subscriberCmd struct {
	Create subscriberCreateCmd `cmd:"" help:"Let a service read the feed, and write its credentials to a file."`
	List   noArguments         `cmd:"" lists:"list_subscribers" columns:"SUBSCRIBER=name ORGANIZATIONS=organizations ALL=all PENDING=durable.pending UNACKNOWLEDGED=durable.unacknowledged REDELIVERED=durable.redelivered ACTIVE=durable.active LOST=durable.lost CREATED=created ROTATED=rotated KEY=public_key" help:"List who may read the feed, and how many messages each was not sent yet."`
	Show   subscriberArg       `cmd:"" shows:"get_subscriber" help:"Show who may read the feed, and where its durable consumer is."`
	Rotate subscriberRotateCmd `cmd:"" help:"Give a service another key, and write its credentials to a file. Those before are good for nothing at once."`
	Revoke subscriberRevokeCmd `cmd:"" asks:"" help:"Let a service read the feed no more. Its connections end within a second."`
	Config subscriberConfigCmd `cmd:"" help:"Print what lets all subscribers in to a NATS server of one's own, for its configuration."`
}

// subscriberArg names a subscriber.
type subscriberArg struct {
	Subscriber string `arg:"" help:"Its name." json:"subscriber"`
}

// credentialsFile is where the credentials of a subscriber are written.
type credentialsFile struct {
	Out     string `required:"" type:"path" placeholder:"FILE" help:"File for the credentials, which every NATS client reads; only its owner can read it." json:"-"`
	Replace bool   `help:"Write over the file if it is there." json:"-"`
}

type subscriberCreateCmd struct {
	Name          string         `arg:"" help:"Its name: a small letter, and up to 31 more small letters, digits and underscores." json:"name"`
	Organizations []organization `name:"org" placeholder:"ID" help:"An organization that it may read; name several by repeating it. Without it all, also later ones." json:"organizations,omitempty"`
	PublicKey     string         `kong:"-" json:"public_key"`
	credentialsFile
}

// Run creates the subscriber.
func (c *subscriberCreateCmd) Run(ctx context.Context, sh *shell) error {
	return c.write(ctx, sh, "create_subscriber", &c.PublicKey, c)
}

type subscriberRotateCmd struct {
	subscriberArg
	PublicKey string `kong:"-" json:"public_key"`
	credentialsFile
}

// Run gives the subscriber another key.
func (c *subscriberRotateCmd) Run(ctx context.Context, sh *shell) error {
	return c.write(ctx, sh, "rotate_subscriber", &c.PublicKey, c)
}

// subscriberAccess is what a server answers about a subscriber that has a new key.
type subscriberAccess struct {
	Name          string   `json:"name"`
	Organizations []string `json:"organizations,omitempty"`
	PublicKey     string   `json:"public_key"`
	JWT           string   `json:"jwt"`
	NATS          string   `json:"nats,omitzero"`
}

// write makes a key, whose public half goes to the server with the verb, and writes the file. The other half
// is nowhere else.
func (f *credentialsFile) write(ctx context.Context, sh *shell, operation string, public *string, verb any) error {
	if _, err := os.Lstat(f.Out); !f.Replace && !errors.Is(err, fs.ErrNotExist) {
		return &refusedError{fmt.Errorf("%s is there, and nothing was done: name another file with --out, or write over it with --replace", f.Out)}
	}
	file, err := os.CreateTemp(filepath.Dir(f.Out), ".roster-*") // nobody else can read it
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(file.Name()) }() // once it has its name, it is not there
	defer file.Close()
	seed, key, err := subscriber.NewKey()
	if err != nil {
		return err
	}
	*public = key
	var access subscriberAccess
	if err := sh.give(ctx, operation, verb, &access); err != nil {
		return err
	}
	text, err := subscriber.Credentials(access.JWT, seed)
	if err == nil {
		_, err = file.WriteString(text)
	}
	if err == nil {
		err = errors.Join(file.Sync(), file.Close())
	}
	if err == nil {
		err = f.put(file.Name())
	}
	if err != nil {
		return fmt.Errorf("subscriber %s is there, but its credentials are not written: %w: write others with `roster subscriber rotate %s --out FILE`", access.Name, err, access.Name)
	}
	if sh.Output == "json" {
		return printJSON(sh.out, access)
	}
	may := "every organization"
	if len(access.Organizations) > 0 {
		may = strings.Join(access.Organizations, ", ")
	}
	fmt.Fprintf(sh.out, "%s may read %s. Its credentials are in %s\n", access.Name, may, f.Out)
	if access.NATS != "" {
		fmt.Fprintf(sh.out, "It connects to %s\n", access.NATS)
	}
	return nil
}

// put gives a file its name.
func (f *credentialsFile) put(file string) error {
	if f.Replace {
		return os.Rename(file, f.Out)
	}
	return os.Link(file, f.Out) // fails if it is there
}

type subscriberRevokeCmd struct{ subscriberArg }

// Run revokes the subscriber.
func (c *subscriberRevokeCmd) Run(ctx context.Context, sh *shell) error {
	var revoked subscriberAccess
	if err := sh.give(ctx, "revoke_subscriber", c, &revoked); err != nil {
		return err
	}
	if sh.Output == "json" {
		return printJSON(sh.out, revoked)
	}
	fmt.Fprintf(sh.out, "%s reads the feed no more. If it connects to a NATS server of your own, give that server what `roster subscriber config` prints now.\n", revoked.Name)
	return nil
}

type subscriberConfigCmd struct {
	Account string `default:"ROSTER" help:"Account that Roster uses on that server."`
	Domain  string `help:"JetStream domain of that server, if it has one."`

	NoSubscribers bool `help:"Let in only Roster, without asking it who else: for the first start of that server, before Roster runs."`
}

// Help is printed with the command's flags.
func (subscriberConfigCmd) Help() string {
	return `Include the file in the configuration of the server, and let the server read it anew after each change of subscribers, twice after one was created:

    roster subscriber config > accounts.conf
    nats-server --signal reload

Before that server and Roster have run, --no-subscribers prints what Roster needs to start with it.

Roster connects as the user roster, with the password that the server has in ROSTER_NATS_PASSWORD.`
}

// Run prints the accounts.
func (c *subscriberConfigCmd) Run(ctx context.Context, sh *shell) error {
	all, err := c.subscribers(ctx, sh)
	if err != nil {
		return err
	}
	return natsserver.WriteAccounts(sh.out, natsserver.AccountsConfig{Account: c.Account, Domain: c.Domain, Subscribers: natsSubscribers(all)})
}

// subscribers returns those that are to be let in.
func (c *subscriberConfigCmd) subscribers(ctx context.Context, sh *shell) (all []subscriber.Subscriber, err error) {
	if c.NoSubscribers {
		return nil, nil
	}
	server, err := sh.client()
	if errors.Is(err, errNotServed) {
		return nil, fmt.Errorf("%w, or, where none has run yet, use --no-subscribers", err)
	}
	if err != nil {
		return nil, err
	}
	for one, err := range client.List[subscriberAccess](ctx, server, "list_subscribers", noArguments{}) {
		if err != nil {
			return nil, err
		}
		all = append(all, subscriber.Subscriber{Name: one.Name, PublicKey: one.PublicKey})
	}
	return all, nil
}
