package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"strings"

	"github.com/seed-2026d078/roster/client"
)

// shell holds what every verb uses: the common flags, and the outputs.
type shell struct {
	URL        serverURL  `env:"ROSTER_URL" help:"Server to talk to, as http://127.0.0.1:8080; without it the one that runs on the data directory."`
	Key        string     `env:"ROSTER_KEY" help:"Key to show; without it the data directory's root key."`
	Data       string     `default:".roster" env:"ROSTER_DATA" placeholder:"DIR" help:"Data directory of a server on this machine; without it .roster."`
	Actor      actor      `env:"ROSTER_ACTOR" placeholder:"USER" help:"User who acts, with their rights; without it the system."`
	OnBehalfOf onBehalfOf `env:"ROSTER_ON_BEHALF_OF" placeholder:"USER" help:"User for whom the actor acts, such as the customer whom a support agent helps; it is recorded, and gives no rights."`
	DryRun     bool       `help:"With a command that changes an organization: change nothing, print who would gain or lose what."`
	Output     string     `default:"table" enum:"table,json" help:"How to print: table or json."`
	Yes        bool       `short:"y" help:"Do not ask before something is removed."`

	ShowVersion versionFlag `name:"version" help:"Print the version of this program."`

	in       io.Reader
	out, err io.Writer
}

// client finds the server and its key.
func (sh *shell) client() (*client.Client, error) {
	address, key := string(sh.URL), sh.Key
	if address == "" {
		here, err := locate(sh.Data)
		if errors.Is(err, errNotServed) {
			return nil, &unreachableError{fmt.Errorf("%w: start one with `roster serve`, or name it with --url", err)}
		}
		if err != nil {
			return nil, err
		}
		address = here.HTTP
	}
	if key == "" {
		var err error
		key, err = readKey(sh.Data)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no root key in %s: set ROSTER_KEY or --key, or name the data directory with --data", sh.Data)
		}
		if err != nil {
			return nil, err
		}
	}
	return client.New(address, key, client.As(string(sh.Actor)), client.OnBehalfOf(string(sh.OnBehalfOf))), nil
}

// actor is the user who acts in a command line; its zero value is the system.
type actor string

// UnmarshalText refuses an empty name, which is more likely a variable without a value than
// the wish to act as the system.
func (a *actor) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		return errors.New("names nobody: name a user, or leave --actor and ROSTER_ACTOR out to act as the system")
	}
	*a = actor(text)
	return nil
}

// onBehalfOf is the user for whom the actor acts; its zero value is nobody else.
type onBehalfOf string

// UnmarshalText refuses an empty name, as that of [actor] does.
func (o *onBehalfOf) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		return errors.New("names nobody: name a user, or leave --on-behalf-of and ROSTER_ON_BEHALF_OF out")
	}
	*o = onBehalfOf(text)
	return nil
}

// organization is the id of an organization; its zero value is none, or all.
type organization string

// UnmarshalText refuses an empty id: where no organization means all, a variable without a
// value must not.
func (o *organization) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		return errors.New("names no organization: name one, or leave --org and ROSTER_ORG out")
	}
	*o = organization(text)
	return nil
}

// serverURL is the address of a server; its zero value is none.
type serverURL string

// UnmarshalText reads an http or https address.
func (u *serverURL) UnmarshalText(text []byte) error {
	named := strings.TrimRight(string(text), "/")
	if named != "" && !strings.HasPrefix(named, "http://") && !strings.HasPrefix(named, "https://") {
		return fmt.Errorf("%q lacks http:// or https://: write it as in http://127.0.0.1:8080", named)
	}
	if _, err := url.Parse(named); err != nil { // which prints all of it, a password in it, too
		return errors.New("is no URL: write it as in http://127.0.0.1:8080")
	}
	*u = serverURL(named)
	return nil
}

// natsURL is the address of a NATS server, or those of several with commas between them; its zero value is none. No error prints it, since it may
// hold a password.
type natsURL string

// UnmarshalText reads addresses as NATS clients do.
func (u *natsURL) UnmarshalText(text []byte) error {
	for address := range strings.SplitSeq(string(text), ",") {
		address = strings.TrimSpace(address)
		if !strings.Contains(address, "://") {
			address = "nats://" + address
		}
		if _, err := url.Parse(address); err != nil {
			return errors.New("is no URL: write it as in nats://user:password@127.0.0.1:4222, with %25 for a % in the password, %2F for a / and %40 for an @")
		}
	}
	*u = natsURL(text)
	return nil
}

// organizationFlag is the flag of verbs about something in an organization.
type organizationFlag struct {
	Org organization `required:"" env:"ROSTER_ORG" placeholder:"ID" help:"The organization." json:"org"`
}

// atFlag is the flag of questions that can be about the past.
type atFlag struct {
	At past `placeholder:"TIME" help:"A past moment: ${past}; without it now." json:"at,omitzero"`
	formerFlag
}

// formerFlag is the flag of questions about history.
type formerFlag struct {
	Former bool `help:"As the system: also what an earlier organization or project with the same id was." json:"former,omitzero"`
}

// termFlags are the flags of commands that may give something a start and an end.
type termFlags struct {
	From start `placeholder:"TIME" help:"When it starts: ${end}; or now, as without it." json:"from,omitzero"`
	untilFlag
}

// untilFlag is the flag of commands that may give something an end.
type untilFlag struct {
	Until instant `placeholder:"TIME" help:"When it ends: ${end}; without it never." json:"until,omitzero"`
}

// newStart is the flag of commands that change a start.
type newStart struct {
	From start `required:"" placeholder:"TIME" help:"When it starts: ${end}; or now." json:"from,omitzero"`
}

// newEnd is the flag of commands that change an end.
type newEnd struct {
	Until instant `required:"" placeholder:"TIME" help:"When it ends: ${end}; or never." json:"until,omitzero"`
}

// levelFlag is the flag of commands that give somebody levels.
type levelFlag struct {
	Level map[string]string `placeholder:"PERMISSION=LEVEL" help:"Level of a permission, where the role leaves it to the person; may be given several times." json:"levels,omitzero"`
}

// newLevels is the flag of commands that change somebody's own levels.
type newLevels struct {
	Level map[string]string `placeholder:"PERMISSION=LEVEL" help:"Level of a permission; may be given several times. What is not named is at its lowest; with none at all the role alone counts." json:"levels"`
	Merge bool              `help:"Change only the levels that are named." json:"merge,omitzero"`
}

// searchFlag is the flag of lists of people.
type searchFlag struct {
	Search string `help:"Part of a name, login, address or external id." json:"search,omitzero"`
}
